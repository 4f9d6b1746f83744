public import Analysis

/// What a comparison table is made from: configurations, their trials, and what was measured.
public struct ComparisonInput: Sendable, Hashable {
    /// What has become of a trial.
    public enum Status: String, Sendable, Hashable, Codable {
        case finished
        case failed
        case running
        case pending
        case cancelled
    }

    /// One configuration with one seed.
    public struct Trial: Sendable, Hashable {
        public var seed: Int
        public var status: Status
        /// By the metrics' keys.
        public var metrics: [String: Double]
        /// Of the same metrics, from the trial's own test set, in the units of ``metrics``; none
        /// where they are not asked for.
        public var intervals: [String: ConfidenceInterval]
        /// Why it failed.
        public var reason: String?
        /// The trial's digest, by which the table leads back to it.
        public var digest: String
        /// What computed it, such as a commit and a processor; nil where unknown.
        public var build: String?

        public init(
            seed: Int, status: Status, metrics: [String: Double] = [:],
            intervals: [String: ConfidenceInterval] = [:], reason: String? = nil,
            digest: String = "", build: String? = nil
        ) {
            self.seed = seed
            self.status = status
            self.metrics = metrics
            self.intervals = intervals
            self.reason = reason
            self.digest = digest
            self.build = build
        }
    }

    /// A configuration, or a reference (raw features, random encoder, from scratch).
    public struct Configuration: Sendable, Hashable {
        public var label: String
        public var trials: [Trial]
        public var isBaseline: Bool
        /// The label of the configuration that this one is compared with; nil for none. Where no
        /// configuration names any, all are compared with the first baseline.
        public var versus: String?
        /// References stand apart, below the configurations, and may lack metrics.
        public var isReference: Bool
        /// Neighbouring configurations of different groups are parted by a rule.
        public var group: String?
        /// Published values by the metrics' keys, in the table's unit.
        public var paper: [String: Double]
        /// The labels of the references that this configuration is judged by; nil for all.
        public var references: [String]?
        /// Whether one run stands for all seeds, because nothing in it is left to chance.
        public var involvesNoChance: Bool
        /// When its comparison with the baseline may be looked at.
        public var looks: Looks
        /// How many comparisons are corrected for at once with this row's; nil for all of the table.
        public var comparisons: Int?
        /// Which rows these comparisons are of: rows that came after a look are a family of their own.
        public var family: Int
        /// Whether its baseline was named when figures of both were there already.
        public var hasLateBaseline: Bool
        /// The keys of all metrics that it was ever tested in; empty where nobody knows.
        public var formerMetrics: [String]
        /// How often figures of it that had been looked at were computed again, and came out others.
        public var redone: Int
        /// ``Row/parameters``
        public var parameters: [String: String]

        public init(
            label: String, trials: [Trial], isBaseline: Bool = false, versus: String? = nil,
            isReference: Bool = false, group: String? = nil, paper: [String: Double] = [:],
            references: [String]? = nil, involvesNoChance: Bool = false, looks: Looks = .fixed,
            comparisons: Int? = nil, family: Int = 0, hasLateBaseline: Bool = false,
            formerMetrics: [String] = [], redone: Int = 0, parameters: [String: String] = [:]
        ) {
            self.label = label
            self.trials = trials
            self.isBaseline = isBaseline
            self.versus = versus
            self.isReference = isReference
            self.group = group
            self.paper = paper
            self.references = references
            self.involvesNoChance = involvesNoChance
            self.looks = looks
            self.comparisons = comparisons
            self.family = family
            self.hasLateBaseline = hasLateBaseline
            self.formerMetrics = formerMetrics
            self.redone = redone
            self.parameters = parameters
        }

        /// The finite values of a metric by seed, of finished trials, in the metric's unit.
        func values(of metric: Metric) -> [Int: Double] {
            var values: [Int: Double] = [:]
            for trial in trials.sorted(by: { ($0.seed, $0.digest) < ($1.seed, $1.digest) })
            where trial.status == .finished && values[trial.seed] == nil {
                guard let value = trial.metrics[metric.key], (value * metric.scale).isFinite else {
                    continue
                }
                values[trial.seed] = value * metric.scale
            }
            return values
        }
    }

