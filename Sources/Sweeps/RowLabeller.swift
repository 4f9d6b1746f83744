/// Names rows as a person would: by what differs between them, and by nothing else.
struct RowLabeller {
    /// Positions of the settings that differ between rows, in the order of the file.
    let variedPositions: [Int]

    private let table: SettingsTable
    /// The position of the study's first setting that is a set, whose options need no other name.
    private let firstSet: Int?
    /// For each design, the positions that it varies and those that label its rows.
    private let designs: [(all: [Int], naming: [Int])]
    private let owners: [Int: Owner]
    /// By position of a subset setting and option.
    private let optionNames: [Int: [String: String]]

    /// The subset option that a setting belongs to: `channel_drop_probability` to `channel_drop`.
    private struct Owner {
        var option: String
        /// The position of the subset setting.
        var position: Int
        /// The key without the option: `probability`.
        var rest: String
    }

    /// - Parameters:
    ///   - designs: the positions that each design varies, in the order of the file.
    ///   - schema: of the study.
    init(_ builder: RowBuilder, designs: [[Int]], schema: SettingsSchema) {
        let table = builder.table
        self.table = table
        firstSet = schema.firstSet.flatMap { table.position(of: $0.key) }
        var order: [Int] = []
        for position in designs.joined() where !order.contains(position) { order.append(position) }
        var values: [Int: Set<SettingValue>] = [:]
        var inDesigns: [[Int: Set<SettingValue>]] = designs.map { _ in [:] }
        func note(_ changes: [SettingsTable.Change], _ inert: [Int], design: Int) {
            for position in designs[design] where !inert.contains(position) {
                inDesigns[design][position, default: []].insert(
                    table.value(at: position, in: changes))
            }
        }
        for row in builder.rows {
            note(row.changes, row.inert, design: row.design)
            guard designs.count > 1 else { continue }
            for position in order where !row.inert.contains(position) {
                values[position, default: []].insert(table.value(at: position, in: row.changes))
            }
        }
        if designs.count == 1 { values = inDesigns[0] }
        for (reject, _) in builder.collapsed {
            note(reject.assigned, reject.inert, design: reject.design)
        }
        variedPositions = order.filter { values[$0, default: []].count > 1 }
        self.designs = designs.enumerated().map { index, positions in
            let varied = positions.filter { inDesigns[index][$0, default: []].count > 1 }
            // Where nothing differs, the one row is named by what the file lists.
            return (positions, varied.isEmpty ? positions : varied)
        }
        owners = Self.owners(in: table)
        optionNames = Self.optionNames(in: table)
    }

    private static func optionNames(in table: SettingsTable) -> [Int: [String: String]] {
        var names: [Int: [String: String]] = [:]
        for (position, descriptor) in table.descriptors.enumerated() {
            guard case .subset(let options, _) = descriptor.kind else { continue }
            for option in options {
                names[position, default: [:]][option] = descriptor.name(ofOption: option)
            }
        }
        return names
    }

    private static func owners(in table: SettingsTable) -> [Int: Owner] {
        var owners: [Int: Owner] = [:]
        for (position, descriptor) in table.descriptors.enumerated() {
            guard case .subset(let options, _) = descriptor.kind else { continue }
            for option in options {
                for (index, owned) in table.descriptors.enumerated()
                where owned.appliesWhen != nil && owned.key.hasPrefix(option + "_")
                    && owners[index] == nil
                {
                    owners[index] = Owner(
                        option: option, position: position,
                        rest: String(owned.key.dropFirst(option.count + 1)))
                }
            }
        }
        return owners
    }
}

extension RowLabeller {
    /// The labels of all rows, no two alike.
    ///
    /// A label that an earlier row has is made longer, by all that differs in the whole sweep.
    func labels(of rows: [RowBuilder.Draft]) -> [String] {
        var uses: Set<String> = []
        return rows.map { row in
            let short = label(of: row)
            if uses.insert(short).inserted { return short }
            let long = label(of: variedPositions.filter { !row.inert.contains($0) }) {
                table.value(at: $0, in: row.changes)
            }
            if uses.insert(long).inserted { return long }
            var count = 2
            while !uses.insert("\(long) (\(count))").inserted { count += 1 }
            return "\(long) (\(count))"
        }
    }

