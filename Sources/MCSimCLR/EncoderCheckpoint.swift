public import Foundation
public import NeuralNetwork

/// The encoder's configuration as it stands in a checkpoint's metadata.
private let configurationKey = "encoder"

/// Writes an encoder's weights and BatchNorm statistics, with its configuration in the metadata.
///
/// Throws: `NeuralNetworkError` when the file cannot be written; an older file then stays whole.
public func writeEncoder(_ encoder: CRNN, metadata: [String: String], to url: URL) throws {
    var metadata = metadata
    metadata[configurationKey] = try canonicalJSON(encoder.configuration)
    try Checkpoint.write(encoder.state, metadata: metadata, to: url)
}

/// Reads an encoder that ``writeEncoder(_:metadata:to:)`` wrote.
///
/// - Parameter configuration: what it must be; nil takes what the file says.
/// Throws: `NeuralNetworkError` for a torn or foreign file, ``MCSimCLRError/foreignCheckpoint`` for
/// an encoder of another kind.
public func readEncoder(from url: URL, configuration: CRNNConfiguration? = nil) throws -> CRNN {
    let contents = try Checkpoint.read(url)
    guard let text = contents.metadata[configurationKey],
        let found = try? JSONDecoder().decode(CRNNConfiguration.self, from: Data(text.utf8))
    else {
        throw MCSimCLRError.foreignCheckpoint(
            path: url.path, reason: "its metadata has no encoder configuration")
    }
    if let configuration, configuration != found {
        throw MCSimCLRError.foreignCheckpoint(path: url.path, reason: "its encoder is \(text)")
    }
    let encoder = try makeEncoder(found, seed: 0)
    try contents.load(into: encoder.state)
    return encoder
}

/// Saves a pretraining that is under way, so that it can be continued to the same bits.
public final class PretrainingSaver {
    private let run: Pretraining
    private let url: URL
    private let interval: Duration
    private var lastSave = ContinuousClock.now

    public init(_ run: Pretraining, at url: URL, interval: Duration) {
        self.run = run
        self.url = url
        self.interval = interval
    }

    /// Saves when the last save lies an interval back.
    public func saveIfDue() throws {
        guard ContinuousClock.now - lastSave >= interval else { return }
        try save()
    }

    public func save() throws {
        try Checkpoint.write(
            run.state,
            metadata: ["step": String(run.step), "curve": canonicalJSON(run.curve)], to: url)
        lastSave = .now
    }

    /// Takes the run to where the file left it; false if there is none that fits.
    public func restore() -> Bool {
        guard let contents = try? Checkpoint.read(url),
            let step = contents.metadata["step"].flatMap({ Int($0) }),
            let text = contents.metadata["curve"],
            let curve = try? JSONDecoder().decode(LossCurve.self, from: Data(text.utf8))
        else { return false }
        return run.restore(contents, step: step, curve: curve)
    }
}

private func canonicalJSON(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
}
