import AudioFeatures
import Digests
import Foundation
import MCSimCLR
import NeuralNetwork
import Testing

/// Files whose digest is right and whose numbers are not.
@Suite("Hostile encoders' files")
final class CheckpointValidationTests {
    private let file = FileManager.default.temporaryDirectory
        .appending(path: "ablate-\(UUID().uuidString).safetensors")

    deinit { try? FileManager.default.removeItem(at: file) }

    private func text(_ value: some Encodable) throws -> String {
        String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
    }

    /// What reading a file says whose facts were changed; nil where it was read.
    private func fault(
        _ change: (
            inout CRNNConfiguration, inout FeatureSettings, inout ChannelNormalisation,
            inout Double
        ) -> Void = { _, _, _, _ in }, dropping tensor: String? = nil,
        replacing replace: (inout [String: String]) -> Void = { _ in }
    ) throws -> String? {
        var configuration = CRNNConfiguration(inputChannels: 10, frames: 32, bins: 32)
        configuration.channels = [4, 4, 4]
        configuration.recurrentUnits = 4
        let encoder = try makeEncoder(configuration, seed: 1)
        let maps = try SmallBank.maps(isKept: true)
        var (features, normalisation, level) = (maps.settings, maps.normalisation, maps.level)
        change(&configuration, &features, &normalisation, &level)
        var metadata = [
            "encoder": try text(configuration), "features": try text(features),
            "normalisation": try text(normalisation), "level": try text(level),
        ]
        replace(&metadata)
        try SealedCheckpoint.write(
            encoder.state.filter { $0.name != tensor }, metadata: metadata, stage: nil, to: file)
        do {
            _ = try EncoderCheckpoint(readingFrom: file)
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test("settings that would be divisors, sizes or indices are refused with their value")
    func settings() throws {
        #expect(try fault() == nil)
        #expect(
            try fault { _, features, _, _ in features.hopLength = 0 }?.contains("hop is 0") == true)
        for frames in [0, -1, 1 << 40] {
            #expect(
                try fault { _, features, _, _ in features.pooling.frames = frames }?
                    .contains("the pooling is \(frames) frames") == true)
        }
        for bins in [0, 3, 64] {
            #expect(try fault { _, features, _, _ in features.pooling.bins = bins } != nil)
        }
        for rate in [0, -1, 1 << 31, 1 << 32] {
            #expect(
                try fault { _, features, _, _ in features.sampleRate = rate }?
                    .contains("sample rate is \(rate)") == true)
        }
        #expect(try fault { _, features, _, _ in features.fftLength = 1 << 40 } != nil)
        #expect(try fault { _, features, _, _ in features.melBands = 0 } != nil)
        #expect(try fault { _, features, _, _ in features.lags = 1 << 40 } != nil)
        #expect(try fault { _, features, _, _ in features.lagSpacing = 1e300 } != nil)
        #expect(try fault { _, _, _, level in level = 1e30 }?.contains("level is 1e+30") == true)
    }

    @Test("arrays of normalisation have a value for each channel")
    func normalisation() throws {
        #expect(
            try fault { _, _, normalisation, _ in normalisation.mean = [] }?
                .contains("has 0 values of mean, not 10") == true)
        #expect(
            try fault { _, _, normalisation, _ in normalisation.mean.removeLast() }?
                .contains("has 9 values of mean, not 10") == true)
        #expect(
            try fault { _, _, normalisation, _ in normalisation.scale.append(1) }?
                .contains("has 11 values of scale, not 10") == true)
    }

    @Test("an encoder larger than its file is refused before memory is taken for it")
    func sizes() throws {
        #expect(
            try fault { encoder, _, _, _ in
                encoder.channels = [4096, 4096, 4096]
                encoder.recurrentUnits = 4096
            }?.contains("weights, but it holds") == true)
        #expect(try fault { encoder, _, _, _ in encoder.inputChannels = 11 } != nil)
        #expect(try fault { encoder, _, _, _ in encoder.inputChannels = 0 } != nil)
        #expect(try fault { encoder, _, _, _ in encoder.bins = 64 }?.contains("64 bins") == true)
        #expect(try fault { encoder, _, _, _ in encoder.pools = [] } != nil)
        #expect(try fault { encoder, _, _, _ in encoder.pools[1] = [0, 2] } != nil)
        #expect(try fault { encoder, _, _, _ in encoder.channels = [4, 4, 5] } != nil)
        #expect(try fault(dropping: "gru.weight_ih_l0")?.contains("gru.weight_ih_l0") == true)
    }

    @Test("facts that are missing, or are no numbers, are named")
    func facts() throws {
        for key in ["encoder", "features", "normalisation", "level"] {
            for text in [nil, "", "[1", "{}", "\"x\""] {
                let fault = try fault(replacing: { $0[key] = text })
                #expect(fault?.contains("no \(key) that can be read") == true)
            }
        }
        #expect(
            try fault(replacing: {
                $0["features"] = $0["features"]?.replacing("[50,8000]", with: "[8000,50]")
            }) != nil)
    }

    @Test("headers that lie, folders, pipes and devices end with a reason")
    func headers() throws {
        let folder = FileManager.default.temporaryDirectory
        #expect(throws: NeuralNetworkError.self) {
            _ = try EncoderCheckpoint(readingFrom: folder)
        }
        #expect(throws: NeuralNetworkError.self) {
            _ = try EncoderCheckpoint(readingFrom: URL(filePath: "/dev/zero"))
        }
        for length: UInt64 in [0, 1, 1 << 31, 1 << 62, .max] {
            var data = Data()
            withUnsafeBytes(of: length.littleEndian) { data.append(contentsOf: $0) }
            data.append(
                Data(#"{"a":{"dtype":"F32","shape":[1099511627776],"data_offsets":[0,4]}}"#.utf8))
            try data.write(to: file)
            #expect(throws: NeuralNetworkError.self) {
                _ = try EncoderCheckpoint(readingFrom: file)
            }
        }
    }
}
