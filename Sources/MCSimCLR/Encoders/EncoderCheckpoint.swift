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
    /// The stage that made it, as its file says; nil before it was written.
    public let stage: Digest?
    /// What made it, as the writer described it.
    public let provenance: String

    /// Takes what was learnt by a pretraining on these maps.
    public init(_ encoder: CRNN, maps: FeatureMaps, provenance: String) {
        self.encoder = encoder
        features = maps.settings
        normalisation = maps.normalisation
        level = maps.level
        stage = nil
        self.provenance = provenance
    }

    /// Reads what ``write(to:stage:)`` wrote.
    ///
    /// Throws: `NeuralNetworkError` for a torn file, ``MCSimCLRError/foreignCheckpoint(path:reason:)``
    /// for one that something else wrote, that was altered, or that is not the stage's.
    ///
    /// - Parameter stage: the stage that is to have made it; nil for whichever it was.
    public init(readingFrom url: URL, stage: Digest? = nil) throws {
        let contents = try SealedCheckpoint.read(url, stage: stage)
        func value<Value: Decodable>(_ key: Key, as type: Value.Type) throws -> Value {
            guard let text = contents.metadata[key.rawValue],
                let value = try? JSONDecoder().decode(type, from: Data(text.utf8))
            else {
                throw MCSimCLRError.foreignCheckpoint(
                    path: url.path,
                    reason: "its metadata has no \(key.rawValue) that can be read; give a file of "
                        + "results/cache/encoders")
            }
            return value
        }
        let configuration = try value(.encoder, as: CRNNConfiguration.self)
        features = try value(.features, as: FeatureSettings.self)
        normalisation = try value(.normalisation, as: ChannelNormalisation.self)
        level = try value(.level, as: Double.self)
        self.stage = SealedCheckpoint.stage(of: contents)
        provenance = contents.metadata[Key.provenance.rawValue] ?? ""
        // All that becomes a size, an index or a divisor, before anything is made of it.
        try Self.validate(
            configuration, features, normalisation, level: level, contents, path: url.path)
        encoder = try makeEncoder(configuration, seed: 0)
        try contents.load(into: encoder.state)
    }

    /// Writes weights, BatchNorm statistics and, in the metadata, the settings.
    ///
    /// Throws: `NeuralNetworkError` when the file cannot be written; an older file then stays whole.
    ///
    /// - Parameters:
    ///   - stage: the stage that made it.
    ///   - card: what a stranger must know of it, as JSON; nil for a file that stays where it is.
    public func write(to url: URL, stage: Digest? = nil, card: String? = nil) throws {
        var metadata = try facts()
        metadata[Key.provenance.rawValue] = provenance
        metadata["model_card"] = card
        try SealedCheckpoint.write(encoder.state, metadata: metadata, stage: stage, to: url)
    }

    /// Names all that its answers depend on: weights, statistics, settings and level, but neither the
    /// stage nor where its data lay.
    public func identity() throws -> Digest {
        SealedCheckpoint.content(encoder.state, try facts())
    }

    private func facts() throws -> [String: String] {
        [
            Key.encoder.rawValue: try canonicalJSON(encoder.configuration),
            Key.features.rawValue: try canonicalJSON(features),
            Key.normalisation.rawValue: try canonicalJSON(normalisation),
            Key.level.rawValue: try canonicalJSON(level),
        ]
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
        Self.microphones(channels: encoder.configuration.inputChannels) ?? 0
    }

    /// M maps and M (M - 1) / 2 pairs make M (M + 1) / 2 channels; nil where no M does.
    static func microphones(channels: Int) -> Int? {
        (1...64).first { $0 * ($0 + 1) / 2 == channels }
    }
}

/// JSON whose bytes depend on the value alone.
func canonicalJSON(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
}
