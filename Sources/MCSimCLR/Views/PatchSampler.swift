import NeuralNetwork
import Randomness

/// Draws single patches for supervised training: recordings in a new order each epoch, each at a
/// random place.
package struct PatchSampler {
    let seed: UInt64
    let name: String
    let recordings: [Int]
    let frames: [Int]
    let patchFrames: Int
    let batchSize: Int

    /// `batchSize` patches; recordings come again when there are fewer.
    package func patches(step: Int) -> [ViewPlan] {
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
            result.append(
                ViewPlan(
                    recording: recording,
                    firstFrame: stream.index(below: max(1, frames[recording] - patchFrames + 1))))
        }
        return result
    }
}
