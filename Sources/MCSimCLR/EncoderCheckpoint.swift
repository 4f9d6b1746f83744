public import AudioFeatures
public import Digests
public import Foundation
public import NeuralNetwork

/// A pretrained encoder with all that it takes to use it on a recording.
public struct EncoderCheckpoint {
    public let encoder: CRNN
    public let features: FeatureSettings
    public let normalisation: ChannelNormalisation
    /// What recordings are brought to before they are embedded. Units: dB, see ``FeatureMaps/level``.
    public let level: Double
    /// Of all that is in the file; nil before it was written.
    public let content: Digest?
    /// What made it, as the writer described it.
    public let provenance: String

    /// Takes what was learnt by a pretraining on these maps.
    public init(_ encoder: CRNN, maps: FeatureMaps, provenance: String) {
        self.encoder = encoder
        features = maps.settings
        normalisation = maps.normalisation
        level = maps.level
        content = nil
        self.provenance = provenance
    }

    /// Reads what ``write(to:stage:)`` wrote.
    ///
    /// Throws: `NeuralNetworkError` for a torn file, ``MCSimCLRError/foreignCheckpoint(path:reason:)``
    /// for one that something else wrote, that was altered, or that is not the stage's.
    ///
    /// - Parameter stage: the stage that is to have made it; nil for whichever it was.
    public init(readingFrom url: URL, stage: Digest? = nil) throws {
        let (contents, content) = try SealedCheckpoint.read(url, stage: stage)
        func value<Value: Decodable>(_ key: Key, as type: Value.Type) throws -> Value {
            guard let text = contents.metadata[key.rawValue],
                let value = try? JSONDecoder().decode(type, from: Data(text.utf8))
            else {
                throw MCSimCLRError.foreignCheckpoint(
                    path: url.path, reason: "its metadata has no \(key.rawValue)")
            }
            return value
        }
        encoder = try makeEncoder(value(.encoder, as: CRNNConfiguration.self), seed: 0)
        features = try value(.features, as: FeatureSettings.self)
        normalisation = try value(.normalisation, as: ChannelNormalisation.self)
        level = try value(.level, as: Double.self)
        self.content = content
        provenance = contents.metadata[Key.provenance.rawValue] ?? ""
        try contents.load(into: encoder.state)
    }

    /// Writes weights, BatchNorm statistics and, in the metadata, the settings.
    ///
    /// Throws: `NeuralNetworkError` when the file cannot be written; an older file then stays whole.
    ///
    /// - Parameter stage: the stage that made it.
    public func write(to url: URL, stage: Digest? = nil) throws {
        try SealedCheckpoint.write(
            encoder.state,
            metadata: [
                Key.encoder.rawValue: canonicalJSON(encoder.configuration),
                Key.features.rawValue: canonicalJSON(features),
                Key.normalisation.rawValue: canonicalJSON(normalisation),
                Key.level.rawValue: canonicalJSON(level),
                Key.provenance.rawValue: provenance,
            ], stage: stage, to: url)
    }

    private enum Key: String {
        case encoder
        case features
        case normalisation
        case level
        case provenance
    }

    /// The number of microphones that it was trained for.
    public var microphones: Int {
        // M maps and M(M-1)/2 pairs make M(M+1)/2 channels.
        let channels = encoder.configuration.inputChannels
        return (1...channels).first { $0 * ($0 + 1) / 2 == channels } ?? 0
    }

    /// The embedding of a recording: the mean over patches that follow one another by half a patch.
    ///
    /// Shape: samples planar [microphones, sampleCount]; result [embedding].
    /// Throws: ``MCSimCLRError/patchLongerThanRecording(patchFrames:recordingFrames:)``.
    public func embedding(of samples: [Float], sampleCount: Int) throws -> [Float] {
        let configuration = encoder.configuration
        let frames = features.frames(samples: sampleCount)
        guard frames >= configuration.frames else {
            throw MCSimCLRError.patchLongerThanRecording(
                patchFrames: configuration.frames, recordingFrames: frames)
        }
        let maps = try FeatureExtractor(features, microphones: microphones)(
            samples, sampleCount: sampleCount)
        let bins = features.bins
        var total = [Float](repeating: 0, count: configuration.embeddingSize)
        let starts = Array(
            stride(
                from: 0, through: frames - configuration.frames,
                by: max(1, configuration.frames / 2)))
        for start in starts {
            var patch: [Float] = []
            for channel in 0..<configuration.inputChannels {
                let first = (channel * frames + start) * bins
                patch += maps[first..<first + configuration.frames * bins].map {
                    ($0 - normalisation.mean[channel]) * normalisation.scale[channel]
                }
            }
            let input = Tensor(
                [1, configuration.inputChannels, configuration.frames, bins], patch)
            for (index, value) in encoder(input, mode: .evaluation).values.enumerated() {
                total[index] += value / Float(starts.count)
            }
        }
        return total
    }
}

/// JSON whose bytes depend on the value alone.
func canonicalJSON(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
}
