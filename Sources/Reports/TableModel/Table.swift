/// A table as a value: computed once, then drawn by one ``TableRenderer`` a format.
public struct Table: Sendable, Hashable, Codable {
    /// One line, such as the sweep's name and description.
    public var title: String
    /// What the numbers are and on which data they were computed; whole sentences.
    public var caption: String
    /// A word for files and cross-references, such as the sweep's name.
    public var identifier: String
    /// The header above the rows' labels.
    public var labelHeader: String
    public var columns: [Column]
    /// Names of what the rows differ in: columns of their own where a format is for programs.
    public var parameters: [String]
    public var rows: [Row]
    /// Remarks that cells and labels point to by their position here.
    public var footnotes: [String]
    /// Remarks on the table as a whole.
    public var notes: [String]
    /// What a paper says in the place of a note or footnote: nothing where that is empty. All else is said as it is.
    public var paperTexts: [String: String]?
    /// Which view of a sweep this is, such as "differences": what tells its label in a paper from those of others.
    public var view: String?

    public init(
        title: String, caption: String = "", identifier: String = "table",
        labelHeader: String = "", columns: [Column] = [], parameters: [String] = [],
        rows: [Row] = [], footnotes: [String] = [], notes: [String] = []
    ) {
        self.title = title
        self.caption = caption
        self.identifier = identifier
        self.labelHeader = labelHeader
        self.columns = columns
        self.parameters = parameters
        self.rows = rows
        self.footnotes = footnotes
        self.notes = notes
    }

    /// The position of the footnote with this text, which is added where it is new.
    public mutating func footnote(_ text: String) -> Int {
        if let index = footnotes.firstIndex(of: text) { return index }
        footnotes.append(text)
        return footnotes.count - 1
    }

    /// Puts the footnotes into the order in which a reader meets them, and drops those that
    /// nothing points to.
    public mutating func sortFootnotes() {
        var order: [Int] = []
        for row in rows {
            for footnote in row.footnotes + row.cells.flatMap(\.footnotes)
            where !order.contains(footnote) {
                order.append(footnote)
            }
        }
        let position = Dictionary(uniqueKeysWithValues: zip(order, order.indices))
        for row in rows.indices {
            rows[row].footnotes = rows[row].footnotes.compactMap { position[$0] }.sorted()
            for cell in rows[row].cells.indices {
                rows[row].cells[cell].footnotes =
                    rows[row].cells[cell].footnotes.compactMap { position[$0] }.sorted()
            }
        }
        footnotes = order.map { footnotes[$0] }
    }

    /// As a paper has it: how trials went is for whoever ran them.
    func inPaper(_ remark: String) -> String { paperTexts?[remark] ?? remark }

    /// The letters of a footnote: a to z without q (which has no raised form), then aa, ab, ...
    public static func mark(_ footnote: Int) -> String {
        let letters = Array("abcdefghijklmnoprstuvwxyz")
        var remaining = footnote
        var mark = ""
        repeat {
            mark = String(letters[remaining % letters.count]) + mark
            remaining = remaining / letters.count - 1
        } while remaining >= 0
        return mark
    }

    /// Finds what ``row(named:)`` does, for who looks up many: that reads all rows for one.
    package var rowFinder: (_ label: String) -> Row? {
        func rows(by key: (String) -> String) -> [String: Row] {
            Dictionary(
                self.rows.map { (key($0.label), $0) }, uniquingKeysWith: { first, _ in first })
        }
        let (own, typed) = (rows { $0 }, rows(by: Self.typed))
        return { own[$0] ?? typed[Self.typed($0)] }
    }

    /// The row with this label, also as ``typed(_:)``.
    public func row(named label: String) -> Row? {
        rows.first { $0.label == label }
            ?? rows.first { Self.typed($0.label) == Self.typed(label) }
    }

    /// The key of the column that a reader names: by its key, or by its header, with its group and unit or
    /// without, as ``typed(_:)`` has it; nil where none or several are meant.
    package func key(ofColumn name: String) -> String? {
        if columns.contains(where: { $0.key == name }) { return name }
        let name = Self.typed(name).lowercased()
        let found = columns.filter { column in
            [column.header, column.headerWithUnit, column.fullHeader, column.fullHeading].contains {
                Self.typed($0).lowercased() == name
            }
        }
        return found.count == 1 ? found[0].key : nil
    }

    /// A label as a keyboard has it: "-" for the minus sign of "− Mixup" and for a dash, "+ Mixup" for
    /// "none + Mixup", and one space between words.
    public static func typed(_ label: String) -> String {
        let plain = label.replacing("\u{2212}", with: "-").replacing("\u{2013}", with: "-").split(
            whereSeparator: \.isWhitespace
        )
        .joined(separator: " ")
        return plain.hasPrefix("none + ") ? String(plain.dropFirst(5)) : plain
    }

    /// The labels of the rows that others are compared with, in the order of the rows.
    public var baselines: [String] {
        var known: Set<String> = []
        return rows.compactMap(\.versus).filter { known.insert($0).inserted }
    }

    /// The positions of the columns of figures, those included of which nothing says what is better.
    package var figures: [Int] {
        columns.indices.filter { column in
            columns[column].better != nil
                || rows.contains { row in
                    if case .summary = row.cells[column].content { true } else { false }
                }
        }
    }

    /// Whether a column has a row without the mark of the best whose mean is better than that of one that has it.
    var hasBestBehindOthers: Bool {
        columns.indices.contains { column in
            guard let better = columns[column].better else { return false }
            let competing = rows.filter { row in
                !row.isReference || rows.contains { $0.isReference && $0.cells[column].isBest }
            }
            let best = competing.filter { $0.cells[column].isBest }
            return competing.contains { row in
                !row.cells[column].isBest
                    && best.contains { other in
                        guard let own = row.cells[column].value,
                            let marked = other.cells[column].value
                        else { return false }
                        return better.prefers(own, to: marked)
                    }
            }
        }
    }

    /// Whether a cell of the table is marked as its column's best.
    public var hasBest: Bool {
        rows.contains { row in row.cells.contains { $0.isBest } }
    }
}
