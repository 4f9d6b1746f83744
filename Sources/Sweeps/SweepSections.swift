/// What a sweep file, or one of its scales, says; each value checked by itself, none yet by the
/// others.
struct SweepSections {
    static let keys = [
        "name", "description", "study", "data", "base", "parameters", "seeds", "evaluation",
        "metrics", "smallest_effect", "claims", "tune",
        "baseline", "design", "designs", "exclude", "paper", "scales", "scale",
        ClusterSection.key,
    ]
    /// What a scale may say; the rest belongs to the sweep as a whole.
    static let scaleKeys = [
        "data", "base", "parameters", "seeds", "evaluation", "baseline", "design", "designs",
        "exclude", "claims",
    ]

    var name: String?
    var summary = ""
    var data: [String: SettingValue] = [:]
    /// Where the values of data are.
    var dataOrigins: [String: Origin] = [:]
    var base: [String: SettingValue] = [:]
    /// Where the values of base are.
    var baseOrigins: [String: Origin] = [:]
    var parameters: [ParameterSection] = []
    var seeds = [0]
    var evaluation: [String]
    /// Empty where the file does not choose.
    var metrics: [String] = []
    var smallestEffects: [String: Double] = [:]
    var claims: ClaimsSection?
    var baseline: BaselineSection?
    var designs: [DesignSection] = []
    var exclusions: [ExclusionRule.Unplaced] = []
    var paper: PaperSection?
    var cluster = ClusterSection()
    var tune: TuneSection?
    /// Whether the designs are without fault.
    private(set) var areDesignsKnown = true
    /// Whether what decides on rows is without fault, so that rows can be looked for.
    private(set) var areRowsKnown = true

    /// Reads a map of sections; `place` names it in messages.
    init(
        _ root: SourceNode, place: String, keys: [String], schema: SettingsSchema,
        faults: inout FaultList
    ) {
        evaluation = schema.defaultEvaluations
        let count = faults.count
        guard let entries = root.entries else {
            faults.add(.notAMap(place: place, found: root.excerpt), at: root.origin)
            return
        }
        let trialKeys = schema.trial.map(\.key)
        let dataKeys = schema.data.map(\.key)
        for entry in entries where !keys.contains(entry.key) {
            var belongs: String?
            if trialKeys.contains(entry.key) { belongs = "base or parameters" }
            if dataKeys.contains(entry.key) { belongs = belongs ?? "data" }
            if (Self.keys + schema.sections).contains(entry.key) { belongs = "the file itself" }
            let isPlaced = belongs != nil && entry.key != "seed"
            faults.add(
                .key(
                    entry.key, place: place, allowed: keys, belongs: belongs,
                    advice: isPlaced ? nil : schema.advice(on: entry.key)),
                at: entry.keyOrigin)
        }
        func section(_ key: String) -> SourceNode? { keys.contains(key) ? root[key] : nil }
        readRows(section, place: place, schema: schema, faults: &faults)
        areRowsKnown = faults.count == count
        if let node = section("name") { name = Self.name(node, faults: &faults) }
        if let node = section("description"), !node.isNull {
            let text = SettingChecker.value(
                of: node, as: .text, name: "description", faults: &faults)
            summary = text?.text ?? ""
        }
        if let node = section("data") {
            data = SettingChecker.settings(
                of: node, schema.data, place: "data",
                belongs: { trialKeys.contains($0) ? "base or parameters" : nil },
                advice: { trialKeys.contains($0) ? nil : schema.advice(on: $0) }, faults: &faults)
            for entry in node.entries ?? [] { dataOrigins[entry.key] = entry.value.origin }
        }
        if let node = section("evaluation") {
            evaluation = Self.names(
                node, key: "evaluation", allowed: schema.evaluations, faults: &faults)
        }
        evaluation += schema.impliedEvaluations.filter { !evaluation.contains($0) }
        if let node = section("metrics") {
            metrics = Self.names(node, key: "metrics", allowed: schema.figures, faults: &faults)
        }
        if let node = section("smallest_effect"), !node.isNull {
            smallestEffects = SmallestEffects.read(node, schema: schema, faults: &faults)
        }
        if let node = section("claims"), !node.isNull {
            claims = ClaimsSection(node, schema: schema, faults: &faults)
        }
        if let node = section("tune"), !node.isNull {
            tune = TuneSection(node, schema: schema, faults: &faults)
        }
        if let node = section("baseline") {
            baseline = BaselineSection(node, schema: schema, faults: &faults)
        }
        if let node = section("paper"), !node.isNull {
            paper = PaperSection(node, schema: schema, faults: &faults)
        }
        if let node = section(ClusterSection.key) {
            cluster = ClusterSection(node, faults: &faults)
        }
    }

