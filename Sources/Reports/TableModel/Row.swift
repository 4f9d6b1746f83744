/// A row of a ``Table``.
public struct Row: Sendable, Hashable, Codable {
    public var label: String
    /// One a column, in the columns' order.
    public var cells: [Cell]
    /// A reference (raw features, random encoder, from scratch) is set apart from the
    /// configurations that compete with each other.
    public var isReference: Bool
    /// The row that the others are compared with.
    public var isBaseline: Bool
    /// The label of the row that this one is compared with, where it is compared with any.
    public var versus: String?
    /// Rows of different groups are parted by a rule; the name is for programs.
    public var group: String?
    /// Footnotes of the label.
    public var footnotes: [Int]
    /// Where its figures come from, where that is not here: for formats without notes.
    public var origin: String?
    /// What the row's parameters are, as programs read it, by the names in ``Table/parameters``.
    public var parameters: [String: String]

    public init(
        label: String, cells: [Cell], isReference: Bool = false, isBaseline: Bool = false,
        versus: String? = nil, group: String? = nil, footnotes: [Int] = [],
        parameters: [String: String] = [:]
    ) {
        self.label = label
        self.cells = cells
        self.isReference = isReference
        self.isBaseline = isBaseline
        self.versus = versus
        self.group = group
        self.footnotes = footnotes
        self.parameters = parameters
    }

    /// Whether a rule parts this row from the one before it.
    func isParted(from previous: Row) -> Bool {
        isReference != previous.isReference || group != previous.group
    }
}
