public import Analysis

/// What a report says, before it has a format.
public struct ReportDocument: Sendable, Hashable {
    /// A name and its value, such as "build" and a commit.
    public struct Fact: Sendable, Hashable {
        public var name: String
        public var value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// A failure signature and the configuration that shows it.
    public struct Finding: Sendable, Hashable {
        public var row: String
        public var signature: FailureSignature

        public init(row: String, signature: FailureSignature) {
            self.row = row
            self.signature = signature
        }
    }

    /// A figure with its drawing.
    public struct Drawing: Sendable, Hashable {
        public var figure: Figure
        /// SVG as ``FigureWriter/inlineSVG(_:using:)`` gives it: it is put into the page as it is.
        public var svg: String

        public init(figure: Figure, svg: String) {
            self.figure = figure
            self.svg = svg
        }
    }

    /// One trial in detail.
    public struct Trial: Sendable, Hashable {
        public var label: String
        public var seed: Int
        public var status: ComparisonInput.Status
        public var digest: String
        /// Why it failed.
        public var reason: String?
        /// In the order in which they are shown.
        public var metrics: [Fact]
        public var settings: [Fact]

        public init(
            label: String, seed: Int, status: ComparisonInput.Status, digest: String,
            reason: String? = nil, metrics: [Fact] = [], settings: [Fact] = []
        ) {
            self.label = label
            self.seed = seed
            self.status = status
            self.digest = digest
            self.reason = reason
            self.metrics = metrics
            self.settings = settings
        }
    }

    public var title: String
    /// What the sweep asks.
    public var question: String
    /// The answer in sentences; ``ComparisonSummary`` writes them from a table.
    public var summary: [String]
    public var findings: [Finding]
    public var tables: [Table]
    public var drawings: [Drawing]
    /// Figures that could not be drawn: title and reason.
    public var undrawn: [Fact]
    public var trials: [Trial]
    /// Remarks on the trials' figures.
    public var trialNotes: [String]
    /// Command, build, processor, data and their digests: whatever is needed to do it again.
    public var provenance: [Fact]

    public init(
        title: String, question: String = "", summary: [String] = [], findings: [Finding] = [],
        tables: [Table] = [], drawings: [Drawing] = [], undrawn: [Fact] = [],
        trials: [Trial] = [],
        trialNotes: [String] = [], provenance: [Fact] = []
    ) {
        self.title = title
        self.question = question
        self.summary = summary
        self.findings = findings
        self.tables = tables
        self.drawings = drawings
        self.undrawn = undrawn
        self.trials = trials
        self.trialNotes = trialNotes
        self.provenance = provenance
    }
}
