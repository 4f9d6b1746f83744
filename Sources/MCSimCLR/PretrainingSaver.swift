public import Foundation
import NeuralNetwork

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
