/// What a design calls a row, where that says more than the row's settings.
enum RowName {
    /// `- Mixup`
    case without(String, position: Int)
    /// `+ Mixup`
    case with(String, position: Int)
    /// `baseline`: where one factor is varied at a time.
    case reference
    /// Named by one setting alone.
    case factor(position: Int)
}

/// One choice on the way to a row: some settings, with their name.
struct DesignStep {
    var changes: [SettingsTable.Change]
    var name: RowName?
    /// Whether the row is what the others of its design are compared with.
    var isReference = false
}

extension ResolvedDesign {
    /// The lists of steps whose combinations are the rows; the first list is the slowest.
    ///
    /// `baseline` are the settings that one factor at a time is varied around.
    func steps(around baseline: [SettingsTable.Change], table: SettingsTable) -> [[DesignStep]] {
        switch section.kind {
        case .random: []
        case .grid: parameters.map { steps(of: $0, table: table) }
        case .oneFactor: [factorSteps(around: baseline, table: table)]
        case .zip:
            [zippedSteps(table: table)]
                + parameters.filter { !together.contains($0.key) }
                .map { steps(of: $0, table: table) }
        case .leaveOneOut, .addOneIn, .cumulative, .powerset:
            [setSteps(table: table)]
                + parameters.filter { table.position(of: $0.key) != setPosition }
                .map { steps(of: $0, table: table) }
        }
    }

    private func steps(of parameter: ParameterSection, table: SettingsTable) -> [DesignStep] {
        guard let position = table.position(of: parameter.key) else { return [] }
        return parameter.candidates.map { candidate in
            DesignStep(changes: [.init(position: position, value: candidate.value)])
        }
    }

    private func factorSteps(
        around baseline: [SettingsTable.Change], table: SettingsTable
    ) -> [DesignStep] {
        let reference = DesignStep(changes: baseline, name: .reference, isReference: true)
        return [reference]
            + parameters.flatMap { parameter in
                steps(of: parameter, table: table).map { step in
                    let position = step.changes[0].position
                    let others = baseline.filter { $0.position != position }
                    return DesignStep(
                        changes: others + step.changes, name: .factor(position: position))
                }
            }
    }

    private func zippedSteps(table: SettingsTable) -> [DesignStep] {
        let moving = parameters.filter { together.contains($0.key) }
        let count = moving.map(\.candidates.count).max() ?? 0
        guard count > 0 else { return [DesignStep(changes: [])] }
        return (0..<count).map { index in
            DesignStep(
                changes: moving.compactMap { parameter in
                    guard let position = table.position(of: parameter.key) else { return nil }
                    let candidates = parameter.candidates
                    let candidate = candidates[candidates.count == 1 ? 0 : index]
                    return .init(position: position, value: candidate.value)
                })
        }
    }

    private func setSteps(table: SettingsTable) -> [DesignStep] {
        guard let position = setPosition else { return [] }
        func step(
            _ chosen: [String], _ name: RowName? = nil, isReference: Bool = false
        ) -> DesignStep {
            let kind = table.descriptors[position].kind
            let value = kind.canonical(.list(chosen.map { .text($0) })) ?? .null
            return DesignStep(
                changes: [.init(position: position, value: value)], name: name,
                isReference: isReference)
        }
        switch section.kind {
        case .leaveOneOut:
            return [step(options, isReference: true)]
                + options.map { removed in
                    step(options.filter { $0 != removed }, .without(removed, position: position))
                }
        case .addOneIn:
            return [step([], isReference: true)]
                + options.map { step([$0], .with($0, position: position)) }
        case .cumulative where !section.hasAllOrders:
            return (0...options.count).map { step(Array(options[..<$0]), isReference: $0 == 0) }
        default:
            return subsets().map { step($0, isReference: $0.isEmpty) }
        }
    }

    /// Every subset of the options: by size, those of a size in the order listed.
    private func subsets() -> [[String]] {
        var subsets: [[String]] = []
        func extend(_ chosen: [String], from start: Int, by count: Int) {
            guard count > 0 else { return subsets.append(chosen) }
            for index in start..<options.count where options.count - index >= count {
                extend(chosen + [options[index]], from: index + 1, by: count - 1)
            }
        }
        for size in 0...options.count { extend([], from: 0, by: size) }
        return subsets
    }
}
