import NeuralNetwork
import Randomness

/// Draws single patches for supervised training: recordings in a new order each epoch, each at a
/// random place, augmented by streams of their own.
package struct PatchSampler {
    let seed: UInt64
    let name: String
    let batchSize: Int
    let choices: ViewChoices
    var augmentations = AugmentationSettings(enabled: [])
    /// What brings a recording to the level that evaluations bring it to. Units: dB.
    var gain: (_ recording: Int) -> Float = { _ in 0 }

    /// `batchSize` patches; recordings come again when there are fewer.
    package func patches(step: Int) -> [ViewPlan] {
        let recordings = choices.recordings
        var result: [ViewPlan] = []
        var cachedEpoch = -1
        var order: [Int] = []
        for place in 0..<batchSize {
            let position = step * batchSize + place
            let epoch = position / recordings.count
            if epoch != cachedEpoch {
                var stream = Stream(seed, "\(name) order", epoch)
                order = stream.permutation(recordings.count)
                cachedEpoch = epoch
            }
            let recording = recordings[order[position % recordings.count]]
            var stream = Stream(seed, "\(name) patch", step, place)
            var plan = ViewPlan(
                recording: recording, firstFrame: choices.firstFrame(in: recording, &stream))
            plan.gain = gain(recording)
            result.append(
                augmentations.draw(for: plan, from: choices) { augmentation in
                    PairStreams(
                        seed: seed, augmentation: augmentation, step: step, place: place,
                        purpose: "\(name) ")
                })
        }
        return result
    }
}