    /// The sections that decide which rows there are.
    private mutating func readRows(
        _ section: (String) -> SourceNode?, place: String, schema: SettingsSchema,
        faults: inout FaultList
    ) {
        if let node = section("base") {
            base = SettingChecker.settings(
                of: node, schema.trial, place: "base",
                belongs: { schema.place(ofKey: $0) }, advice: { schema.advice(on: $0) },
                faults: &faults)
            for entry in node.entries ?? [] { baseOrigins[entry.key] = entry.value.origin }
        }
        if let node = section("parameters") {
            parameters = ParameterSection.read(node, schema: schema, faults: &faults)
        }
        if let node = section("seeds") { seeds = Self.seeds(node, faults: &faults) }
        if section("design") != nil, let node = section("designs") {
            faults.add(.conflictingKeys("design", "designs", name: place), at: node.origin)
        }
        if let node = section("design") ?? section("designs") {
            let count = faults.count
            designs = DesignSection.read(node, schema: schema, faults: &faults)
            areDesignsKnown = faults.count == count
        }
        if let node = section("exclude") {
            exclusions = ExclusionRule.read(node, schema: schema, faults: &faults)
        }
    }

    private static func name(_ node: SourceNode, faults: inout FaultList) -> String? {
        guard
            let text = SettingChecker.value(of: node, as: .text, name: "name", faults: &faults)?
                .text
        else { return nil }
        guard SweepNameRule.allows(text) else {
            faults.add(.badName(text), at: node.origin)
            return nil
        }
        return text
    }

    private static func seeds(_ node: SourceNode, faults: inout FaultList) -> [Int] {
        let rule =
            "a list of whole numbers from 0 to \(Int.max), or how many seeds there are: from 1 to "
            + "\(SweepPlan.maximumTrials)"
        if let count = node.integer, count >= 1, count <= SweepPlan.maximumTrials {
            return Array(0..<count)
        }
        guard let elements = node.elements else {
            faults.add(
                .value(name: "seeds", found: node.excerpt, rule: rule, nearest: nil),
                at: node.origin)
            return [0]
        }
        if elements.isEmpty {
            faults.add(
                .emptyList(name: "seeds", remedy: "give at least one seed"), at: node.origin)
        }
        var seen: Set<Int> = []
        return elements.compactMap { element in
            let value = SettingChecker.value(
                of: element, as: .integer(0...Int.max), name: "a seed", faults: &faults)
            guard let seed = value?.integer else { return nil }
            if !seen.insert(seed).inserted {
                faults.add(.repeatedItem(name: "seeds", item: String(seed)), at: element.origin)
            }
            return seed
        }
    }

    /// A list of names, each once; or a single one.
    static func names(
        _ node: SourceNode, key: String, allowed: [String], faults: inout FaultList
    ) -> [String] {
        let elements = node.elements ?? [node]
        if elements.isEmpty {
            faults.add(
                .emptyList(
                    name: key, remedy: "give some of " + allowed.joined(separator: ", ")),
                at: node.origin)
        }
        var chosen: [String] = []
        for element in elements {
            guard let name = element.text, allowed.contains(name) else {
                faults.add(
                    .unknownName(
                        element.text ?? element.excerpt,
                        what: key == "metrics" ? "metric" : key, allowed: allowed),
                    at: element.origin)
                continue
            }
            if chosen.contains(name) {
                faults.add(.repeatedItem(name: key, item: name), at: element.origin)
            }
            chosen.append(name)
        }
        return chosen
    }
}

/// The row that the others are compared with: named by its settings, or by its label.
struct BaselineSection {
    enum Choice {
        case settings([String: SettingValue])
        case label(String)
    }

    var choice: Choice
    var excerpt: String
    var origin: Origin

    /// Nil when a fault was added.
    init?(_ node: SourceNode, schema: SettingsSchema, faults: inout FaultList) {
        origin = node.origin
        excerpt = node.excerpt
        if let text = node.text {
            excerpt = text
            choice = .label(text)
            return
        }
        let count = faults.count
        let settings = SettingChecker.settings(
            of: node, schema.trial, place: "baseline", advice: { schema.advice(on: $0) },
            faults: &faults)
        guard faults.count == count, node.entries != nil else {
            if node.isNull {
                faults.add(
                    .value(
                        name: "baseline", found: "empty",
                        rule: "the settings of a row, or its label", nearest: nil),
                    at: node.origin)
            }
            return nil
        }
        choice = .settings(settings)
    }
}