    private func label(of row: RowBuilder.Draft) -> String {
        func value(_ position: Int) -> SettingValue { table.value(at: position, in: row.changes) }
        let naming = designs[row.design].naming
        // What a design gives all of its rows tells them from those of the other designs.
        let given = variedPositions.filter {
            !naming.contains($0) && value($0) != table.value(at: $0, in: [])
        }
        let positions = (naming + given).filter { !row.inert.contains($0) }
        switch row.name {
        case .reference: return "baseline"
        case .factor(let position):
            return row.inert.contains(position)
                ? label(of: positions, value: value)
                : label(
                    of: [position] + given.filter { $0 != position && !row.inert.contains($0) },
                    value: value)
        case .without(let option, let position):
            let details = positions.filter { owners[$0]?.position == position }
            let texts = details.map { text(value($0), at: $0, attaching: true) }
            return label(
                of: positions.filter { $0 != position && !details.contains($0) },
                after: owner(ofNames: position) + "\u{2212} " + optionName(option, at: position)
                    + Self.behind(texts),
                value: value)
        case .with(let option, let position):
            // What belongs to the option is named with it, whether it differs or not.
            let details = designs[row.design].all.filter {
                owners[$0]?.option == option && !row.inert.contains($0)
            }
            let texts = details.map { detail($0, value($0)) }
            return label(
                of: positions.filter { $0 != position && !details.contains($0) },
                after: owner(ofNames: position) + "none + " + optionName(option, at: position)
                    + Self.behind(texts),
                value: value)
        case nil: return label(of: positions, value: value)
        }
    }

    /// The settings of a row that differ between rows and have an effect in it.
    func varied(in row: RowBuilder.Draft) -> [(key: String, value: SettingValue)] {
        variedPositions.filter { !row.inert.contains($0) }.map {
            (table.descriptors[$0].key, table.value(at: $0, in: row.changes))
        }
    }

    /// A combination that is another row, in words.
    func collapsed(
        _ collapsed: (combination: RowBuilder.Reject, into: Int), labels: [String]
    ) -> CollapsedRow {
        let (what, inert) = describe(collapsed.combination)
        let keys = inert.map { table.descriptors[$0].key }
        let into = labels[collapsed.into]
        let why =
            keys.isEmpty
            ? what == into ? "listed more than once" : "the same settings"
            : keys.joined(separator: " and ") + (keys.count == 1 ? " has" : " have")
                + " no effect here"
        return CollapsedRow(what: what, into: into, why: why)
    }

    /// A combination that a rule leaves out, in words.
    func excluded(
        _ excluded: (combination: RowBuilder.Reject, rule: ExclusionRule)
    ) -> ExcludedRow {
        ExcludedRow(what: describe(excluded.combination).what, rule: excluded.rule.excerpt)
    }

    /// A combination in words, with what it sets without effect.
    private func describe(_ combination: RowBuilder.Reject) -> (what: String, inert: [Int]) {
        let design = designs[combination.design]
        let inert = design.all.filter { position in
            combination.inert.contains(position)
                && combination.assigned.contains { $0.position == position }
        }
        let positions = design.all.filter { design.naming.contains($0) || inert.contains($0) }
        let what = label(of: positions, attaching: false) {
            table.value(at: $0, in: combination.assigned)
        }
        return (what, inert)
    }

    /// `ChannelSwap + ChannelDrop (p = 0.1), batch_size 64`, behind a beginning where there is one.
    private func label(
        of positions: [Int], after beginning: String? = nil, attaching: Bool = true,
        value: (Int) -> SettingValue
    ) -> String {
        var details: [Int: [(option: String, text: String)]] = [:]
        var others: [Int] = []
        for position in positions where !isSubset(position) {
            if attaching, let owner = owners[position], positions.contains(owner.position) {
                let text = detail(position, value(position))
                details[owner.position, default: []].append((owner.option, text))
            } else {
                others.append(position)
            }
        }
        let subsets = positions.filter(isSubset)
        var parts = beginning.map { [$0] } ?? []
        parts += subsets.map { position in
            let text = subset(value(position), at: position, details: details[position] ?? [])
            let isAlone = subsets.count == 1 && beginning == nil
            return (isAlone ? owner(ofNames: position) : table.descriptors[position].key + " ")
                + text
        }
        parts += others.map { text(value($0), at: $0, attaching: attaching) }
        return parts.isEmpty ? "base" : parts.joined(separator: ", ")
    }

    /// What stands before the names of a set: nothing where it is the study's first one, else its key, lest what is
    /// done to labelled patches read as if it were done in pretraining.
    private func owner(ofNames position: Int) -> String {
        position == firstSet ? "" : table.descriptors[position].key + " "
    }

    private func isSubset(_ position: Int) -> Bool {
        if case .subset = table.descriptors[position].kind { true } else { false }
    }

