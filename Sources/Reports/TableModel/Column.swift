/// Which way a metric improves.
public enum Direction: String, Sendable, Hashable, Codable {
    case higher
    case lower

    /// Whether `value` is better than `other`.
    public func prefers(_ value: Double, to other: Double) -> Bool {
        self == .higher ? value > other : value < other
    }
}

/// A column of a ``Table``.
public struct Column: Sendable, Hashable, Codable {
    public enum Alignment: String, Sendable, Hashable, Codable {
        case left
        case right
    }

    /// A name for programs, such as `probe_accuracy`: CSV and JSON are keyed by it.
    public var key: String
    public var header: String
    /// A header shared with the neighbours of the same group, such as "Linear probe".
    public var group: String?
    /// Such as "%"; shown in the header.
    public var unit: String?
    public var alignment: Alignment
    /// Which way is better; nil where the column is no matter of better or worse.
    public var better: Direction?
    /// Digits after the point.
    public var decimals: Int
    /// Whether it tells rows of one label apart, as a seed does: where a format breaks a table, every
    /// part has it.
    public var identifies: Bool

    public init(
        key: String, header: String, group: String? = nil, unit: String? = nil,
        alignment: Alignment = .right, better: Direction? = nil, decimals: Int = 1,
        identifies: Bool = false
    ) {
        self.key = key
        self.header = header
        self.group = group
        self.unit = unit
        self.alignment = alignment
        self.better = better
        self.decimals = decimals
        self.identifies = identifies
    }

    /// Header and unit: "accuracy (%)", but "error (°)" as well.
    var headerWithUnit: String { header + Self.inParentheses(unit: unit) }

    /// ``headerWithUnit`` and which way is better, as tables in papers have it.
    var heading: String { headerWithUnit + arrow }

    /// Group and ``heading`` on one line, for formats with one line of headers.
    var fullHeading: String { fullHeader + arrow }

    private var arrow: String {
        switch better {
        case .higher: " \u{2191}"
        case .lower: " \u{2193}"
        case nil: ""
        }
    }

    /// What follows a name: " (%)"; nothing where there is no unit.
    package static func inParentheses(unit: String?) -> String {
        guard let unit, !unit.isEmpty else { return "" }
        return " (\(unit))"
    }

    /// Group, header and unit on one line, for formats with one line of headers.
    var fullHeader: String {
        guard let group, !group.isEmpty else { return headerWithUnit }
        return "\(group): \(headerWithUnit)"
    }
}
