public import Digests

/// A configuration of a sweep: one row of its table, shared by the trials of all its seeds.
public struct PlannedRow: Sendable, Hashable {
    /// Position in the table, from 0, unique within the sweep.
    public var index: Int
    public var label: String
    /// The complete settings as a JSON object.
    public var settings: String
    /// The varied parameters only, as a JSON object; its keys become columns of `trial_results`.
    public var varied: String
    public var isBaseline: Bool
    /// ``index`` of the row that this one is compared with; nil where there is none.
    public var baseline: Int?

    public init(
        index: Int, label: String, settings: String = "{}", varied: String = "{}",
        isBaseline: Bool = false, baseline: Int? = nil
    ) {
        self.index = index
        self.label = label
        self.settings = settings
        self.varied = varied
        self.isBaseline = isBaseline
        self.baseline = baseline
    }
}

/// A trial: a configuration with a seed, and the stages that answer it.
public struct PlannedTrial: Sendable, Hashable, Identifiable {
    /// The digest of settings, data and seed.
    public var id: Digest
    /// ``PlannedRow/index`` of its configuration.
    public var row: Int
    public var seed: Int
    /// Every stage that must be finished for the trial to be finished, in the order of the work.
    public var stages: [Digest]

    public init(id: Digest, row: Int, seed: Int, stages: [Digest]) {
        self.id = id
        self.row = row
        self.seed = seed
        self.stages = stages
    }
}

/// A comparison that a sweep is made to show, across rows and evaluations.
public struct PlannedClaim: Sendable, Hashable {
    /// Equal for equal comparisons of the same results.
    public var id: String
    /// ``PlannedRow/index`` of the rows that it is about.
    public var rows: [Int]

    public init(id: String, rows: [Int]) {
        self.id = id
        self.rows = rows
    }
}

/// All that the store is told about a sweep before it runs.
public struct SweepRegistration: Sendable {
    public var name: String
    /// The sweep file as it was read.
    public var sourceText: String
    /// Facts for captions: data set, whether it is synthetic, program version.
    public var facts: [String: String]
    /// The names of the varied parameters, in the order in which tables show them.
    public var parameters: [String]
    public var rows: [PlannedRow]
    public var trials: [PlannedTrial]
    /// Every stage that the trials name, and every stage that those depend on.
    public var stages: [Stage]
    /// How many metrics of each row are tested against its baseline.
    public var testedMetrics: Int
    /// Their names; empty where only their number is known.
    public var testedNames: [String]
    /// What the sweep is made to show.
    public var claims: [PlannedClaim]
    /// Where the files lie that people take with them, below the folder of results, by the kind of stage that leaves
    /// them: `*` stands for the stage's digest.
    public var modelFiles: [String: String]
    /// Whether the plan is open from its first seed on, instead of fixed.
    public var isOpen: Bool

    public init(
        name: String, sourceText: String = "", facts: [String: String] = [:],
        parameters: [String] = [], rows: [PlannedRow], trials: [PlannedTrial], stages: [Stage],
        testedMetrics: Int = 1, testedNames: [String] = [], claims: [PlannedClaim] = [],
        modelFiles: [String: String] = [:], isOpen: Bool = false
    ) {
        self.name = name
        self.sourceText = sourceText
        self.facts = facts
        self.parameters = parameters
        self.rows = rows
        self.trials = trials
        self.stages = stages
        self.testedMetrics = testedMetrics
        self.testedNames = testedNames
        self.claims = claims
        self.modelFiles = modelFiles
        self.isOpen = isOpen
    }
}
