public import Analysis
public import Digests
public import Reports

/// A figure of merit: said once, shown in tables, tests, drawings and options.
public struct FigureDefinition: Sendable, Hashable {
    /// As files and options have it: `median_error`.
    public var name: String
    /// As a column has it: "median error".
    public var header: String
    public var unit: String?
    public var better: Direction?
    public var decimals: Int
    /// Where it is seen when nobody asks for it.
    public var display: Display
    /// What to do where no trial has left it, as the end of a sentence; nil where it was unknown to the
    /// program that ran them.
    public var absence: String?

    /// Where a figure is seen when nobody asks for it.
    public enum Display: Sendable, Hashable {
        /// In every table.
        case tables
        /// In a table of its own in reports.
        case reports
        case nowhere
    }

    public init(
        name: String, header: String? = nil, unit: String? = nil, better: Direction? = nil,
        decimals: Int = 1, display: Display = .tables, absence: String? = nil
    ) {
        self.name = name
        self.header = header ?? name.replacing("_", with: " ")
        self.unit = unit
        self.better = better
        self.decimals = decimals
        self.display = display
        self.absence = absence
    }

    /// The column of an evaluation.
    func column(of evaluation: EvaluationDefinition, isOfReferences: Bool = false)
        -> ComparisonInput.Metric
    {
        .init(
            key: evaluation.key(name), header: header, group: evaluation.header, unit: unit,
            better: better, decimals: decimals, isOfReferences: isOfReferences)
    }
}

/// Something that a sweep can ask for under `evaluation`: a stage that leaves figures.
public struct EvaluationDefinition: Sendable, Hashable {
    /// The stage that computes it.
    public var stage: String
    /// What the keys of its figures begin with, `probe` of `probe_error`; empty where they are the
    /// figures' own names.
    public var prefix: String
    /// The header above its columns; nil for none.
    public var header: String?
    /// Set where it is a row of its own, below the configurations.
    public var reference: Reference?
    /// The names of the figures that it leaves; nil for all that the study has.
    public var figures: Set<String>?

    /// A row that stands for itself: what happens without what the sweep varies.
    public struct Reference: Sendable, Hashable {
        public var label: String
        /// Beside curves, where room is short.
        public var shortLabel: String
        /// The evaluation in whose columns its figures stand.
        public var column: String

        public init(label: String, shortLabel: String? = nil, column: String) {
            self.label = label
            self.shortLabel = shortLabel ?? label
            self.column = column
        }
    }

    public init(
        stage: String, prefix: String? = nil, header: String? = nil, reference: Reference? = nil,
        figures: Set<String>? = nil
    ) {
        self.stage = stage
        self.prefix = prefix ?? stage
        self.header = header
        self.reference = reference
        self.figures = figures
    }

    /// Whether it can leave a figure.
    func leaves(_ figure: FigureDefinition) -> Bool { figures?.contains(figure.name) ?? true }

    /// A figure's key among the metrics of a trial.
    package func key(_ figure: String) -> String {
        prefix.isEmpty ? figure : "\(prefix)_\(figure)"
    }

    /// The figure that a key of this evaluation names; nil for a key of something else.
    func figure(ofKey key: String) -> String? {
        if prefix.isEmpty { return key }
        return key.hasPrefix(prefix + "_") ? String(key.dropFirst(prefix.count + 1)) : nil
    }
}

/// Predictions in a store that no stage writes.
public struct DamagedPredictions: Error, Sendable, Hashable {
    /// What is wrong with them, as the end of a sentence: "cannot be read".
    public var detail: String

    public init(_ detail: String) { self.detail = detail }
}

/// What the numbers of items and groups mean beyond the predictions that have them.
public enum ItemNumbering: Sendable, Hashable {
    /// The same in all predictions of a sweep.
    case ofSweep
    /// The same in all predictions with the same items in the same groups, whose digest this is.
    case byName(Digest)
    /// Nothing: earlier versions counted items in the order of a file.
    case ofFile
}

/// What a stage said of each item that it was tested on, as the store keeps it: figures that are added
/// later, and the intervals that a sample of items gives, come from it.
public protocol StoredPredictions: Sendable {
    /// How many predictions there are.
    var count: Int { get }
    /// The item of each, such as a clip.
    var items: [Int] { get }
    /// The group of each: items of one group are no independent evidence.
    var clusters: [Int] { get }
    /// Which other predictions have the same numbers for the same items and groups.
    var numbering: ItemNumbering { get }
    /// What an item is called: "clip".
    var noun: String { get }
    /// Nil for a figure that cannot be computed from them.
    func value(of figure: String) -> Double?
    /// The 95 % interval over samples of groups; nil where a figure has none.
    func interval(of figure: String) -> ConfidenceInterval?
    /// What each prediction adds to a figure that is the mean of these, in its unit; nil for a figure
    /// that is no mean.
    func itemValues(of figure: String) -> [Double]?
    /// Why a figure has no interval, as what follows "since"; of one that has none alone.
    func absence(of figure: String) -> String
}

extension StoredPredictions {
    public func absence(of figure: String) -> String {
        "it is no mean of what the predictions say of each \(noun)"
    }

    /// Each item by itself.
    public var clusters: [Int] { items }

    /// By the data of the sweep.
    public var numbering: ItemNumbering { .ofSweep }

    public func itemValues(of figure: String) -> [Double]? { nil }
}
