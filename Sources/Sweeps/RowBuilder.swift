import Digests

/// Turns combinations of settings into rows: canonical, hashed, none twice.
struct RowBuilder {
    /// A row before it has its label.
    struct Draft {
        /// What differs from the table, canonical: what was set, and what was put back to defaults.
        var changes: [SettingsTable.Change]
        /// Watched settings that have no effect in it, or that nothing reads.
        var inert: [Int]
        /// The design that found it first, and what that calls it.
        var design: Int
        var name: RowName?
        var digest: Digest
    }

    /// A combination that makes no row.
    struct Reject {
        /// What the combination sets, as it was listed.
        var assigned: [SettingsTable.Change]
        var inert: [Int]
        var design: Int
    }

    let table: SettingsTable
    private(set) var rows: [Draft] = []
    private(set) var collapsed: [(combination: Reject, into: Int)] = []
    private(set) var excluded: [(combination: Reject, rule: ExclusionRule)] = []
    /// What contradicts in the rows, each contradiction once.
    private(set) var conflicts: [SettingConflict] = []
    /// The rules that left something out, by their places.
    private(set) var matchedRules: Set<Int> = []
    /// Positions of base's settings that had no effect so far.
    private(set) var withoutEffect: [Int]
    /// The values that settings were given which nothing reads, by position.
    private(set) var valuesInVain: [Int: Set<SettingValue>] = [:]

    private typealias Condition = (
        position: Int, isWatched: Bool, applies: @Sendable ([String: SettingValue]) -> Bool
    )
    private let conditions: [Condition]
    private let rules: [ExclusionRule]
    private let rule: SettingsSchema.ConflictRule?
    private let data: [String: SettingValue]
    private let given: Set<String>
    /// Positions of settings that nothing reads; those among them that may differ between rows.
    private let unread: Set<Int>
    private let unreadWatched: [Int]
    private let text: RowText
    private var working: [String: SettingValue]
    /// By what tells rows apart.
    private var indices: [Digest: Int] = [:]

    /// `watched` are the positions of settings for which it matters whether they have an effect,
    /// `given` the keys of the settings that the file gives for all rows, `unread` the positions of
    /// settings that nothing reads.
    init(
        table: SettingsTable, watched: Set<Int>, rules: [ExclusionRule], schema: SettingsSchema,
        data: [String: SettingValue], given: Set<String>, unread: Set<Int>
    ) {
        self.table = table
        self.rules = rules
        self.data = data
        self.given = given
        self.unread = unread
        unreadWatched = watched.intersection(unread).sorted()
        withoutEffect = table.descriptors.indices.filter {
            table.descriptors[$0].appliesWhen != nil && given.contains(table.descriptors[$0].key)
        }
        rule = schema.conflict
        conditions = schema.trial.compactMap { descriptor in
            guard let applies = descriptor.appliesWhen,
                let position = table.position(of: descriptor.key)
            else { return nil }
            return (position, watched.contains(position), applies)
        }
        text = RowText(
            table: table, changing: watched.union(conditions.map(\.position)), data: data)
        working = table.settings
    }

    /// Adds the combination that sets `assigned`, which names no setting twice.
    ///
    /// Returns: the index of its row, which may have been there; nil where a rule excludes it.
    @discardableResult
    mutating func add(
        _ assigned: [SettingsTable.Change], design: Int, name: RowName?,
        recordsRejects: Bool = true
    ) -> Int? {
        for change in assigned { working[key(change.position)] = change.value }
        let conflict = rule?(working, given.union(assigned.map { key($0.position) }), data)
        let reset = resetWithoutEffect()
        let inert = conditions.filter { $0.isWatched && !$0.applies(working) }.map(\.position)
        if !withoutEffect.isEmpty { withoutEffect = withoutEffect.filter { !hasEffect($0) } }
        var changes = assigned.filter { change in !reset.contains { $0 == change.position } }
        changes += reset.map { .init(position: $0, value: table.descriptors[$0].defaultValue) }
        for change in assigned { working[key(change.position)] = table.values[change.position] }
        for position in reset { working[key(position)] = table.values[position] }
        changes.removeAll { $0.value == table.values[$0.position] }

        let reject = Reject(assigned: assigned, inert: inert + unreadWatched, design: design)
        if let rule = matchingRule(changes, inert: inert) {
            if recordsRejects { excluded.append((reject, rule)) }
            return nil
        }
        if let conflict, !conflicts.contains(conflict) { conflicts.append(conflict) }
        for change in assigned where unread.contains(change.position) {
            valuesInVain[change.position, default: []].insert(change.value)
        }
        let telling = unread.isEmpty ? changes : changes.filter { !unread.contains($0.position) }
        let identity = text.digest(of: telling)
        if let index = indices[identity] {
            // Of values that nothing reads, a remark speaks once.
            let isInVain = assigned.contains { change in
                unread.contains(change.position)
                    && table.value(at: change.position, in: rows[index].changes) != change.value
            }
            if recordsRejects, !isInVain { collapsed.append((reject, index)) }
            return index
        }
        indices[identity] = rows.count
        let digest = telling.count == changes.count ? identity : text.digest(of: changes)
        rows.append(
            Draft(
                changes: changes, inert: inert + unreadWatched, design: design, name: name,
                digest: digest))
        return rows.count - 1
    }

    /// The row that a combination with these settings became, whatever it sets that nothing reads.
    func index(of changes: [SettingsTable.Change]) -> Int? {
        indices[text.digest(of: changes.filter { !unread.contains($0.position) })]
    }

    /// The first rule that leaves a combination out; every rule that would is noted.
    private mutating func matchingRule(
        _ changes: [SettingsTable.Change], inert: [Int]
    ) -> ExclusionRule? {
        var first: ExclusionRule?
        for (place, rule) in rules.enumerated()
        where rule.matches(changes, inert: inert, table: table) {
            matchedRules.insert(place)
            first = first ?? rule
        }
        return first
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

    /// Whether what base says of a setting counts in the combination at hand, or agrees with it.
    private func hasEffect(_ position: Int) -> Bool {
        let descriptor = table.descriptors[position]
        return descriptor.appliesWhen?(working) ?? true
            || descriptor.implied?(working) == table.values[position]
    }

    private func key(_ position: Int) -> String { table.descriptors[position].key }
}

/// The canonical JSON of a row: its settings and the data.
///
/// What no row changes is written once.
private struct RowText {
    private let table: SettingsTable
    /// Positions that rows change, in the order of their keys.
    private let positions: [Int]
    /// The text before each of these, up to its colon, and the text after the last.
    private let pieces: [String]

    init(table: SettingsTable, changing: Set<Int>, data: [String: SettingValue]) {
        self.table = table
        var text = "{\"data\":" + SettingValue.map(data).canonicalJSON + ",\"trial\":{"
        var pieces: [String] = []
        for position in table.descriptors.indices {
            if position > 0 { text += "," }
            SettingValue.writeQuoted(table.descriptors[position].key, to: &text)
            text += ":"
            if changing.contains(position) {
                pieces.append(text)
                text = ""
            } else {
                text += table.values[position].canonicalJSON
            }
        }
        positions = changing.sorted()
        self.pieces = pieces + [text + "}}"]
    }

    /// `changes` are at positions that rows change.
    func digest(of changes: [SettingsTable.Change]) -> Digest {
        var text = ""
        for (index, position) in positions.enumerated() {
            text += pieces[index]
            table.value(at: position, in: changes).writeJSON(to: &text)
        }
        text += pieces[positions.count]
        return Digest(of: text)
    }
}
