public import Digests

/// Where a trial stands; follows from its stages.
public enum TrialStatus: String, Sendable, Hashable, Codable, CaseIterable {
    case pending
    case running
    case finished
    /// One of its own stages failed.
    case failed
    /// A stage that one of its stages depends on failed, and is none of its own.
    case blocked
}

/// A trial as tables see it.
public struct TrialRecord: Sendable, Hashable {
    /// ``PlannedRow/index`` of its configuration.
    public var row: Int
    public var label: String
    public var isBaseline: Bool
    /// ``row`` of the configuration that this one is compared with; nil where there is none, and for
    /// sweeps that were registered before the store kept it.
    public var baseline: Int?
    /// When the row may be looked at; nil for sweeps that were registered before the store kept it.
    public var looks: RowLooks?
    public var seed: Int
    public var digest: Digest
    public var status: TrialStatus
    /// Why it failed or is blocked.
    public var reason: String?
    /// Of all its finished stages, also where the trial as a whole is not finished.
    public var metrics: [String: Double]
    /// The configuration's complete settings, as JSON.
    public var settings: String
    /// The varied ones, as JSON.
    public var varied: String
    /// Units: seconds that its finished stages took, shared ones included.
    public var seconds: Double
    /// Units: bytes; the largest of its stages; 0 where nobody saw it.
    public var peakMemoryBytes: Int
    /// The different builds that computed its stages, sorted: more than one deserves a footnote.
    public var builds: [String]

    public init(
        row: Int, label: String, isBaseline: Bool = false, baseline: Int? = nil,
        looks: RowLooks? = nil, seed: Int,
        digest: Digest, status: TrialStatus, reason: String? = nil, metrics: [String: Double] = [:],
        settings: String = "{}", varied: String = "{}", seconds: Double = 0,
        peakMemoryBytes: Int = 0, builds: [String] = []
    ) {
        self.row = row
        self.label = label
        self.isBaseline = isBaseline
        self.baseline = baseline
        self.looks = looks
        self.seed = seed
        self.digest = digest
        self.status = status
        self.reason = reason
        self.metrics = metrics
        self.settings = settings
        self.varied = varied
        self.seconds = seconds
        self.peakMemoryBytes = peakMemoryBytes
        self.builds = builds
    }
}

/// What the store knows about a sweep as a whole.
public struct SweepRecord: Sendable, Hashable {
    public var revision: SweepRevision
    /// As it is asked for: the sweep's name, or NAME@N where that plan is not the one in view.
    public var name: String { revision.name }
    public var sourceText: String
    public var facts: [String: String]
    /// Names of the varied parameters, in the order of the sweep file.
    public var parameters: [String]
}

/// How many trials of a sweep stand where.
public struct StatusCounts: Sendable, Hashable {
    public var counts: [TrialStatus: Int]

    public init(counts: [TrialStatus: Int] = [:]) { self.counts = counts }

    public subscript(status: TrialStatus) -> Int { counts[status] ?? 0 }

    public var total: Int { counts.values.reduce(0, +) }
}

/// A failed stage, and what to do about it.
public struct FailureRecord: Sendable, Hashable {
    public var stage: Digest
    public var kind: String
    public var title: String
    public var reason: String
    public var attempts: Int
    /// Trials of the sweep that cannot finish because of it.
    public var trials: Int

    public init(
        stage: Digest, kind: String, title: String, reason: String, attempts: Int, trials: Int
    ) {
        self.stage = stage
        self.kind = kind
        self.title = title
        self.reason = reason
        self.attempts = attempts
        self.trials = trials
    }
}
