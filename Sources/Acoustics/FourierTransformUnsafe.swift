import CFFTW

/// FFTW's planner is not safe to call from two threads, its execution is. Other modules plan too, so
/// that the lock must be FFTW's own: this call puts one around every planner.
private let plannerIsThreadSafe: Void = fftwf_make_planner_thread_safe()

/// Real transforms of one length in single precision, on buffers of its own.
///
/// Plans are estimated, not measured, so that the same input gives the same bytes in every run.
final class FourierTransform {
    let length: Int
    /// `length` samples, in and out.
    let samples: AlignedBuffer
    /// `length / 2 + 1` complex numbers, real and imaginary parts in turn.
    let spectrum: AlignedBuffer
    private let forwardPlan: fftwf_plan
    private let inversePlan: fftwf_plan

    var bins: Int { length / 2 + 1 }

    init(length: Int) {
        self.length = length
        samples = AlignedBuffer(capacity: length)
        spectrum = AlignedBuffer(capacity: 2 * (length / 2 + 1))
        _ = plannerIsThreadSafe
        let bins = UnsafeMutableRawPointer(spectrum.base)
            .assumingMemoryBound(to: fftwf_complex.self)
        // FFTW_ESTIMATE is a macro that Swift cannot see: 1 << 6.
        let estimate: UInt32 = 64
        guard
            let forward = fftwf_plan_dft_r2c_1d(Int32(length), samples.base, bins, estimate),
            let inverse = fftwf_plan_dft_c2r_1d(Int32(length), bins, samples.base, estimate)
        else { fatalError("FFTW has no plan for a real transform of \(length) samples") }
        forwardPlan = forward
        inversePlan = inverse
    }

    deinit {
        fftwf_destroy_plan(forwardPlan)
        fftwf_destroy_plan(inversePlan)
    }

    /// `spectrum` = transform of `samples`.
    func forward() { fftwf_execute(forwardPlan) }

    /// `samples` = `length` times the inverse transform of `spectrum`, which is destroyed.
    func inverse() { fftwf_execute(inversePlan) }

    /// The least good length from `count` up: 2^n, or 3 or 5 times a power of two. Few lengths, so
    /// that few plans are made.
    static func goodLength(_ count: Int) -> Int {
        var power = 64
        while power < count { power *= 2 }
        for candidate in [power / 8 * 5, power / 4 * 3, power] where candidate >= count {
            return candidate
        }
        return power
    }
}
