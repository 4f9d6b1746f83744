/// One entry of `parameters`: a setting and the values that it takes in turn.
struct ParameterSection {
    struct Candidate {
        var value: SettingValue
        var origin: Origin
    }

    var descriptor: SettingDescriptor
    var candidates: [Candidate]
    var origin: Origin

    /// Reads `parameters`: a key to a list of values, to one value, or to W&B's `{values: [...]}` or
    /// `{value: x}`.
    static func read(
        _ node: SourceNode, schema: SettingsSchema, faults: inout FaultList
    ) -> [ParameterSection] {
        guard let entries = node.entries else {
            if !node.isNull {
                faults.add(.notAMap(place: "parameters", found: node.excerpt), at: node.origin)
            }
            return []
        }
        var parameters: [ParameterSection] = []
        for entry in entries {
            guard let descriptor = schema.trial.first(where: { $0.key == entry.key }) else {
                let isData = schema.data.contains { $0.key == entry.key }
                faults.add(
                    .unknownKey(
                        entry.key, place: "parameters", allowed: schema.trial.map(\.key),
                        belongs: isData ? "data: all trials of a sweep share them" : nil),
                    at: entry.keyOrigin)
                continue
            }
            parameters.append(
                ParameterSection(entry, descriptor: descriptor, faults: &faults))
        }
        return parameters
    }

    private init(
        _ entry: SourceNode.Entry, descriptor: SettingDescriptor, faults: inout FaultList
    ) {
        self.descriptor = descriptor
        origin = entry.keyOrigin
        let nodes = Self.values(of: entry, faults: &faults)
        candidates = nodes.compactMap { node in
            SettingChecker.value(of: node, for: descriptor, faults: &faults)
                .map { Candidate(value: $0, origin: node.origin) }
        }
    }

    /// The nodes of the values; none when a fault was added.
    private static func values(
        of entry: SourceNode.Entry, faults: inout FaultList
    ) -> [SourceNode] {
        var list = entry.value
        if let spelling = entry.value.entries {
            let allowed = ["values", "value"]
            let unknown = spelling.filter { !allowed.contains($0.key) }
            for inner in unknown {
                faults.add(
                    .unknownKey(
                        inner.key, place: "parameters.\(entry.key)", allowed: allowed,
                        belongs: nil),
                    at: inner.keyOrigin)
            }
            switch (entry.value["values"], entry.value["value"]) {
            case (let values?, nil): list = values
            case (nil, let value?): return [value]
            case (_?, _?):
                faults.add(
                    .conflictingKeys("values", "value", name: "parameters.\(entry.key)"),
                    at: entry.keyOrigin)
                return []
            case (nil, nil):
                if unknown.isEmpty {
                    faults.add(
                        .missing(
                            "values", place: "parameters.\(entry.key)",
                            remedy: "write values: [...]"),
                        at: entry.keyOrigin)
                }
                return []
            }
            guard list.elements != nil else {
                faults.add(
                    .value(
                        name: "parameters.\(entry.key).values", found: list.excerpt,
                        rule: "a list of values", nearest: nil),
                    at: list.origin)
                return []
            }
        }
        guard let elements = list.elements else { return [list] }
        if elements.isEmpty {
            faults.add(
                .emptyList(
                    name: "parameters.\(entry.key)",
                    remedy: "give at least one value, or remove the parameter"),
                at: list.origin)
        }
        return elements
    }
}
