/// Finds, for each row, the row that it is compared with.
///
/// Where the baseline's settings fit several rows of a crossed sweep, each row is compared with the
/// one that is like it in everything else.
struct BaselineRows {
    private let matches: Set<Int>
    /// Positions in which a row and its baseline must agree.
    private let shared: [Int]
    private let table: SettingsTable
    private var byValues: [[SettingValue]: Int] = [:]

    enum Choice {
        case section(BaselineSection)
        /// The rows that a design starts from (none, for some), which differ from its others in these
        /// positions.
        case rows([Int], varying: [Int])
    }

    /// Nil when a fault was added: no row fits.
    ///
    /// `aliases` are the labels of what became another row because nothing reads its settings.
    init?(
        _ choice: Choice, rows: [RowBuilder.Draft], labels: [String], aliases: [String: Int],
        varied: [Int], unread: Set<Int>, table: SettingsTable, faults: inout FaultList
    ) {
        self.table = table
        var found: [Int]
        var named: Set<Int> = []
        switch choice {
        case .rows(let rows, let varying):
            found = rows
            named = Set(varying)
        case .section(let section):
            switch section.choice {
            case .label(let label):
                let typed = LabelSpelling.typed(label)
                found = labels.indices.filter { LabelSpelling.typed(labels[$0]) == typed }
                if found.isEmpty, let alias = aliases[typed] { found = [alias] }
                named = Set(varied)
            case .settings(let settings):
                let wanted = table.changes(settings)
                named = Set(wanted.map(\.position))
                found = rows.indices.filter { index in
                    wanted.allSatisfy { change in
                        rows[index].inert.contains(change.position)
                            || table.value(at: change.position, in: rows[index].changes)
                                == change.value
                    }
                }
            }
            let isInVain = !named.isEmpty && named.isSubset(of: unread)
            if isInVain, case .settings = section.choice { found = [] }
            if found.isEmpty, !isInVain {
                let isLabel = if case .label = section.choice { true } else { false }
                faults.add(
                    .baselineNotThere(
                        found: section.excerpt, isLabel: isLabel,
                        rows: labels.map(LabelSpelling.typed)),
                    at: section.origin)
                return nil
            }
        }
        matches = Set(found)
        let inert = found.first.map { rows[$0].inert } ?? []
        shared = varied.filter { !named.contains($0) && !inert.contains($0) }
        for index in found {
            let values = values(of: rows[index])
            if byValues[values] == nil { byValues[values] = index }
        }
    }

    func contains(_ row: Int) -> Bool { matches.contains(row) }

    /// The index of the row to compare with; the only baseline there is, or the one that is like it.
    func baseline(of row: RowBuilder.Draft) -> Int? {
        matches.count == 1 ? matches.first : byValues[values(of: row)]
    }

    private func values(of row: RowBuilder.Draft) -> [SettingValue] {
        shared.map { table.value(at: $0, in: row.changes) }
    }
}
