public import NeuralNetwork
public import Platform
import Randomness
import SoundData

/// An encoder that has learnt nothing: initial weights, with BatchNorm statistics calibrated on the
/// training split so that its channels are scaled as a trained encoder's are.
///
/// - Parameter calibrationBatches: batches of 64 patches that the statistics are averaged over.
public func randomEncoder(
    _ configuration: CRNNConfiguration, seed: UInt64, maps: FeatureMaps, patchFrames: Int,
    calibrationBatches: Int = 30, team: ThreadTeam = ThreadTeam()
) throws -> CRNN {
    let encoder = try makeEncoder(configuration, seed: seed)
    encoder.team = team
    let renderers = try ViewRenderers(maps, patchFrames: patchFrames)
    let batches = PatchSampler(
        seed: seed, name: "calibration", batchSize: 64,
        choices: ViewChoices(
            recordings: maps.bank.indices(for: .pretraining), frames: maps.frames,
            patchFrames: patchFrames, bins: maps.bins, microphones: maps.bank.microphones,
            symmetries: []))
    let input = Tensor([64, maps.channels, patchFrames, maps.bins])
    for step in 0..<calibrationBatches {
        renderers.render(batches.patches(step: step), into: input, team)
        _ = encoder(input, mode: .training)
    }
    return encoder
}

/// A new encoder: the same seed and configuration give the same weights.
public func makeEncoder(_ configuration: CRNNConfiguration, seed: UInt64) throws -> CRNN {
    var stream = Stream(seed, "encoder weights")
    return try CRNN(configuration, initialisation: &stream)
}
