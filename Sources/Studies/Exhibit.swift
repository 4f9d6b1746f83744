public import Foundation
public import Reports

/// Something that a study shows on the page beside tables and curves.
public struct Exhibit: Sendable, Encodable {
    public enum Content: Sendable, Encodable {
        case figure(Figure)
        case map(HeatMap)
        case sketch(Sketch)
        case scatter([ScatterPoint])
        /// To be played, each by the number that ``StudyWithExhibits/sound(_:_:)`` knows.
        case sounds([String])
        case facts([Fact])
    }

    public struct Fact: Sendable, Encodable {
        public var name: String
        public var value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    public var title: String
    /// What is seen, in sentences.
    public var caption: String
    public var content: Content

    public init(_ title: String, caption: String = "", _ content: Content) {
        self.title = title
        self.caption = caption
        self.content = content
    }
}

/// Values over two axes, from dark to light.
public struct HeatMap: Sendable, Encodable {
    public var columns: Int
    public var rows: Int
    /// A byte a value, row by row from the bottom up: 0 at ``low``, 255 at ``high``.
    public var bytes: Data
    public var low: Double
    public var high: Double
    public var unit: String
    public var xLabel: String
    public var yLabel: String
    /// What the axes reach from and to.
    public var xRange: [Double]
    public var yRange: [Double]

    /// - Parameter values: Shape: [rows][columns], the lowest row first.
    public init(
        _ values: [[Float]], unit: String, x: (label: String, range: ClosedRange<Double>),
        y: (label: String, range: ClosedRange<Double>)
    ) {
        let finite = values.lazy.joined().filter(\.isFinite)
        let (low, high) = (finite.min() ?? 0, finite.max() ?? 1)
        let scale = high > low ? 255 / (high - low) : 0
        columns = values.first?.count ?? 0
        rows = values.count
        bytes = Data(
            values.joined().map { UInt8(max(0, min(255, $0.isFinite ? ($0 - low) * scale : 0))) })
        (self.low, self.high) = (Double(low), Double(high))
        self.unit = unit
        (xLabel, yLabel) = (x.label, y.label)
        xRange = [x.range.lowerBound, x.range.upperBound]
        yRange = [y.range.lowerBound, y.range.upperBound]
    }
}

/// Places and lines on a plan, in metres.
public struct Sketch: Sendable, Encodable {
    public struct Mark: Sendable, Encodable {
        public enum Kind: String, Sendable, Encodable {
            case microphone
            case source
            case reference
        }

        public var kind: Kind
        public var label: String
        public var x: Double
        public var y: Double

        public init(_ kind: Kind, _ label: String, x: Double, y: Double) {
            self.kind = kind
            self.label = label
            self.x = x
            self.y = y
        }
    }

    public struct Line: Sendable, Encodable {
        public var points: [[Double]]
        public var isDashed: Bool

        public init(_ points: [SIMD2<Double>], isDashed: Bool = false) {
            self.points = points.map { [$0.x, $0.y] }
            self.isDashed = isDashed
        }
    }

    public var marks: [Mark]
    public var lines: [Line]

    public init(marks: [Mark], lines: [Line]) {
        self.marks = marks
        self.lines = lines
    }
}

/// A point of a map of many, coloured by a name or by a number of a circle.
public struct ScatterPoint: Sendable, Encodable {
    public var x: Double
    public var y: Double
    public var group: String
    /// Units: degrees; nil where the group is what counts.
    public var angle: Double?
    public var label: String

    public init(x: Double, y: Double, group: String, angle: Double? = nil, label: String) {
        self.x = x
        self.y = y
        self.group = group
        self.angle = angle
        self.label = label
    }
}
