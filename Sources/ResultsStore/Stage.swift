public import Digests

/// One piece of work of a sweep, named by the digest of everything that its result depends on.
///
/// Two stages of equal ``id`` are one computation, within a sweep, between sweeps and between
/// processes. What a stage computes is known to the executor alone.
public struct Stage: Sendable, Hashable, Identifiable {
    /// The digest of settings, inputs and version of the algorithm.
    public var id: Digest
    /// What sort of work it is ("scenes", "pretrain", ...): rates are measured for each kind.
    public var kind: String
    /// For people: shown while it runs and in failures.
    public var title: String
    /// Stages that must be finished before this one starts.
    public var dependencies: [Digest]
    /// JSON that only the executor understands.
    public var payload: String
    /// Units: bytes held while it runs, in addition to what the process holds anyway.
    public var memoryBytes: Int
    /// The amount of work, in a unit of the kind's own choice; longer work starts earlier.
    public var work: Double
    /// True when it leaves a file that its dependents read.
    public var producesArtifact: Bool
    /// The most threads that it can make use of.
    public var threads: Int

    public init(
        id: Digest, kind: String, title: String, dependencies: [Digest] = [],
        payload: String = "{}",
        memoryBytes: Int = 0, work: Double = 1, producesArtifact: Bool = false, threads: Int = 1
    ) {
        self.id = id
        self.kind = kind
        self.title = title
        self.dependencies = dependencies
        self.payload = payload
        self.memoryBytes = memoryBytes
        self.work = work
        self.producesArtifact = producesArtifact
        self.threads = threads
    }
}

/// A point of a curve: a value at a step of training.
public struct CurvePoint: Sendable, Hashable, Codable {
    public var step: Int
    public var value: Double

    public init(step: Int, value: Double) {
        self.step = step
        self.value = value
    }
}

/// What a finished stage leaves in the database. Metric names must be unique within a trial, so
/// that each can be a column of `trial_results` ("probe.accuracy", not "accuracy").
public struct StageResult: Sendable, Hashable {
    public var metrics: [String: Double]
    public var curves: [String: [CurvePoint]]
    /// Texts: notes, confusion matrices as JSON, versions.
    public var details: [String: String]

    public init(
        metrics: [String: Double] = [:], curves: [String: [CurvePoint]] = [:],
        details: [String: String] = [:]
    ) {
        self.metrics = metrics
        self.curves = curves
        self.details = details
    }
}
