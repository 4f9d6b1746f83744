import Digests

/// Turns combinations of settings into rows: canonical, hashed, none twice.
struct RowBuilder {
    /// A row before it has its label.
    struct Draft {
        /// What the combination sets, as it was listed.
        var assigned: [SettingsTable.Change]
        /// What differs from the table, canonical: what was set, and what was put back to defaults.
        var changes: [SettingsTable.Change]
        /// Swept settings that have no effect in it.
        var inert: [Int]
        var digest: Digest
    }

    struct Collapsed {
        var assigned: [SettingsTable.Change]
        var into: Int
        /// Swept settings that have no effect in it.
        var inert: [Int]
    }

    let table: SettingsTable
    private(set) var rows: [Draft] = []
    private(set) var collapsed: [Collapsed] = []

    private typealias Condition = (
        position: Int, isSwept: Bool, applies: @Sendable ([String: SettingValue]) -> Bool
    )
    private let conditions: [Condition]
    /// `"key":value` of each setting of the table.
    private let fragments: [String]
    private let keyFragments: [String]
    private let dataText: String
    private var working: [String: SettingValue]
    private var indices: [Digest: Int] = [:]

    init(
        table: SettingsTable, swept: [Int], schema: SettingsSchema, data: [String: SettingValue]
    ) {
        self.table = table
        conditions = schema.trial.compactMap { descriptor in
            guard let applies = descriptor.appliesWhen,
                let position = table.position(of: descriptor.key)
            else { return nil }
            return (position, swept.contains(position), applies)
        }
        keyFragments = table.descriptors.map { descriptor in
            var text = ""
            SettingValue.writeQuoted(descriptor.key, to: &text)
            return text + ":"
        }
        fragments = zip(keyFragments, table.values).map { $0 + $1.canonicalJSON }
        dataText = SettingValue.map(data).canonicalJSON
        working = table.settings
    }

    /// Adds the combination that sets `assigned`, which names no setting twice.
    mutating func add(_ assigned: [SettingsTable.Change]) {
        for change in assigned { working[key(change.position)] = change.value }
        let reset = resetWithoutEffect()
        let inert = conditions.filter { $0.isSwept && !$0.applies(working) }.map(\.position)
        var changes = assigned.filter { change in !reset.contains { $0 == change.position } }
        changes += reset.map { .init(position: $0, value: table.descriptors[$0].defaultValue) }
        for change in assigned { working[key(change.position)] = table.values[change.position] }
        for position in reset { working[key(position)] = table.values[position] }
        changes.removeAll { $0.value == table.values[$0.position] }
        let digest = digest(of: changes)
        if let index = indices[digest] {
            collapsed.append(Collapsed(assigned: assigned, into: index, inert: inert))
        } else {
            indices[digest] = rows.count
            rows.append(
                Draft(assigned: assigned, changes: changes, inert: inert, digest: digest))
        }
    }

    /// Puts settings without effect back to their defaults in `working`; returns which.
    private mutating func resetWithoutEffect() -> [Int] {
        var reset: [Int] = []
        var isChanged = true
        while isChanged {
            isChanged = false
            for (position, _, applies) in conditions {
                let descriptor = table.descriptors[position]
                guard working[descriptor.key] != descriptor.defaultValue, !applies(working) else {
                    continue
                }
                working[descriptor.key] = descriptor.defaultValue
                reset.append(position)
                isChanged = true
            }
        }
        return reset
    }

    private func key(_ position: Int) -> String { table.descriptors[position].key }

    /// Of the canonical JSON of settings and data.
    private func digest(of changes: [SettingsTable.Change]) -> Digest {
        var text = "{\"data\":"
        text.reserveCapacity(64 * fragments.count)
        text += dataText
        text += ",\"trial\":{"
        for position in fragments.indices {
            if position > 0 { text += "," }
            if let change = changes.first(where: { $0.position == position }) {
                text += keyFragments[position]
                change.value.writeJSON(to: &text)
            } else {
                text += fragments[position]
            }
        }
        text += "}}"
        return Digest(of: text)
    }
}