    /// `none`, `all`, `ChannelSwap + ChannelDrop (p = 0.1)`, `all (ChannelDrop p = 0.1)`; with one that
    /// came later, `all + FrequencyShift`.
    private func subset(
        _ value: SettingValue, at position: Int, details: [(option: String, text: String)]
    ) -> String {
        let descriptor = table.descriptors[position]
        guard let chosen = value.texts, case .subset(let options, let later) = descriptor.kind
        else { return value.description }
        let standing = options.filter { !later.contains($0) }
        let isWhole = standing.count > 1 && standing.allSatisfy(chosen.contains)
        let added = isWhole && descriptor.label == nil ? chosen.filter(later.contains) : []
        let isNamedWhole = chosen.isEmpty || isWhole
        if isNamedWhole || descriptor.label != nil && details.isEmpty {
            let name =
                isNamedWhole && descriptor.label == nil
                ? (chosen.isEmpty ? "none" : "all") : descriptor.label?(value) ?? "all"
            let texts = details.filter { !added.contains($0.option) }
                .map { optionName($0.option, at: position) + " " + $0.text }
            return ([name + Self.behind(texts)] + names(added, at: position, details: details))
                .joined(separator: " + ")
        }
        return names(chosen, at: position, details: details).joined(separator: " + ")
    }

    /// Each option with what belongs to it: `ChannelDrop (p = 0.1)`.
    private func names(
        _ options: [String], at position: Int, details: [(option: String, text: String)]
    ) -> [String] {
        options.map { option in
            let texts = details.filter { $0.option == option }.map(\.text)
            return optionName(option, at: position) + Self.behind(texts)
        }
    }

    /// ` (p = 0.1)`, or nothing.
    private static func behind(_ texts: [String]) -> String {
        texts.isEmpty ? "" : " (\(texts.joined(separator: ", ")))"
    }

    private func optionName(_ option: String, at position: Int) -> String {
        optionNames[position]?[option] ?? option
    }

    /// `p = 0.1`: a setting named behind the option that it belongs to.
    private func detail(_ position: Int, _ value: SettingValue) -> String {
        let descriptor = table.descriptors[position]
        if let label = descriptor.label { return label(value) }
        let rest = owners[position]?.rest ?? descriptor.key
        let name = rest == "probability" ? "p" : rest.replacing("_", with: " ")
        return "\(name) = \(descriptor.plainText(of: value))"
    }

    /// `batch_size 64`, `rt60 0.1-0.5 s`; `ChannelDrop p = 0.1` where that belongs to an option.
    private func text(_ value: SettingValue, at position: Int, attaching: Bool) -> String {
        let descriptor = table.descriptors[position]
        if attaching, let owner = owners[position] {
            return optionName(owner.option, at: owner.position) + " " + detail(position, value)
        }
        if attaching { return descriptor.text(of: value) }
        return "\(descriptor.key) \(descriptor.plainText(of: value))"
    }
}

extension SettingDescriptor {
    /// An option of a subset as a person writes it: `ChannelDrop` for `channel_drop`, unless the
    /// setting has names of its own.
    public func name(ofOption option: String) -> String {
        label?(.list([.text(option)]))
            ?? option.split(separator: "_")
            .map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    /// The setting with a value, as a label has it: `batch_size 64`, `rt60 0.1-0.5 s`.
    public func text(of value: SettingValue) -> String {
        label?(value) ?? "\(key) \(words(for: value))"
    }

    /// A value as labels have it, without the setting's name: `none`, `all`, `ChannelSwap + ChannelDrop`,
    /// `0.1-0.5 s`.
    public func words(for value: SettingValue) -> String {
        guard case .subset(let options, let later) = kind, let chosen = value.texts else {
            return plainText(of: value)
        }
        if let label { return label(value) }
        let standing = options.filter { !later.contains($0) }
        let isWhole = standing.count > 1 && standing.allSatisfy(chosen.contains)
        let named = isWhole ? chosen.filter(later.contains) : chosen
        let words = (isWhole ? ["all"] : []) + named.map(name(ofOption:))
        return words.isEmpty ? "none" : words.joined(separator: " + ")
    }

    /// The value with its unit.
    func plainText(of value: SettingValue) -> String {
        var text = value.description
        if value.range != nil, let ends = value.list, Self.isRange(kind) {
            text = ends[0] == ends[1] ? "\(ends[0])" : "\(ends[0])-\(ends[1])"
        }
        guard let unit, value != .null, value.text == nil else { return text }
        return "\(text) \(unit)"
    }

    private static func isRange(_ kind: SettingKind) -> Bool {
        switch kind {
        case .range: true
        case .either(let kinds): kinds.contains(where: isRange)
        default: false
        }
    }
}

/// Row labels as people type them.
enum LabelSpelling {
    /// A label as a keyboard has it: "-" for the minus sign and for a dash, and `+ Mixup` for `none + Mixup`.
    static func typed(_ label: String) -> String {
        let plain = label.replacing("\u{2212}", with: "-").replacing("\u{2013}", with: "-")
        return plain.hasPrefix("none + ") ? String(plain.dropFirst(5)) : plain
    }
}
