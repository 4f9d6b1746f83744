public import Acoustics
import Randomness
public import SoundData

/// Decides which patches meet in a batch and how each is augmented.
///
/// Every decision has a random stream of its own, named after the step and the place in the batch.
/// So variants of one seed share their recordings and patches, whatever augmentations they use, and
/// differences between variants are paired differences.
public struct PairSampler: Sendable {
    private let settings: AugmentationSettings
    private let seed: UInt64
    private let batchSize: Int
    private let spatialNegatives: Int
    /// The recordings of each clip: spatialisations of the same sound.
    private let clips: [[Int]]
    private let choices: ViewChoices

    /// Throws: ``MCSimCLRError`` if a batch cannot be filled.
    ///
    /// - Parameters:
    ///   - recordings: indices into the bank's recordings that may be drawn.
    ///   - frames: number of feature frames of each recording of the bank.
    public init(
        settings: AugmentationSettings, seed: UInt64, batchSize: Int, spatialNegatives: Int,
        bank: RecordingBank, recordings: [Int], frames: [Int], patchFrames: Int, bins: Int,
        array: MicrophoneArray
    ) throws {
        var byClip: [Int: [Int]] = [:]
        for recording in recordings {
            byClip[bank.recordings[recording].clip, default: []].append(recording)
        }
        clips = byClip.sorted { $0.key < $1.key }.map(\.value)
        guard recordings.count >= batchSize else {
            throw MCSimCLRError.batchLargerThanData(
                batchSize: batchSize, recordings: recordings.count)
        }
        if let short = recordings.first(where: { frames[$0] < patchFrames }) {
            throw MCSimCLRError.patchLongerThanRecording(
                patchFrames: patchFrames, recordingFrames: frames[short])
        }
        self.settings = settings
        self.seed = seed
        self.batchSize = batchSize
        self.spatialNegatives = spatialNegatives
        choices = ViewChoices(
            recordings: recordings, frames: frames, patchFrames: patchFrames, bins: bins,
            microphones: array.count, symmetries: array.symmetries.map(\.permutation))
    }

    /// The pairs of a step: `batchSize` times two views of one recording.
    public func pairs(step: Int) -> [(first: ViewPlan, second: ViewPlan)] {
        drawRecordings(step: step).enumerated().map { place, recording in
            pair(recording: recording, step: step, place: place)
        }
    }

    /// Goes through the clips in a new random order each epoch and takes a spatialisation of each.
    func drawRecordings(step: Int) -> [Int] {
        let groups = max(1, batchSize / spatialNegatives)
        var result: [Int] = []
        var position = step * groups
        while result.count < batchSize {
            let epoch = position / clips.count
            var orderStream = Stream(seed, "order", epoch)
            let order = orderStream.permutation(clips.count)
            var index = position % clips.count
            while index < clips.count, result.count < batchSize {
                let clip = clips[order[index]]
                var choice = Stream(seed, "spatialisation", epoch, order[index])
                let places = choice.permutation(clip.count).prefix(spatialNegatives)
                result += places.map { clip[$0] }.prefix(batchSize - result.count)
                index += 1
            }
            position = (epoch + 1) * clips.count
        }
        return result
    }

    /// What ``pairs(step:)`` has at a place.
    func pair(
        recording: Int, step: Int, place: Int
    ) -> (first: ViewPlan, second: ViewPlan) {
        var patches = Stream(seed, "patch", step, place)
        func view() -> ViewPlan {
            ViewPlan(
                recording: recording, firstFrame: choices.firstFrame(in: recording, &patches))
        }
        var pair = (first: view(), second: view())
        for augmentation in Augmentation.allCases where settings.uses(augmentation) {
            settings.draw(
                augmentation, for: &pair, from: choices,
                PairStreams(seed: seed, augmentation: augmentation, step: step, place: place))
        }
        return pair
    }
}
