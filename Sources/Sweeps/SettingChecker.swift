/// Reads a value by the kind of its setting, adding a fault for each thing that does not fit.
enum SettingChecker {
    /// The value in canonical form, or nil when a fault was added.
    static func value(
        of node: SourceNode, for descriptor: SettingDescriptor, name: String? = nil,
        faults: inout FaultList
    ) -> SettingValue? {
        if node.isNull, descriptor.defaultValue == .null { return .null }
        return value(
            of: node, as: descriptor.kind, name: name ?? descriptor.key, unit: descriptor.unit,
            faults: &faults)
    }

    static func value(
        of node: SourceNode, as kind: SettingKind, name: String, unit: String? = nil,
        faults: inout FaultList
    ) -> SettingValue? {
        switch kind {
        case .boolean:
            if let value = node.boolean { return .boolean(value) }
        case .integer(let bounds):
            if let value = node.integer, bounds.contains(value) { return .integer(value) }
        case .number(let bounds):
            if let value = node.number, bounds.contains(value) { return .number(value) }
        case .choice(let options):
            if let text = node.text, options.contains(text) { return .text(text) }
        case .text:
            if let text = node.text { return .text(text) }
        case .subset(let options, let later):
            return subset(node, of: options, later: later, name: name, faults: &faults)
        case .range(let bounds):
            return range(node, in: bounds, name: name, unit: unit, faults: &faults)
        case .list(let element, let count):
            guard let elements = node.elements, count.contains(elements.count) else { break }
            let values = elements.enumerated().map { index, node in
                value(
                    of: node, as: element, name: "\(name)[\(index)]", unit: unit, faults: &faults)
            }
            return values.contains(nil) ? nil : .list(values.compactMap { $0 })
        case .map(let descriptors):
            guard node.entries != nil else { break }
            let count = faults.count
            let given = settings(
                of: node, descriptors, place: name, path: "\(name).", faults: &faults)
            return faults.count == count ? kind.canonical(.map(given)) : nil
        case .either(let kinds):
            return either(node, kinds: kinds, name: name, unit: unit, faults: &faults)
        }
        addFault(node, kind: kind, name: name, unit: unit, faults: &faults)
        return nil
    }

    /// The settings that a map gives, each checked; those not given are not there.
    static func settings(
        of node: SourceNode, _ descriptors: [SettingDescriptor], place: String, path: String = "",
        belongs: (String) -> String? = { _ in nil },
        advice: (String) -> String? = { _ in nil }, faults: inout FaultList
    ) -> [String: SettingValue] {
        guard let entries = node.entries else {
            if !node.isNull {
                faults.add(.notAMap(place: place, found: node.excerpt), at: node.origin)
            }
            return [:]
        }
        var given: [String: SettingValue] = [:]
        for entry in entries {
            guard let descriptor = descriptors.first(where: { $0.key == entry.key }) else {
                faults.add(
                    .key(
                        entry.key, place: place, allowed: descriptors.map(\.key),
                        belongs: belongs(entry.key), advice: advice(entry.key)),
                    at: entry.keyOrigin)
                continue
            }
            given[entry.key] = value(
                of: entry.value, for: descriptor, name: path + entry.key, faults: &faults)
        }
        return given
    }

    private static func addFault(
        _ node: SourceNode, kind: SettingKind, name: String, unit: String?, faults: inout FaultList
    ) {
        var nearest: String?
        if case .choice(let options) = kind, let text = node.text {
            nearest = NearestName.of(text, in: options)
        }
        var rule = kind.rule(unit: unit)
        if case .integer(let bounds) = kind, node.integer == nil,
            let number = node.number, number.magnitude >= 0x1p63
        {
            // Too large for a whole number of the program: the limit is what helps.
            rule = "a whole number from \(bounds.lowerBound) to \(bounds.upperBound)"
        }
        if let text = node.text, text.contains("${") {
            return faults.add(.interpolation(name: name, found: node.excerpt), at: node.origin)
        }
        if let text = node.text, kind.allowsMap, let blank = MissingBlank(text) {
            return faults.add(.missingBlank(blank), at: node.origin)
        }
        faults.add(
            .value(name: name, found: node.excerpt, rule: rule, nearest: nearest), at: node.origin)
    }

    private static func subset(
        _ node: SourceNode, of options: [String], later: Set<String>, name: String,
        faults: inout FaultList
    ) -> SettingValue? {
        if let text = node.text, !options.contains(text) {
            if text == "all" {
                return .list(options.filter { !later.contains($0) }.map { .text($0) })
            }
            if text == "none" { return .list([]) }
        }
        guard let elements = node.elements else {
            if let text = node.text, options.contains(text) {
                faults.add(.optionWhereSubset(name: name, option: text), at: node.origin)
            } else {
                addFault(node, kind: .subset(options), name: name, unit: nil, faults: &faults)
            }
            return nil
        }
        var chosen: Set<String> = []
        let count = faults.count
        for element in elements {
            guard let text = element.text, options.contains(text) else {
                addFault(
                    element, kind: .choice(options), name: "an item of \(name)", unit: nil,
                    faults: &faults)
                continue
            }
            if !chosen.insert(text).inserted {
                faults.add(.repeatedItem(name: name, item: text), at: element.origin)
            }
        }
        guard faults.count == count else { return nil }
        return .list(options.filter(chosen.contains).map { .text($0) })
    }

    private static func range(
        _ node: SourceNode, in bounds: ClosedRange<Double>, name: String, unit: String?,
        faults: inout FaultList
    ) -> SettingValue? {
        let ends = node.elements.map { $0.map(\.number) } ?? [node.number, node.number]
        guard ends.count == 2, let low = ends[0], let high = ends[1],
            bounds.contains(low), bounds.contains(high)
        else {
            addFault(node, kind: .range(bounds), name: name, unit: unit, faults: &faults)
            return nil
        }
        guard low <= high else {
            faults.add(.rangeReversed(name: name, found: node.excerpt), at: node.origin)
            return nil
        }
        return .list([.number(low), .number(high)])
    }

    /// The first kind that fits. Where none does, the faults of the kind whose shape fits (a list
    /// where a list is allowed), or one fault that names all kinds.
    private static func either(
        _ node: SourceNode, kinds: [SettingKind], name: String, unit: String?,
        faults: inout FaultList
    ) -> SettingValue? {
        let count = faults.count
        for kind in kinds {
            if let value = value(of: node, as: kind, name: name, unit: unit, faults: &faults) {
                return value
            }
            faults.removeLast(downTo: count)
        }
        for kind in kinds {
            _ = value(of: node, as: kind, name: name, unit: unit, faults: &faults)
            if !faults.hasFault(at: node.origin, from: count) { return nil }
            faults.removeLast(downTo: count)
        }
        addFault(node, kind: .either(kinds), name: name, unit: unit, faults: &faults)
        return nil
    }
}

extension SettingKind {
    fileprivate var allowsMap: Bool {
        switch self {
        case .map: true
        case .either(let kinds): kinds.contains(where: \.allowsMap)
        default: false
        }
    }
}
