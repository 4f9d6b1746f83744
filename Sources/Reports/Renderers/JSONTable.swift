import Analysis

/// JSON with everything that the table holds: full digits, the trials behind each cell, remarks.
public struct JSONTable: TableRenderer {
    public init() {}

    public func render(_ table: Table, to stream: inout some TextOutputStream) {
        let value = JSONText.object([
            ("title", .text(table.title)),
            ("caption", .text(table.caption)),
            ("identifier", .text(table.identifier)),
            ("columns", .array(table.columns.map(Self.column))),
            (
                "rows",
                .array(table.rows.map { Self.row($0, columns: table.columns) })
            ),
            (
                "footnotes",
                .array(
                    table.footnotes.enumerated().map { index, text in
                        .object([("mark", .text(Table.mark(index))), ("text", .text(text))])
                    })
            ),
            ("notes", .array(table.notes.map { .text($0) })),
        ])
        value.write(to: &stream)
        stream.write("\n")
    }

    private static func column(_ column: Column) -> JSONText {
        .object([
            ("key", .text(column.key)),
            ("header", .text(column.header)),
            ("group", .optional(column.group)),
            ("unit", .optional(column.unit)),
            ("better", .optional(column.better?.rawValue)),
            ("decimals", .integer(column.decimals)),
        ])
    }

    private static func row(_ row: Row, columns: [Column]) -> JSONText {
        .object([
            ("label", .text(row.label)),
            ("reference", .boolean(row.isReference)),
            ("baseline", .boolean(row.isBaseline)),
            ("versus", .optional(row.versus)),
            ("group", .optional(row.group)),
            ("footnotes", marks(row.footnotes)),
            ("cells", .object(zip(columns, row.cells).map { ($0.key, cell($1)) })),
        ])
    }

    private static func cell(_ cell: Cell) -> JSONText {
        var members = content(cell.content)
        members.append(("best", .boolean(cell.isBest)))
        if !cell.footnotes.isEmpty { members.append(("footnotes", marks(cell.footnotes))) }
        if !cell.sources.isEmpty {
            let sources = cell.sources.map { source in
                JSONText.object(
                    [("seed", .integer(source.seed)), ("value", .number(source.value))]
                        + interval(source.interval) + [("trial", .text(source.trial))])
            }
            members.append(("trials", .array(sources)))
        }
        return .object(members)
    }

    private static func content(_ content: Cell.Content) -> [(String, JSONText)] {
        switch content {
        case .summary(let summary):
            [
                ("mean", .number(summary.mean)), ("sd", .optional(summary.standardDeviation)),
                ("n", .integer(summary.count)),
            ]
        case .number(let number): [("value", .number(number))]
        case .count(let count): [("value", .integer(count))]
        case .difference(let difference, adjustedPValue: let adjusted):
            [
                ("difference", .number(difference.summary.mean)),
                ("sd", .optional(difference.summary.standardDeviation)),
                ("n", .integer(difference.summary.count)),
                ("lower", .optional(difference.interval?.lower)),
                ("upper", .optional(difference.interval?.upper)),
                ("level", .optional(difference.interval?.level)),
                ("interval", .text(difference.intervalMethod.rawValue)),
                ("resamples", difference.resamples.map { .integer($0) } ?? .null),
                ("test", .text(difference.test.rawValue)),
                ("p", .number(difference.pValue)),
                ("p_smallest", .number(difference.smallestPValue)),
                ("p_adjusted", .optional(adjusted)),
                ("effect_size", .optional(difference.effectSize)),
                ("seeds", .array(difference.seeds.map { .integer($0) })),
            ]
        case .effect(let summary, let interval):
            [
                ("effect", .number(summary.mean)), ("sd", .optional(summary.standardDeviation)),
                ("n", .integer(summary.count)), ("lower", .optional(interval?.lower)),
                ("upper", .optional(interval?.upper)), ("level", .optional(interval?.level)),
            ]
        case .estimate(let value, let found): [("value", .number(value))] + interval(found)
        case .text(let text): [("text", .text(text))]
        case .missing: [("missing", .boolean(true))]
        case .notApplicable: [("applicable", .boolean(false))]
        }
    }

    /// Nothing where there is none.
    private static func interval(_ interval: ConfidenceInterval?) -> [(String, JSONText)] {
        guard let interval else { return [] }
        return [
            ("lower", .number(interval.lower)), ("upper", .number(interval.upper)),
            ("level", .number(interval.level)),
        ]
    }

    private static func marks(_ footnotes: [Int]) -> JSONText {
        .array(footnotes.map { .text(Table.mark($0)) })
    }
}
