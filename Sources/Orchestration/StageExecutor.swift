public import ResultsStore

/// Computes stages. The orchestrator knows nothing else about them, so it is tested with stages of
/// a microsecond, and the trainer without an orchestrator.
public protocol StageExecutor: Sendable {
    /// Computes a stage on the calling thread; several threads call at once, with different stages.
    ///
    /// Throws: ``TrialFault`` for a fault of the trial (never tried again), `CancellationError`
    /// when ``StageContext/isCancelled()`` made it stop, ``MissingArtifacts`` when a file of a
    /// dependency is gone or damaged. Anything else is tried again; when it comes once too often the
    /// stage has failed, or, for a `MachineFault`, is put off until the next run.
    func execute(_ stage: Stage, context: StageContext) throws -> StageResult

    /// True when the file that the stage leaves is there and fit for use.
    func hasArtifact(_ stage: Stage) -> Bool
}

/// A fault that another attempt would meet again: a loss that is not finite, settings that
/// contradict the data.
public struct TrialFault: Error, Sendable, Hashable, CustomStringConvertible {
    public var reason: String

    public init(reason: String) { self.reason = reason }

    public var description: String { reason }
}
