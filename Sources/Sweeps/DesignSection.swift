/// One entry of `design`, as the file has it.
struct DesignSection {
    static let maximumPoints = 100_000

    var kind: SweepDesign.Kind
    var origin: Origin
    /// The design's own parameters; nil where it varies those of the file.
    var parameters: [ParameterSection]?
    /// The subset setting that it is about, where the file says which.
    var setting: (key: String, origin: Origin)?
    var hasAllOrders = false
    var points = 0
    var seed: UInt64 = 0
    /// The parameters that move together; nil for all.
    var keys: [(key: String, origin: Origin)]?

    /// Whether a fault was added while it was read.
    private(set) var isFaulty = false

    init(kind: SweepDesign.Kind, origin: Origin) {
        self.kind = kind
        self.origin = origin
    }

    /// Reads a design, or a list of designs.
    static func read(
        _ node: SourceNode, schema: SettingsSchema, faults: inout FaultList
    ) -> [DesignSection] {
        if let elements = node.elements, elements.isEmpty {
            faults.add(
                .emptyList(name: "design", remedy: "give at least one design"), at: node.origin)
        }
        return (node.elements ?? [node]).compactMap {
            DesignSection($0, schema: schema, faults: &faults)
        }
    }

    private init?(_ node: SourceNode, schema: SettingsSchema, faults: inout FaultList) {
        guard node.entries != nil else {
            guard let kind = Self.kind(node, faults: &faults) else { return nil }
            self.init(kind: kind, origin: node.origin)
            if kind == .random { addMissingPoints(faults: &faults) }
            return
        }
        guard let kindNode = node["kind"] else {
            faults.add(
                .missing(
                    "kind", place: "design",
                    remedy: "write kind: and one of " + Self.kindNames.joined(separator: ", ")),
                at: node.origin)
            return nil
        }
        guard let kind = Self.kind(kindNode, faults: &faults) else { return nil }
        self.init(kind: kind, origin: node.origin)
        let count = faults.count
        defer { isFaulty = faults.count > count }
        for entry in node.entries ?? [] {
            read(entry, schema: schema, faults: &faults)
        }
        if kind == .random, node["points"] == nil { addMissingPoints(faults: &faults) }
    }

    private static let kindNames = SweepDesign.Kind.allCases.map(\.rawValue)

    private static func kind(
        _ node: SourceNode, faults: inout FaultList
    ) -> SweepDesign.Kind? {
        let value = SettingChecker.value(
            of: node, as: .choice(kindNames), name: "design", faults: &faults)
        return value?.text.flatMap(SweepDesign.Kind.init)
    }

    private func addMissingPoints(faults: inout FaultList) {
        faults.add(
            .missing(
                "points", place: "the random design",
                remedy: "write {kind: random, points: 20}"),
            at: origin)
    }

    private mutating func read(
        _ entry: SourceNode.Entry, schema: SettingsSchema, faults: inout FaultList
    ) {
        guard kind.keys.contains(entry.key) else {
            faults.add(
                .unknownKey(
                    entry.key, place: "the design \(kind.rawValue)", allowed: kind.keys,
                    belongs: nil),
                at: entry.keyOrigin)
            return
        }
        let node = entry.value
        func value(_ kind: SettingKind, _ name: String) -> SettingValue? {
            SettingChecker.value(of: node, as: kind, name: name, faults: &faults)
        }
        switch entry.key {
        case "parameters":
            parameters = ParameterSection.read(node, schema: schema, faults: &faults)
        case "of":
            let names = schema.trial.filter(\.kind.isSubset).map(\.key)
            if let key = value(.choice(names), "of")?.text { setting = (key, node.origin) }
        case "orders":
            hasAllOrders = value(.choice(["listed", "all"]), "orders")?.text == "all"
        case "points":
            points = value(.integer(1...Self.maximumPoints), "points")?.integer ?? 0
        case "seed":
            seed = UInt64(value(.integer(0...Int.max), "seed")?.integer ?? 0)
        case "keys":
            keys = (node.elements ?? [node]).compactMap { element in
                let name = SettingChecker.value(
                    of: element, as: .text, name: "keys", faults: &faults)
                return name?.text.map { ($0, element.origin) }
            }
        default: break
        }
    }
}

extension SettingKind {
    var isSubset: Bool {
        if case .subset = self { true } else { false }
    }
}
