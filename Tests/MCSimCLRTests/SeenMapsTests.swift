import AudioFeatures
import MCSimCLR
import NeuralNetwork
import Randomness
import Testing

@Suite("What an encoder sees of a recording")
struct SeenMapsTests {
    @Test("maps of its own bands and lags, as loud as its training, normalised channel by channel")
    func maps() throws {
        var configuration = CRNNConfiguration(inputChannels: 10, frames: 32, bins: 32)
        configuration.channels = [4, 4, 4]
        configuration.recurrentUnits = 4
        let checkpoint = try EncoderCheckpoint(
            makeEncoder(configuration, seed: 1), maps: SmallBank.maps(isKept: true),
            provenance: "test")
        var stream = Randomness.Stream(1, "noise", 0)
        let noise = (0..<4 * 32_000).map { _ in Float(stream.uniform(in: -0.1...0.1)) }
        let seen = try checkpoint.maps(of: noise)
        let plain = try FeatureExtractor(checkpoint.features, microphones: 4)(
            noise, sampleCount: 32_000)
        #expect(seen.count == plain.count)
        let size = seen.count / 10
        // Of the mel maps the level is moved, by the same number of dB everywhere.
        let (mean, scale) = (checkpoint.normalisation.mean, checkpoint.normalisation.scale)
        let gains = (0..<4 * size).map { place in
            let channel = place / size
            return seen[place] / scale[channel] + mean[channel] - plain[place]
        }
        let (least, most) = (gains.min() ?? 0, gains.max() ?? 1)
        #expect(most - least < 1e-3 && abs(least) > 0.1)
        // Correlations know no level.
        for place in 4 * size..<10 * size {
            let channel = place / size
            #expect(abs(seen[place] - (plain[place] - mean[channel]) * scale[channel]) < 1e-4)
        }
        // Twice as loud is the same to it.
        let loud = try checkpoint.maps(of: noise.map { 2 * $0 })
        #expect(zip(loud, seen).allSatisfy { abs($0 - $1) < 1e-3 })
    }
}
