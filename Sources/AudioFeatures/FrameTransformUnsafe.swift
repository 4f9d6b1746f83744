import CFFTW
import Foundation

/// Makes FFTW's planner take turns, in the whole process and so across modules (a lock of this file
/// would not keep out the plans of another module). Its execution needs no such care.
private let plannerTakesTurns: Void = fftwf_make_planner_thread_safe()

/// The windowed transforms of sixteen frames, each as the complex transform of half its length: even
/// samples are real parts, odd ones imaginary parts. ``SpectrumKernels`` unpacks them.
///
/// Lengths that are powers of two are transformed sixteen frames at once (``LaneTransform``), others
/// frame by frame by FFTW.
///
/// Unsafe: owns FFTW's plan.
package final class FrameTransform {
    /// Samples of a frame.
    package let length: Int
    /// Where each frequency of the result is.
    package let place: [Int32]
    private let window: AlignedBuffer
    private let lanes: LaneTransform?
    private let rows: Rows?

    /// FFTW, and room for sixteen frames.
    private final class Rows {
        let frames: AlignedBuffer
        let spectra: AlignedBuffer
        let ones: AlignedBuffer
        let starts: [UnsafePointer<Float>?]
        let plan: fftwf_plan

        init(length: Int) {
            ones = AlignedBuffer([Float](repeating: 1, count: length))
            frames = AlignedBuffer(16 * length)
            let spectra = AlignedBuffer(16 * length)
            self.spectra = spectra
            starts = (0..<16).map { UnsafePointer(spectra.start + $0 * length) }
            // ESTIMATE alone gives the same plan, and so the same bits, on every run.
            _ = plannerTakesTurns
            var half = Int32(length / 2)
            plan = fftwf_plan_many_dft(
                1, &half, 16, Self.complex(frames), nil, 1, half, Self.complex(spectra), nil, 1,
                half, FFTW_FORWARD, UInt32(FFTW_ESTIMATE))
        }

        private static func complex(
            _ buffer: AlignedBuffer
        ) -> UnsafeMutablePointer<fftwf_complex> {
            UnsafeMutableRawPointer(buffer.start).assumingMemoryBound(to: fftwf_complex.self)
        }

        /// Shape: spectra [16, length / 2, 2].
        func transform(_ samples: [UnsafePointer<Float>?], _ window: AlignedBuffer) {
            let length = window.count
            for (lane, samples) in samples.enumerated() {
                guard let samples else { continue }
                let frame = frames.start + lane * length
                for sample in stride(from: 0, to: length, by: 16) {
                    (Lanes(at: samples + sample) * Lanes(at: window.start + sample))
                        .store(to: frame + sample)
                }
            }
            fftwf_execute(plan)
        }

        deinit { fftwf_destroy_plan(plan) }
    }

    /// - Parameter reference: whether FFTW is to transform every length.
    package init(length: Int, reference: Bool = false) {
        self.length = length
        // Periodic Hann; halved, as unpacking adds each value and its mirror image.
        window = AlignedBuffer(
            (0..<length).map { sample in
                Float(0.25 - 0.25 * cos(2 * .pi * Double(sample) / Double(length)))
            })
        let half = length / 2
        if LaneTransform.supports(half), !reference {
            let lanes = LaneTransform(length: half)
            self.lanes = lanes
            rows = nil
            place = lanes.place
        } else {
            lanes = nil
            rows = Rows(length: length)
            place = (0..<Int32(half)).map { $0 }
        }
    }

    /// Transforms the samples of sixteen lanes.
    ///
    /// Shape: frames are the first of `length` samples each; spectra [length / 2, 2, 16].
    package func callAsFunction(
        _ frames: [UnsafePointer<Float>?], into spectra: UnsafeMutablePointer<Float>
    ) {
        if let lanes {
            ablate_multiply_and_turn(frames, window.start, length, spectra)
            lanes(spectra)
        } else if let rows {
            rows.transform(frames, window)
            ablate_multiply_and_turn(rows.starts, rows.ones.start, length, spectra)
        }
    }
}
