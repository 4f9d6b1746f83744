import GRDB

/// Inserts many rows with few statements: a statement costs more than a row.
struct BulkInsertion {
    private let rowsAtOnce = 64
    private let database: Database
    private let head: String
    private let columns: Int
    private var values: [(any DatabaseValueConvertible)?] = []

    /// `target` names the table, with its columns where not all are given: "claims (stage, owner)".
    init(_ target: String, columns: Int, _ database: Database) {
        self.database = database
        self.columns = columns
        head = "INSERT INTO \(target) VALUES "
        values.reserveCapacity(columns * rowsAtOnce)
    }

    mutating func append(_ row: (any DatabaseValueConvertible)?...) throws {
        values.append(contentsOf: row)
        if values.count == columns * rowsAtOnce { try flush() }
    }

    /// Writes what is left; to be called at the end.
    mutating func flush() throws {
        if values.isEmpty { return }
        let row = "(" + Array(repeating: "?", count: columns).joined(separator: ",") + ")"
        let rows = Array(repeating: row, count: values.count / columns).joined(separator: ",")
        let statement = try database.cachedStatement(sql: head + rows)
        statement.setUncheckedArguments(StatementArguments(values))
        try statement.execute()
        values.removeAll(keepingCapacity: true)
    }
}
