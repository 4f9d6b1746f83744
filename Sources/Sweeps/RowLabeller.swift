/// Names rows as a person would: by what differs between them, and by nothing else.
struct RowLabeller {
    /// Positions of the settings that differ between rows, in the order of the file.
    let variedPositions: [Int]

    private let table: SettingsTable
    /// Positions of all that is swept, in the order of the file.
    private let order: [Int]
    private let owners: [Int: Owner]

    /// The subset option that a setting belongs to: `channel_drop_probability` to `channel_drop`.
    private struct Owner {
        var option: String
        /// The position of the subset setting.
        var position: Int
        /// The key without the option: `probability`.
        var rest: String
    }

    init(_ rows: [RowBuilder.Draft], table: SettingsTable, order: [Int]) {
        self.table = table
        self.order = order
        var values: [Int: Set<SettingValue>] = [:]
        for row in rows {
            for position in order where !row.inert.contains(position) {
                values[position, default: []].insert(table.value(at: position, in: row.changes))
            }
        }
        variedPositions = order.filter { values[$0, default: []].count > 1 }
        owners = Self.owners(in: table)
    }

    private static func owners(in table: SettingsTable) -> [Int: Owner] {
        var owners: [Int: Owner] = [:]
        for (position, descriptor) in table.descriptors.enumerated() {
            guard case .subset(let options) = descriptor.kind else { continue }
            for option in options {
                for (index, owned) in table.descriptors.enumerated()
                where owned.appliesWhen != nil && owned.key.hasPrefix(option + "_") {
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
    func labels(of rows: [RowBuilder.Draft]) -> [String] {
        // Where nothing differs, the one row is named by what the file lists.
        let positions = variedPositions.isEmpty ? order : variedPositions
        var uses: [String: Int] = [:]
        return rows.map { row in
            let applying = positions.filter { !row.inert.contains($0) }
            let label = label(of: applying) { table.value(at: $0, in: row.changes) }
            let count = uses[label, default: 0] + 1
            uses[label] = count
            return count == 1 ? label : "\(label) (\(count))"
        }
    }

    /// The settings of a row that differ between rows and have an effect in it.
    func varied(in row: RowBuilder.Draft) -> [(key: String, value: SettingValue)] {
        variedPositions.filter { !row.inert.contains($0) }.map {
            (table.descriptors[$0].key, table.value(at: $0, in: row.changes))
        }
    }

    /// A combination that is another row, in words.
    func collapsed(_ combination: RowBuilder.Collapsed, labels: [String]) -> CollapsedRow {
        let positions = order.filter { position in
            variedPositions.contains(position)
                || combination.inert.contains(position)
                    && combination.assigned.contains { $0.position == position }
        }
        let what = label(of: positions, attaching: false) {
            table.value(at: $0, in: combination.assigned)
        }
        let inert = positions.filter(combination.inert.contains).map { table.descriptors[$0].key }
        let why =
            inert.isEmpty
            ? "the same settings"
            : inert.joined(separator: " and ") + (inert.count == 1 ? " has" : " have")
                + " no effect here"
        return CollapsedRow(what: what, into: labels[combination.into], why: why)
    }

    /// `ChannelSwap + ChannelDrop (p = 0.1), batch_size 64`.
    private func label(
        of positions: [Int], attaching: Bool = true, value: (Int) -> SettingValue
    ) -> String {
        var details: [Int: [(option: String, text: String)]] = [:]
        var others: [Int] = []
        for position in positions where !isSubset(position) {
            if attaching, let owner = owners[position], positions.contains(owner.position) {
                let text = detail(position, value(position), rest: owner.rest)
                details[owner.position, default: []].append((owner.option, text))
            } else {
                others.append(position)
            }
        }
        let subsets = positions.filter(isSubset)
        var parts = subsets.map { position in
            let text = subset(value(position), at: position, details: details[position] ?? [])
            return subsets.count == 1 ? text : "\(table.descriptors[position].key) \(text)"
        }
        parts += others.map { text(value($0), at: $0, attaching: attaching) }
        return parts.isEmpty ? "base" : parts.joined(separator: ", ")
    }

    private func isSubset(_ position: Int) -> Bool {
        if case .subset = table.descriptors[position].kind { true } else { false }
    }

    /// `none`, `all`, `ChannelSwap + ChannelDrop (p = 0.1)`, `all (ChannelDrop p = 0.1)`.
    private func subset(
        _ value: SettingValue, at position: Int, details: [(option: String, text: String)]
    ) -> String {
        let descriptor = table.descriptors[position]
        guard let chosen = value.texts, case .subset(let options) = descriptor.kind else {
            return value.description
        }
        let isNamedWhole = chosen.isEmpty || chosen.count == options.count && chosen.count > 1
        if isNamedWhole || descriptor.label != nil && details.isEmpty {
            let name =
                isNamedWhole && descriptor.label == nil
                ? (chosen.isEmpty ? "none" : "all") : descriptor.label?(value) ?? "all"
            let texts = details.map { optionName($0.option, descriptor) + " " + $0.text }
            return texts.isEmpty ? name : "\(name) (\(texts.joined(separator: ", ")))"
        }
        return chosen.map { option in
            let texts = details.filter { $0.option == option }.map(\.text)
            let name = optionName(option, descriptor)
            return texts.isEmpty ? name : "\(name) (\(texts.joined(separator: ", ")))"
        }.joined(separator: " + ")
    }

    /// `ChannelDrop` for `channel_drop`.
    private func optionName(_ option: String, _ descriptor: SettingDescriptor) -> String {
        if let label = descriptor.label { return label(.list([.text(option)])) }
        return option.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }
            .joined()
    }

    /// `p = 0.1`: a setting named behind the option that it belongs to.
    private func detail(_ position: Int, _ value: SettingValue, rest: String) -> String {
        let descriptor = table.descriptors[position]
        if let label = descriptor.label { return label(value) }
        let name = rest == "probability" ? "p" : rest.replacing("_", with: " ")
        return "\(name) = \(plain(value, descriptor))"
    }

    /// `batch_size 64`, `rt60 0.1-0.5 s`; `ChannelDrop p = 0.1` where that belongs to an option.
    private func text(_ value: SettingValue, at position: Int, attaching: Bool) -> String {
        let descriptor = table.descriptors[position]
        if attaching, let owner = owners[position] {
            let name = optionName(owner.option, table.descriptors[owner.position])
            return name + " " + detail(position, value, rest: owner.rest)
        }
        if attaching, let label = descriptor.label { return label(value) }
        return "\(descriptor.key) \(plain(value, descriptor))"
    }

    private func plain(_ value: SettingValue, _ descriptor: SettingDescriptor) -> String {
        var text = value.description
        if value.range != nil, let ends = value.list, Self.isRange(descriptor.kind) {
            text = ends[0] == ends[1] ? "\(ends[0])" : "\(ends[0])-\(ends[1])"
        }
        guard let unit = descriptor.unit, value != .null, value.text == nil else { return text }
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
