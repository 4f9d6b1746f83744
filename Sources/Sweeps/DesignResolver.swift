/// A design with what it works on found and checked.
struct ResolvedDesign {
    var section: DesignSection
    var parameters: [ParameterSection]
    /// Positions of what it varies, in the order of the file.
    var positions: [Int]
    /// Of a design over sets.
    var setPosition: Int?
    var options: [String] = []
    /// Of the design zip: the parameters that move together.
    var together: [String] = []
    let design: SweepDesign
}

/// Finds what each design works on.
struct DesignResolver {
    /// A power set of more has too many rows to run.
    static let maximumOptions = 16

    private let sections: SweepSections
    private let table: SettingsTable

    init(_ sections: SweepSections, table: SettingsTable) {
        (self.sections, self.table) = (sections, table)
    }

    /// The designs of the file in their order; a grid where there is none.
    func designs(faults: inout FaultList) -> [ResolvedDesign] {
        let listed =
            sections.designs.isEmpty && sections.areDesignsKnown
            ? [DesignSection(kind: .grid, origin: .wholeFile)] : sections.designs
        return listed.map { resolve($0, faults: &faults) }
    }

    private func resolve(
        _ section: DesignSection, faults: inout FaultList
    ) -> ResolvedDesign {
        let parameters = section.parameters ?? sections.parameters
        var (setPosition, options): (Int?, [String]) = (nil, [])
        if section.kind.isOverSets, !section.isFaulty {
            (setPosition, options) = set(of: section, parameters: parameters, faults: &faults)
        }
        let setKey = setPosition.map { table.descriptors[$0].key }
        for parameter in parameters {
            if parameter.interval != nil, section.kind != .random {
                faults.add(.intervalNeedsRandom(name: parameter.key), at: parameter.origin)
            }
            guard parameter.key != setKey, setKey != nil || !section.kind.isOverSets else {
                continue
            }
            for candidate in parameter.candidates where candidate.isOption {
                faults.add(
                    .optionWhereSubset(name: parameter.key, option: candidate.listed[0]),
                    at: candidate.origin)
            }
        }
        let together =
            section.kind == .zip && !section.isFaulty
            ? zipped(section, parameters: parameters, faults: &faults) : []
        var positions = parameters.compactMap { table.position(of: $0.key) }
        if let setPosition, !positions.contains(setPosition) {
            positions.insert(setPosition, at: 0)
        }
        let hasAllSubsets = section.kind == .powerset || section.hasAllOrders
        return ResolvedDesign(
            section: section, parameters: parameters, positions: positions,
            setPosition: setPosition, options: options, together: together,
            design: SweepDesign(
                kind: section.kind, parameters: parameters.map(\.parameter), setting: setKey,
                options: options, hasAllSubsets: hasAllSubsets))
    }

    /// The subset setting that a design is about, and the options, in the order listed.
    private func set(
        of section: DesignSection, parameters: [ParameterSection], faults: inout FaultList
    ) -> (position: Int?, options: [String]) {
        let name = section.kind.rawValue
        let all = table.descriptors.indices.filter { table.descriptors[$0].kind.isSubset }
        let swept = parameters.filter(\.descriptor.kind.isSubset).compactMap {
            table.position(of: $0.key)
        }
        // A set that came later is what a design is about only where the file says so.
        let standing = all.filter { table.descriptors[$0].neutralValue == nil }
        let candidates = swept.isEmpty ? standing : swept
        let position =
            section.setting.flatMap { table.position(of: $0.key) }
            ?? (candidates.count == 1 ? candidates[0] : nil)
        guard let position else {
            let keys = all.map { table.descriptors[$0].key }
            faults.add(.setMissing(design: name, subsets: keys), at: section.origin)
            return (nil, [])
        }
        let descriptor = table.descriptors[position]
        let parameter = parameters.first { $0.key == descriptor.key }
        guard
            let options = options(
                of: descriptor, base: table.values[position], parameter: parameter, design: name,
                faults: &faults)
        else { return (position, []) }
        if options.isEmpty {
            faults.add(
                .setEmpty(design: name, name: descriptor.key),
                at: parameter?.origin ?? section.origin)
        }
        let needsSubsets = section.kind == .powerset || section.hasAllOrders
        if needsSubsets, options.count > Self.maximumOptions {
            faults.add(
                .setTooLarge(design: name, count: options.count, limit: Self.maximumOptions),
                at: section.origin)
        }
        return (position, options)
    }

    /// What `parameters` lists, else what base has, else all there are; nil where that is at fault.
    private func options(
        of descriptor: SettingDescriptor, base: SettingValue, parameter: ParameterSection?,
        design: String, faults: inout FaultList
    ) -> [String]? {
        guard let parameter else {
            if let given = base.texts, !given.isEmpty { return given }
            guard case .subset(let options, let later) = descriptor.kind else { return [] }
            return options.filter { !later.contains($0) }
        }
        guard !parameter.isFaulty else { return nil }
        if parameter.candidates.count == 1 { return parameter.candidates[0].listed }
        guard parameter.candidates.allSatisfy(\.isOption) else {
            faults.add(
                .setSeveral(
                    design: design, name: parameter.key, count: parameter.candidates.count),
                at: parameter.origin)
            return nil
        }
        var options: [String] = []
        for candidate in parameter.candidates {
            let option = candidate.listed[0]
            if options.contains(option) {
                faults.add(
                    .repeatedItem(name: parameter.key, item: option), at: candidate.origin)
            } else {
                options.append(option)
            }
        }
        return options
    }

    /// The keys of the parameters that move together.
    private func zipped(
        _ section: DesignSection, parameters: [ParameterSection], faults: inout FaultList
    ) -> [String] {
        var keys = parameters.map(\.key)
        if let given = section.keys {
            for (key, origin) in given where !keys.contains(key) {
                faults.add(.unknownName(key, what: "parameter", allowed: keys), at: origin)
            }
            let wanted = Set(given.map(\.key))
            keys = keys.filter(wanted.contains)
        }
        let moving = parameters.filter { keys.contains($0.key) }
        guard !moving.contains(where: \.isFaulty) else { return keys }
        let lengths = moving.filter { $0.interval == nil }
            .map { (key: $0.key, count: $0.candidates.count) }
        if Set(lengths.map(\.count)).subtracting([1]).count > 1 {
            faults.add(.unequalLengths(lengths), at: section.origin)
        }
        return keys
    }
}
