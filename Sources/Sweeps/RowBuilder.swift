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
    /// Finds what contradicts in the rows.
    private(set) var checkers: SettingCheckers
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
    /// Positions of settings that nothing reads; those among them that may differ between rows.
    private let unread: Set<Int>
    private let unreadWatched: [Int]
    private var text: SettingsText
    private var bytes: [UInt8] = []
    private var working: [String: SettingValue]
    /// By what tells rows apart.
    private var indices: [Digest: Int] = [:]

    /// `watched` are the positions of settings for which it matters whether they have an effect,
    /// `given` the keys of the settings that the file gives for all rows, `unread` the positions of
    /// settings that nothing reads.
    init(
        table: SettingsTable, watched: Set<Int>, rules: [ExclusionRule], schema: SettingsSchema,
        data: [String: SettingValue], given: Set<String>, unread: Set<Int>,
        evaluations: [String], metrics: [String]
    ) {
        self.table = table
        self.rules = rules
        self.unread = unread
        unreadWatched = watched.intersection(unread).sorted()
        withoutEffect = table.descriptors.indices.filter {
            table.descriptors[$0].appliesWhen != nil && given.contains(table.descriptors[$0].key)
        }
        checkers = SettingCheckers(
            schema.checks, table: table, watched: watched, given: given, data: data,
            evaluations: evaluations, metrics: metrics)
        conditions = schema.trial.compactMap { descriptor in
            guard let applies = descriptor.appliesWhen,
                let position = table.position(of: descriptor.key)
            else { return nil }
            return (position, watched.contains(position), applies)
        }
        text = SettingsText(
            table: table, changing: watched.union(conditions.map(\.position)), keys: nil,
            beginning: "{\"data\":" + SettingValue.map(schema.storedData(data)).canonicalJSON
                + ",\"trial\":{",
            end: "}}")
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
        let conflict = checkers.check(assigned, settings: working)
        let conflicting = conflict == nil ? nil : working
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
        if let conflict, let conflicting { checkers.note(conflict, settings: conflicting) }
        for change in assigned where unread.contains(change.position) {
            valuesInVain[change.position, default: []].insert(change.value)
        }
        let telling = unread.isEmpty ? changes : changes.filter { !unread.contains($0.position) }
        let identity = digest(of: telling)
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
        let digest = telling.count == changes.count ? identity : digest(of: changes)
        rows.append(
            Draft(
                changes: changes, inert: inert + unreadWatched, design: design, name: name,
                digest: digest))
        return rows.count - 1
    }

    /// The row that a combination with these settings became, whatever it sets that nothing reads.
    mutating func index(of changes: [SettingsTable.Change]) -> Int? {
        indices[digest(of: changes.filter { !unread.contains($0.position) })]
    }

    /// The digest of a row's canonical JSON: its settings and the data.
    private mutating func digest(of changes: [SettingsTable.Change]) -> Digest {
        bytes.removeAll(keepingCapacity: true)
        text.write(changes, to: &bytes)
        return bytes.withUnsafeBytes { Digest(of: $0) }
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
