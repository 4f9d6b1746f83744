/// One entry of `parameters`: a setting and the values that it takes in turn.
struct ParameterSection {
    struct Candidate {
        var value: SettingValue
        var origin: Origin
        /// The options of a subset in the order listed.
        var listed: [String] = []
        /// Whether it is one option, not a set: designs over sets list their set so.
        var isOption = false
    }

    /// Numbers to draw from.
    struct Interval {
        var bounds: ClosedRange<Double>
        var isLogarithmic: Bool
    }

    var descriptor: SettingDescriptor
    var candidates: [Candidate] = []
    /// In the place of candidates, for the design random.
    var interval: Interval?
    var origin: Origin
    /// Whether a fault was added while it was read, so that values are missing.
    private(set) var isFaulty = false

    var key: String { descriptor.key }

    var parameter: SweepParameter {
        SweepParameter(
            key: key, values: candidates.map(\.value), interval: interval?.bounds)
    }

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
                    .key(
                        entry.key, place: "parameters", allowed: schema.trial.map(\.key),
                        belongs: isData
                            ? "data: all trials of a sweep share them"
                            : schema.place(ofKey: entry.key),
                        advice: schema.advice(on: entry.key)),
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
        let count = faults.count
        defer { isFaulty = faults.count > count }
        if entry.value["min"] != nil || entry.value["max"] != nil {
            interval = Interval(entry, descriptor: descriptor, faults: &faults)
            return
        }
        candidates = Self.values(of: entry, faults: &faults).compactMap {
            Self.candidate($0, descriptor: descriptor, faults: &faults)
        }
    }

    private static func candidate(
        _ node: SourceNode, descriptor: SettingDescriptor, faults: inout FaultList
    ) -> Candidate? {
        if case .subset(let options, _) = descriptor.kind, let text = node.text,
            options.contains(text)
        {
            return Candidate(
                value: .list([.text(text)]), origin: node.origin, listed: [text], isOption: true)
        }
        guard let value = SettingChecker.value(of: node, for: descriptor, faults: &faults) else {
            return nil
        }
        let listed = node.elements?.compactMap(\.text) ?? value.texts ?? []
        return Candidate(value: value, origin: node.origin, listed: listed)
    }

    /// The nodes of the values; none when a fault was added.
    private static func values(
        of entry: SourceNode.Entry, faults: inout FaultList
    ) -> [SourceNode] {
        var list = entry.value
        if let spelling = entry.value.entries {
            let allowed = ["values", "value", "min", "max", "distribution"]
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

extension ParameterSection.Interval {
    /// `{min: 0.01, max: 1, distribution: log_uniform_values}`; nil when a fault was added.
    fileprivate init?(
        _ entry: SourceNode.Entry, descriptor: SettingDescriptor, faults: inout FaultList
    ) {
        let place = "parameters.\(entry.key)"
        let count = faults.count
        let allowed = ["min", "max", "distribution"]
        for inner in entry.value.entries ?? [] where !allowed.contains(inner.key) {
            faults.add(
                ["values", "value"].contains(inner.key)
                    ? .conflictingKeys(inner.key, "min", name: place)
                    : .unknownKey(inner.key, place: place, allowed: allowed, belongs: nil),
                at: inner.keyOrigin)
        }
        switch descriptor.kind {
        case .integer, .number: break
        default:
            faults.add(
                .intervalKind(name: entry.key, rule: descriptor.kind.rule()), at: entry.keyOrigin)
            return nil
        }
        func end(_ key: String) -> Double? {
            guard let node = entry.value[key] else {
                faults.add(
                    .missing(key, place: place, remedy: "give min and max"), at: entry.keyOrigin)
                return nil
            }
            return SettingChecker.value(
                of: node, for: descriptor, name: "\(entry.key).\(key)", faults: &faults)?.number
        }
        let (low, high) = (end("min"), end("max"))
        var distribution = "uniform"
        if let node = entry.value["distribution"] {
            if let advice = node.text.flatMap(WordsFromElsewhere.advice(onDistribution:)) {
                faults.add(
                    .foreignWord(node.text ?? "", place: "distribution", advice: advice),
                    at: node.origin)
                return nil
            }
            let value = SettingChecker.value(
                of: node, as: .choice(["uniform", "log_uniform_values"]), name: "distribution",
                faults: &faults)
            distribution = value?.text ?? distribution
        }
        guard let low, let high, faults.count == count else { return nil }
        isLogarithmic = distribution != "uniform"
        guard low <= high, low > 0 || !isLogarithmic else {
            faults.add(
                low > high
                    ? .rangeReversed(name: entry.key, found: entry.value.excerpt)
                    : .value(
                        name: "\(entry.key).min", found: SettingValue.number(low).description,
                        rule: "above 0 to be drawn on a logarithmic scale", nearest: nil),
                at: entry.value.origin)
            return nil
        }
        bounds = low...high
    }
}
