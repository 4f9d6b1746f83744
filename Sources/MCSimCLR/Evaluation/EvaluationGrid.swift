import AudioFeatures
import SoundData

/// What is judged by itself.
public enum EvaluationUnit: String, Sendable, Codable, Hashable, CaseIterable {
    /// A recording: what a model says of its patches is averaged.
    case recording
    /// Each patch: its truth is that at the patch's centre. Directions of a moving source must not
    /// be averaged.
    case patch
}

/// Which patches of a recording an evaluation looks at, and what it judges by itself.
public struct EvaluationGrid: Sendable, Hashable {
    /// (Pooled) frames of a patch.
    public var patchFrames: Int
    /// At most so many patches are spread evenly over a recording.
    public var patchesPerRecording: Int
    public var unit: EvaluationUnit

    public init(patchFrames: Int, patchesPerRecording: Int = 4, unit: EvaluationUnit = .recording) {
        self.patchFrames = patchFrames
        self.patchesPerRecording = patchesPerRecording
        self.unit = unit
    }

    /// How many patches of a recording it looks at.
    package func patchCount(ofRecordingWith frames: Int) -> Int {
        firstFrames(ofRecordingWith: frames).count
    }

    /// The first frames of a recording's patches.
    func firstFrames(ofRecordingWith frames: Int) -> [Int] {
        let room = frames - patchFrames
        guard room > 0 else { return [0] }
        let count = min(patchesPerRecording, 1 + room / max(1, patchFrames / 2))
        guard count > 1 else { return [room / 2] }
        return (0..<count).map { $0 * room / (count - 1) }
    }

    /// First frames of the patches that are judged together: all of a recording, or each by itself.
    func units(ofRecordingWith frames: Int) -> [[Int]] {
        let starts = firstFrames(ofRecordingWith: frames)
        return unit == .recording ? [starts] : starts.map { [$0] }
    }

    /// What is judged, in the order of the recordings and of their patches.
    ///
    /// - Parameter features: of the maps that patches are of.
    func observations(
        of recordings: [Int], in bank: RecordingBank, features: FeatureSettings
    ) -> [Observation] {
        recordings.flatMap { recording -> [Observation] in
            let frames = features.frames(samples: bank.recordings[recording].sampleCount)
            let units = units(ofRecordingWith: frames)
            return units.enumerated().map { index, firstFrames in
                switch unit {
                case .recording: Observation(recording: recording, firstFrames: firstFrames)
                case .patch:
                    Observation(
                        recording: recording, firstFrames: firstFrames, patch: index,
                        seconds: features.centre(
                            ofPatchAt: firstFrames[0], frames: patchFrames))
                }
            }
        }
    }
}

/// Something that is judged by itself: a recording, or one of its patches.
struct Observation: Sendable, Hashable {
    var recording: Int
    /// Of the patches that belong to it.
    var firstFrames: [Int]
    /// Which of the recording's patches it is; nil for a whole recording.
    var patch: Int?
    /// When its truth holds; nil for sources that stay where they are. Units: seconds.
    var seconds: Double?

    /// The sources as they are then, in the order of the recording.
    func sources(in bank: RecordingBank) -> [SourceFacts] {
        bank.sources(of: recording, at: seconds)
    }
}

extension RecordingBank {
    /// The sources of a recording as they are `seconds` after its start; nil for those that stay.
    func sources(of recording: Int, at seconds: Double?) -> [SourceFacts] {
        recordings[recording].sources.map { source in
            SourceFacts(
                label: source.label,
                azimuth: seconds.map { source.azimuth(at: $0) } ?? source.azimuth)
        }
    }
}

extension FeatureSettings {
    /// The middle of a patch of so many (pooled) frames. Units: seconds.
    func centre(ofPatchAt firstFrame: Int, frames: Int) -> Double {
        let start = firstFrame * pooling.frames * hopLength
        let length = samples(frames: frames)
        return (Double(start) + Double(length) / 2) / Double(sampleRate)
    }
}

extension FeatureMaps {
    /// The middle of a patch of so many (pooled) frames. Units: seconds.
    func centre(ofPatchAt firstFrame: Int, frames: Int) -> Double {
        settings.centre(ofPatchAt: firstFrame, frames: frames)
    }
}
