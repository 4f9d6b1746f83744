/// Something that must hold of the settings of every row.
public struct SettingCheck: Sendable {
    /// A row as a check sees it.
    public struct Row: Sendable {
        /// Complete, and as the file gives them: those without effect too.
        public var settings: [String: SettingValue]
        /// The keys that the file gives.
        public var given: Set<String>
        /// The settings of the data, complete.
        public var data: [String: SettingValue]
        /// What is evaluated.
        public var evaluations: [String]
        /// The figures that the file chooses, and the metric that it tunes by.
        public var metrics: [String]
    }

    /// The keys of the settings that it looks at: rows that agree in these are checked once.
    let keys: [String]
    let conflict: @Sendable (Row) -> SettingConflict?

    /// Nil for a row without conflict.
    public init(
        reading keys: [String], _ conflict: @escaping @Sendable (Row) -> SettingConflict?
    ) {
        self.keys = keys
        self.conflict = conflict
    }
}

/// Settings that cannot be together: the one to blame, and what is wrong, the value, what to do.
public struct SettingConflict: Sendable, Hashable {
    public var key: String
    /// To be blamed where the file does not give ``key``.
    public var others: [String]
    public var message: String

    public init(key: String, others: [String] = [], message: String) {
        self.key = key
        self.others = others
        self.message = message
    }
}

/// Finds conflicts in rows, each combination of what a check looks at once.
struct SettingCheckers {
    private struct Checker {
        var check: SettingCheck
        /// Positions that rows may differ in.
        var positions: [Int]
        var known: [[SettingValue]: SettingConflict?] = [:]
    }

    private var checkers: [Checker]
    private let evaluations: [String]
    private let metrics: [String]
    private let data: [String: SettingValue]
    private let given: Set<String>
    private let table: SettingsTable
    /// Each conflict once, with the values of a row that has it.
    private(set) var found: [(conflict: SettingConflict, settings: [String: SettingValue])] = []

    init(
        _ checks: [SettingCheck], table: SettingsTable, watched: Set<Int>, given: Set<String>,
        data: [String: SettingValue], evaluations: [String], metrics: [String]
    ) {
        self.evaluations = evaluations
        self.metrics = metrics
        self.data = data
        self.given = given
        self.table = table
        checkers = checks.map { check in
            let positions = check.keys.compactMap(table.position).filter(watched.contains)
            return Checker(check: check, positions: positions)
        }
    }

    /// Checks a combination up to its first conflict. `settings` are those of the row with what has no
    /// effect in it.
    ///
    /// Returns: whether there is one; an earlier combination may have had it.
    mutating func check(
        _ assigned: [SettingsTable.Change], settings: [String: SettingValue]
    ) -> SettingConflict? {
        for index in checkers.indices {
            var values: [SettingValue] = []
            for position in checkers[index].positions {
                let change = assigned.first { $0.position == position }
                // Whether it is given counts for a setting beside what implies it.
                values.append(change?.value ?? .null)
            }
            if let known = checkers[index].known[values] {
                if let known { return known }
                continue
            }
            let assignedKeys = assigned.map { table.descriptors[$0.position].key }
            let row = SettingCheck.Row(
                settings: settings, given: given.union(assignedKeys), data: data,
                evaluations: evaluations, metrics: metrics)
            let conflict = checkers[index].check.conflict(row)
            checkers[index].known[values] = .some(conflict)
            if let conflict { return conflict }
        }
        return nil
    }

    mutating func note(_ conflict: SettingConflict, settings: [String: SettingValue]) {
        guard !found.contains(where: { $0.conflict == conflict }) else { return }
        found.append((conflict, settings))
    }
}
