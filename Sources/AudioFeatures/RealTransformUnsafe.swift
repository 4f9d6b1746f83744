import CFFTW
import Foundation

/// FFTW makes one plan at a time; plans are then used without a lock.
private let planning = NSLock()

/// The windowed transform of one frame, as the complex transform of half its length that FFTW is
/// fastest at: even samples are real parts, odd ones imaginary parts. ``SpectrumKernels`` unpacks it.
package final class RealTransform {
    /// Samples of a frame.
    package let length: Int
    /// The half-length spectrum, interleaved, with its first value once more after the last.
    package let spectrum: AlignedBuffer
    private let window: AlignedBuffer
    private let frame: AlignedBuffer
    private let plan: fftwf_plan

    package init(length: Int) {
        self.length = length
        // Periodic Hann; halved, as unpacking adds each value and its mirror image.
        window = AlignedBuffer(
            (0..<length).map { sample in
                Float(0.25 - 0.25 * cos(2 * .pi * Double(sample) / Double(length)))
            })
        frame = AlignedBuffer(length)
        spectrum = AlignedBuffer(length + 32)
        let input = UnsafeMutableRawPointer(frame.start).assumingMemoryBound(to: fftwf_complex.self)
        let output = UnsafeMutableRawPointer(spectrum.start)
            .assumingMemoryBound(to: fftwf_complex.self)
        // ESTIMATE alone gives the same plan, and so the same bits, on every run.
        plan = planning.withLock {
            fftwf_plan_dft_1d(
                Int32(length / 2), input, output, FFTW_FORWARD, UInt32(FFTW_ESTIMATE))
        }
    }

    deinit { planning.withLock { fftwf_destroy_plan(plan) } }

    /// Transforms the `length` samples from `samples` on into ``spectrum``.
    @inline(__always)
    package func transform(_ samples: UnsafePointer<Float>) {
        let (frame, window, spectrum) = (frame.start, window.start, spectrum.start)
        var sample = 0
        while sample < length {
            (Lanes(at: samples + sample) * Lanes(at: window + sample)).store(to: frame + sample)
            sample += 16
        }
        fftwf_execute(plan)
        spectrum[length] = spectrum[0]
        spectrum[length + 1] = spectrum[1]
    }
}
