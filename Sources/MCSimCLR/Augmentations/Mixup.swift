import Foundation
import Randomness

/// Mixup: a quieter second recording in the background.
public struct Mixup: Sendable, Codable, Hashable {
    /// Level of the recording above the one mixed in. Units: dB.
    public var level: ClosedRange<Double> = 5...20

    /// The recording that is mixed in.
    public struct Draw: Sendable, Hashable {
        public var recording: Int
        public var firstFrame: Int
        /// Level of the first recording above this one. Units: dB.
        public var level: Double

        public init(recording: Int, firstFrame: Int, level: Double) {
            self.recording = recording
            self.firstFrame = firstFrame
            self.level = level
        }

        /// Adds the background to the waveforms of all channels. The level holds over these samples:
        /// what the view will show.
        func add(_ background: [Float], to waveforms: inout [Float], count: Int) {
            waveforms.withUnsafeMutableBufferPointer { target in
                background.withUnsafeBufferPointer { source in
                    guard let to = target.baseAddress, let from = source.baseAddress else { return }
                    let loudness = power(from, count: count)
                    guard loudness > 0 else { return }
                    let wanted = power(to, count: count) * pow(10, -level / 10)
                    addScaled(
                        from, gain: Float((wanted / loudness).squareRoot()), to: to, count: count)
                }
            }
        }
    }

    public init() {}

    /// Nil where there is no other recording.
    func draw(
        for plan: ViewPlan, from choices: ViewChoices, _ stream: inout Randomness.Stream
    ) -> Draw? {
        let recordings = choices.recordings
        guard recordings.count > 1 else { return nil }
        var other = recordings[stream.index(below: recordings.count)]
        while other == plan.recording { other = recordings[stream.index(below: recordings.count)] }
        return Draw(
            recording: other, firstFrame: choices.firstFrame(in: other, &stream),
            level: stream.uniform(in: level))
    }
}
