public import Digests
public import Foundation
public import NeuralNetwork

/// A training that can be stopped after any step, saved, loaded and continued to the same bits.
public protocol ResumableTraining: AnyObject {
    /// Steps done.
    var step: Int { get }
    var curve: LossCurve { get }
    /// All that the next step depends on.
    var state: [(name: String, tensor: Tensor)] { get }

    /// Continues from a saved state; false, and nothing changed, if it is not of this run's shape.
    func restore(_ contents: Checkpoint.Contents, step: Int, curve: LossCurve) -> Bool
}

/// Saves a training that is under way, so that it can be continued to the same bits.
public final class TrainingSaver {
    private let run: any ResumableTraining
    private let url: URL
    private let stage: Digest?
    private let interval: Duration
    private var lastSave = ContinuousClock.now

    /// - Parameter stage: whose run it is: the file of another stage is not taken.
    public init(
        _ run: any ResumableTraining, at url: URL, stage: Digest? = nil, interval: Duration
    ) {
        self.run = run
        self.url = url
        self.stage = stage
        self.interval = interval
    }

    /// Saves when the last save lies an interval back.
    public func saveIfDue() throws {
        guard ContinuousClock.now - lastSave >= interval else { return }
        try save()
    }

    public func save() throws {
        try SealedCheckpoint.write(
            run.state,
            metadata: ["step": String(run.step), "curve": canonicalJSON(run.curve)],
            stage: stage, to: url)
        lastSave = .now
    }

    /// Takes the run to where the file left it; false if there is none that is whole, as it was
    /// written, and of this run.
    public func restore() -> Bool {
        guard let contents = try? SealedCheckpoint.read(url, stage: stage),
            let step = contents.metadata["step"].flatMap({ Int($0) }),
            let text = contents.metadata["curve"],
            let curve = try? JSONDecoder().decode(LossCurve.self, from: Data(text.utf8))
        else { return false }
        return run.restore(contents, step: step, curve: curve)
    }
}