    /// A metric that becomes a column.
    public struct Metric: Sendable, Hashable {
        public var key: String
        public var header: String
        /// A header shared with the neighbours, such as "Linear probe".
        public var group: String?
        public var unit: String?
        public var better: Direction?
        /// As many at least: where they would show every figure as zero, there are more (``ComparisonInput``).
        public var decimals: Int
        /// What the stored value is multiplied by, such as 100 for a share shown in percent.
        public var scale: Double
        /// Whether references alone are measured by it: other rows do not lack it.
        public var isOfReferences: Bool
        /// The smallest difference that matters, in the table's unit; nil where nobody has said.
        public var smallestEffect: Double?

        public init(
            key: String, header: String, group: String? = nil, unit: String? = nil,
            better: Direction? = nil, decimals: Int = 1, scale: Double = 1,
            isOfReferences: Bool = false, smallestEffect: Double? = nil
        ) {
            self.key = key
            self.header = header
            self.group = group
            self.unit = unit
            self.better = better
            self.decimals = decimals
            self.scale = scale
            self.isOfReferences = isOfReferences
            self.smallestEffect = smallestEffect
        }
    }

    /// The sweep's name.
    public var name: String
    /// What the sweep asks; one line.
    public var summary: String
    /// What the labels are, such as "Pretraining".
    public var labelHeader: String
    /// ``Table/parameters``
    public var parameters: [String]
    public var configurations: [Configuration]
    public var metrics: [Metric]
    /// The metrics whose differences are tested, all together one family, whichever of them are
    /// shown; nil for those that are shown.
    public var tested: [Metric]?
    /// The seeds that every configuration should have; those that any trial has are added.
    public var seeds: [Int]
    /// The data, such as "FSDnoisy18k (947 test clips)".
    public var dataSet: String
    /// Whether the sounds were made by the program instead of recorded.
    public var isSynthetic: Bool
    /// Whether references compete for the best value too.
    public var referencesCompete: Bool
    /// Whether differences against the baseline are shown beside the metrics that have a better.
    public var showsDifferences: Bool
    /// Further remarks below the table.
    public var notes: [String]

    public init(
        name: String, summary: String = "", labelHeader: String = "Configuration",
        parameters: [String] = [], configurations: [Configuration], metrics: [Metric],
        tested: [Metric]? = nil,
        seeds: [Int] = [],
        dataSet: String = "", isSynthetic: Bool = false, referencesCompete: Bool = false,
        showsDifferences: Bool = false, notes: [String] = []
    ) {
        self.name = name
        self.summary = summary
        self.labelHeader = labelHeader
        self.parameters = parameters
        self.configurations = configurations
        func readable(_ metrics: [Metric]) -> [Metric] {
            metrics.map { metric in
                var metric = metric
                metric.decimals = NumberText.decimals(
                    showingOneOf: configurations.flatMap { $0.values(of: metric).values },
                    atLeast: metric.decimals)
                return metric
            }
        }
        self.metrics = readable(metrics)
        self.tested = tested.map(readable)
        self.seeds = seeds
        self.dataSet = dataSet
        self.isSynthetic = isSynthetic
        self.referencesCompete = referencesCompete
        self.showsDifferences = showsDifferences
        self.notes = notes
    }

    /// As many comparisons as a row counts as for those who correct: once more for each time that its
    /// figures were looked at, given up, and came out others, so that its share of the errors is halved each time.
    static func counted(_ comparisons: Int, redone: Int) -> Int {
        comparisons << min(max(0, redone), 20)
    }

    /// How many comparisons are corrected for at once: rows with a baseline times tested metrics,
    /// finished or not.
    public var comparisonCount: Int {
        let baselines = baselines
        return baselines.indices.count { baselines[$0] != nil && baselines[$0] != $0 }
            * family.count
    }

    /// Why some of its figures have no differences and no verdicts, a sentence; nil where all can have them.
    package var unjudged: String? {
        let names = (tested ?? metrics).filter { $0.better == nil }.map(\.name)
        guard !names.isEmpty else { return nil }
        return
            "\(names.joined(separator: ", ")): no differences and no verdicts, since nothing says whether "
            + "higher or lower is better."
    }

    /// Whether any of its figures can be better.
    package var isJudged: Bool { !family.isEmpty }

    /// The metrics whose differences are tested.
    var family: [Metric] { (tested ?? metrics).filter { $0.better != nil } }
}
