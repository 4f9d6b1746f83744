/// A figure as a value: what is drawn, not how.
public struct Figure: Sendable, Hashable, Codable {
    /// A bar with the interval of its value.
    public struct Bar: Sendable, Hashable, Codable {
        public var label: String
        public var value: Double
        /// The interval's bounds; nil where there is none, as for a single seed.
        public var lower: Double?
        public var upper: Double?
        /// References are drawn in grey.
        public var isReference: Bool
        /// What the value is the mean of, such as one value a seed: dots, which a bar would hide.
        public var points: [Double]

        public init(
            label: String, value: Double, lower: Double? = nil, upper: Double? = nil,
            isReference: Bool = false, points: [Double] = []
        ) {
            self.label = label
            self.value = value
            self.lower = lower
            self.upper = upper
            self.isReference = isReference
            self.points = points
        }
    }

    /// A difference with its interval: a line of a forest plot.
    public struct Difference: Sendable, Hashable, Codable {
        /// What the interval says, told apart by colour.
        public enum Tone: Int, Sendable, Hashable, Codable {
            case undecided
            case better
            case worse
            case negligible
        }

        public var label: String
        public var value: Double
        public var lower: Double?
        public var upper: Double?
        public var tone: Tone
        /// One a seed.
        public var points: [Double]

        public init(
            label: String, value: Double, lower: Double? = nil, upper: Double? = nil,
            tone: Tone = .undecided, points: [Double] = []
        ) {
            self.label = label
            self.value = value
            self.lower = lower
            self.upper = upper
            self.tone = tone
            self.points = points
        }
    }

    /// Values of two settings: one down, one across.
    public struct Grid: Sendable, Hashable, Codable {
        /// From the top down, and from left to right.
        public var down: [String]
        public var across: [String]
        /// Shape: `[down][across]`; nil where there is none.
        public var values: [[Double?]]
        /// The same shape: cells that are marked.
        public var isMarked: [[Bool]]
        public var decimals: Int
        /// Whether larger values are the darker ones.
        public var isDarkHigh: Bool

        public init(
            down: [String], across: [String], values: [[Double?]], isMarked: [[Bool]],
            decimals: Int = 1, isDarkHigh: Bool = true
        ) {
            self.down = down
            self.across = across
            self.values = values
            self.isMarked = isMarked
            self.decimals = decimals
            self.isDarkHigh = isDarkHigh
        }
    }

    /// A point with the interval of its height.
    public struct Point: Sendable, Hashable, Codable {
        public var x: Double
        public var y: Double
        public var lower: Double?
        public var upper: Double?

        public init(x: Double, y: Double, lower: Double? = nil, upper: Double? = nil) {
            self.x = x
            self.y = y
            self.lower = lower
            self.upper = upper
        }
    }

    /// Points that belong together. Series of one label, such as the seeds of a configuration,
    /// share a colour and an entry in the key.
    public struct Series: Sendable, Hashable, Codable {
        public var label: String
        public var points: [Point]

        public init(label: String, points: [Point]) {
            self.label = label
            self.points = points
        }
    }

    /// Counts between edges; drawn as densities, so that histograms of different sizes compare.
    public struct Histogram: Sendable, Hashable, Codable {
        public var label: String
        /// Ascending, one more than there are counts.
        public var edges: [Double]
        public var counts: [Double]

        public init(label: String, edges: [Double], counts: [Double]) {
            precondition(
                edges.count == counts.count + 1, "a histogram has one edge more than counts")
            self.label = label
            self.edges = edges
            self.counts = counts
        }

        /// Shares a unit of the axis, one a bin; 0 where nothing was counted.
        public var densities: [Double] {
            let total = counts.reduce(0, +)
            return counts.indices.map { index in
                let width = edges[index + 1] - edges[index]
                return total > 0 && width > 0 ? counts[index] / total / width : 0
            }
        }
    }

