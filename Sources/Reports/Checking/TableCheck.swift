/// Compares numbers printed in a text with the table as it is now.
///
/// Two kinds of markers are understood, in LaTeX and in Markdown alike:
///
///     % ablate table NAME               <!-- ablate table NAME -->
///     ... rows of cells ...             | rows | of | cells |
///     % ablate end                      <!-- ablate end -->
///
/// and for single numbers in LaTeX text `\ablate{row label}{column key}{53.4}`, with
/// `\newcommand{\ablate}[3]{#3}` in the preamble. In a block the rows are found by their labels and
/// the cells by their position (where not all columns stand beside each other, a comment
/// `% ablate columns KEY KEY ...` says which do in the rows that follow); a printed number must be ours,
/// rounded to the digits printed, and bold only where it is the best. A heading must not name another
/// column than the one below it, and a remark of ours must be as it is now. Rows of ours that a block
/// leaves out are no mismatch, since papers choose, but are named; whatever is marked and cannot be
/// compared is one.
public enum TableCheck {
    /// What the text is written in.
    public enum Syntax: Sendable, Hashable {
        case latex
        case markdown
    }

    /// A number, or a place, that is not what the table says.
    public struct Mismatch: Sendable, Hashable, CustomStringConvertible {
        /// Counted from 1.
        public var line: Int
        public var row: String
        public var column: String
        public var printed: String
        /// What the table says; nil where the table has no such row, column or number.
        public var current: String?
        /// What is wrong, where it is not a number that differs.
        public var problem: String?

        public init(
            line: Int, row: String, column: String, printed: String, current: String?,
            problem: String? = nil
        ) {
            self.line = line
            self.row = row
            self.column = column
            self.printed = printed
            self.current = current
            self.problem = problem
        }

        public var description: String {
            if let problem { return "line \(line): \(problem)" }
            return
                "line \(line): \(row), \(column): printed \(printed), now \(current ?? "nothing")"
        }
    }

    /// What a check has found.
    public struct Outcome: Sendable, Hashable {
        public var mismatches: [Mismatch] = []
        /// How many numbers were compared: none means that the text has no marker for this table.
        public var compared = 0
        /// What the text may leave out, and a reader should know of.
        public var remarks: [String] = []

        public init() {}
    }

    /// Checks the blocks named after the table's identifier and every single number.
    ///
    /// - Parameter syntax: nil where only the markers tell: by them a block is Markdown, or LaTeX.
    public static func check(
        _ text: String, against table: Table, syntax: Syntax? = nil
    ) -> Outcome {
        var checker = TableChecker(table)
        checker.check(PaperSource(text, syntax ?? guess(text)))
        return checker.outcome
    }

    /// The names of the tables whose blocks a text has, with the lines where these begin.
    public static func blocks(in text: String, syntax: Syntax? = nil) -> [(name: String, line: Int)]
    {
        PaperSource(text, syntax ?? guess(text)).parts.compactMap { part in
            if case .marker(.begin(let name), let line) = part { (name, line) } else { nil }
        }
    }

    private static func guess(_ text: String) -> Syntax {
        text.contains(#/<!--\s*ablate/#) && !text.contains(#/\\begin\s*\{/#) ? .markdown : .latex
    }
}
