/// Panels on one page, each with axes of its own: what is drawn and where, not how.
public struct PanelFigure: Sendable, Hashable {
    /// Units: points of the screen, 96 to an inch.
    public var width: Double
    public var height: Double
    public var panels: [Panel]

    public init(width: Double, height: Double, panels: [Panel]) {
        self.width = width
        self.height = height
        self.panels = panels
    }
}

/// A box with axes, and what is drawn in it, in order.
public struct Panel: Sendable, Hashable {
    /// A place on the page. Units: points from the page's upper left corner.
    public struct Frame: Sendable, Hashable {
        public var x: Double
        public var y: Double
        public var width: Double
        public var height: Double

        public init(x: Double, y: Double, width: Double, height: Double) {
            self.x = x
            self.y = y
            self.width = width
            self.height = height
        }
    }

    public struct Axis: Sendable, Hashable {
        /// A place with a name of its own, where numbers would mislead.
        public struct Tick: Sendable, Hashable {
            public var text: String
            public var place: Double

            public init(_ text: String, at place: Double) {
                self.text = text
                self.place = place
            }
        }

        /// With unit; empty for none.
        public var label: String
        public var range: ClosedRange<Double>
        /// From one number to the next; nil for what suits the range.
        public var step: Double?
        /// In the place of numbers; empty for an axis without any.
        public var ticks: [Tick]?
        /// Whether numbers stand beside the axis: the inner panels of a grid share those outside.
        public var isNumbered: Bool

        public init(
            _ label: String, _ range: ClosedRange<Double>, step: Double? = nil,
            ticks: [Tick]? = nil, isNumbered: Bool = true
        ) {
            self.label = label
            self.range = range
            self.step = step
            self.ticks = ticks
            self.isNumbered = isNumbered
        }
    }

    /// The axes' box; title, numbers and labels stand outside.
    public var frame: Frame
    public var title: String
    public var xAxis: Axis
    public var yAxis: Axis
    public var hasGrid: Bool
    public var layers: [Layer]

    public init(
        _ title: String, frame: Frame, xAxis: Axis, yAxis: Axis, hasGrid: Bool = false,
        layers: [Layer] = []
    ) {
        self.title = title
        self.frame = frame
        self.xAxis = xAxis
        self.yAxis = yAxis
        self.hasGrid = hasGrid
        self.layers = layers
    }
}

extension Panel {
    /// Something drawn in a panel, in the units of its axes.
    public enum Layer: Sendable, Hashable {
        case line([SIMD2<Double>], Stroke)
        /// What lies between a line and a level.
        case area([SIMD2<Double>], level: Double, colour: Colour)
        /// Discs. Units: the diameter in points.
        case points([SIMD2<Double>], diameter: Double, colour: Colour)
        case arrow(from: SIMD2<Double>, to: SIMD2<Double>, Stroke)
        case text(String, at: SIMD2<Double>, Anchor, colour: Colour)
        case map(ColourMap)
    }

    public struct Stroke: Sendable, Hashable {
        public enum Dash: Sendable, Hashable, CaseIterable { case solid, dashed, dotted }

        public var colour: Colour
        /// Units: points.
        public var width: Double
        public var dash: Dash

        public init(_ colour: Colour, width: Double = 1.2, dash: Dash = .solid) {
            self.colour = colour
            self.width = width
            self.dash = dash
        }
    }

    /// The side of a text at which its place lies.
    public enum Anchor: String, Sendable, Hashable, CaseIterable { case left, center, right }

    /// Told apart by most colour-blind readers (Okabe and Ito 2008).
    public enum Colour: String, Sendable, Hashable, CaseIterable {
        case ink = "#202020"
        case grey = "#808080"
        case pale = "#C8CDD2"
        case blue = "#0072B2"
        case orange = "#D55E00"
        case green = "#009E73"
    }

    /// Values on a grid as colours, with the bar that explains them.
    public struct ColourMap: Sendable, Hashable {
        public enum Palette: Sendable, Hashable, CaseIterable {
            /// Dark to bright; its lightness is even and colour-blind readers see it as others do.
            case viridis
            /// White to dark blue, so that lines in warm colours stand out.
            case blues
        }

        /// Shape: `[columns][rows]`, columns along x; rows from the bottom up.
        public var values: [Float]
        public var columns: Int
        /// The middle of the first and of the last column and row.
        public var x: ClosedRange<Double>
        public var y: ClosedRange<Double>
        /// Values beyond are drawn as the nearest.
        public var range: ClosedRange<Double>
        public var palette: Palette
        public var bar: Bar?

        /// Where the bar is on the page, and what it says.
        public struct Bar: Sendable, Hashable {
            public var frame: Frame
            public var label: String

            public init(_ label: String, frame: Frame) {
                self.label = label
                self.frame = frame
            }
        }

        public init(
            values: [Float], columns: Int, x: ClosedRange<Double>, y: ClosedRange<Double>,
            range: ClosedRange<Double>, palette: Palette, bar: Bar? = nil
        ) {
            precondition(columns > 0 && values.count % columns == 0, "columns of equal length")
            self.values = values
            self.columns = columns
            self.x = x
            self.y = y
            self.range = range
            self.palette = palette
            self.bar = bar
        }
    }
}