    public enum Content: Sendable, Hashable, Codable {
        /// Horizontal, the first at the top.
        case bars([Bar])
        /// Lines, such as losses by step.
        case curves([Series])
        /// Points with intervals, joined by lines.
        case points([Series])
        /// Values by direction, a closed line a series: `x` in degrees, 0 at the top, counter-clockwise.
        case circle([Series])
        /// ``Figure/bounds`` are those of the densities.
        case histograms([Histogram])
        /// Rows are the true classes, columns the predicted ones; shaded by the share of the row.
        case confusion(labels: [String], counts: [[Int]])
        /// Differences from zero, the first at the top; `band` is half of what is shaded about zero.
        case forest([Difference], band: Double?)
        case grid(Grid)
    }

    /// A place of the horizontal axis with a word in the place of its number.
    public struct Word: Sendable, Hashable, Codable {
        public var x: Double
        public var text: String

        public init(x: Double, text: String) {
            self.x = x
            self.text = text
        }
    }

    /// A word for file names.
    public var identifier: String
    public var title: String
    /// What is drawn and on which data, in sentences.
    public var caption: String
    /// With unit.
    public var xLabel: String
    public var yLabel: String
    public var hasLogarithmicX: Bool
    /// Where the horizontal axis has its marks; none for marks at the points, or where gnuplot likes.
    public var xTicks: [Double]
    /// A place beyond the numbers that stands for a word, such as "all".
    public var xWord: Word?
    /// What the measured quantity cannot leave, such as 0 to 100 %: the axis ends there, an interval
    /// that reaches beyond is cut.
    public var bounds: ClosedRange<Double>?
    public var content: Content

    public init(
        identifier: String, title: String, caption: String = "", xLabel: String = "",
        yLabel: String = "", hasLogarithmicX: Bool = false, xTicks: [Double] = [],
        xWord: Word? = nil,
        bounds: ClosedRange<Double>? = nil, content: Content
    ) {
        self.identifier = identifier
        self.title = title
        self.caption = caption
        self.xLabel = xLabel
        self.yLabel = yLabel
        self.hasLogarithmicX = hasLogarithmicX
        self.xTicks = xTicks
        self.xWord = xWord
        self.bounds = bounds
        self.content = content
    }

    /// The bounds of quantities with this unit: percent and absolute angles.
    public static func bounds(ofUnit unit: String?) -> ClosedRange<Double>? {
        switch unit {
        case "%": 0...100
        case "°": 0...180
        default: nil
        }
    }

    /// Title and caption in one line: what stands below the figure in a paper.
    public var heading: String {
        PlainText.oneLine(
            [title.isEmpty ? "" : "\(title).", caption].filter { !$0.isEmpty }.joined(
                separator: " "))
    }

    /// Whether an interval reaches beyond ``bounds``.
    public var cutsIntervals: Bool {
        guard let bounds else { return false }
        let ends: [Double?] =
            switch content {
            case .bars(let bars): bars.flatMap { [$0.lower, $0.upper] }
            case .curves(let series), .points(let series):
                series.flatMap { $0.points.flatMap { [$0.lower, $0.upper] } }
            case .circle, .histograms, .confusion, .forest, .grid: []
            }
        return ends.contains { end in end.map { !bounds.contains($0) } ?? false }
    }

    /// Whether there is a finite number to draw.
    public var isEmpty: Bool {
        switch content {
        case .bars(let bars): !bars.contains { $0.value.isFinite }
        case .curves(let series), .points(let series), .circle(let series):
            !series.contains { $0.points.contains { $0.x.isFinite && $0.y.isFinite } }
        case .histograms(let histograms):
            !histograms.contains { $0.counts.reduce(0, +) > 0 }
        case .confusion(labels: _, let counts):
            !counts.contains { $0.contains { $0 > 0 } }
        case .forest(let differences, band: _): !differences.contains { $0.value.isFinite }
        case .grid(let grid):
            !grid.values.contains { $0.contains { $0?.isFinite ?? false } }
        }
    }
}
