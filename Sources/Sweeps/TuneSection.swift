/// `tune`, as the file has it: settings of which each row finds its own best values before it is run.
struct TuneSection {
    static let keys = ["parameters", "points", "metric", "seeds", "seed"]
    static let maximumPoints = 1000
    static let maximumSeeds = 100
    /// What `points` may be beside a number.
    static let everyPoint = "all"

    var parameters: [ParameterSection]
    /// How many points are drawn, the same for all rows; nil where every combination of the values is tried.
    var points: Int? = 16
    /// How many seeds each point is tried with.
    var seeds = 1
    /// Of the draws.
    var seed: UInt64 = 0
    /// The metric by which a row chooses.
    var metric: String
    var metricOrigin: Origin
    /// The evaluation that leaves that metric.
    var validation: ValidationEvaluation
    var origin: Origin

    /// Nil where a fault was added.
    init?(_ node: SourceNode, schema: SettingsSchema, faults: inout FaultList) {
        origin = node.origin
        let count = faults.count
        guard let entries = node.entries else {
            faults.add(.notAMap(place: "tune", found: node.excerpt), at: node.origin)
            return nil
        }
        for entry in entries where !Self.keys.contains(entry.key) {
            faults.add(
                .unknownKey(entry.key, place: "tune", allowed: Self.keys, belongs: nil),
                at: entry.keyOrigin)
        }
        func whole(_ key: String, _ bounds: ClosedRange<Int>) -> Int? {
            node[key].flatMap {
                SettingChecker.value(
                    of: $0, as: .integer(bounds), name: "tune.\(key)", faults: &faults)?.integer
            }
        }
        if let listed = node["points"] {
            let kind = SettingKind.integer(1...Self.maximumPoints)
            if listed.text == Self.everyPoint {
                points = nil
            } else if let count = listed.integer, 1...Self.maximumPoints ~= count {
                points = count
            } else {
                faults.add(
                    .value(
                        name: "tune.points", found: listed.excerpt,
                        rule: "\(kind.rule()), or \(Self.everyPoint)", nearest: nil),
                    at: listed.origin)
            }
        }
        seeds = whole("seeds", 1...Self.maximumSeeds) ?? seeds
        seed = UInt64(whole("seed", 0...Int.max) ?? 0)
        parameters = Self.parameters(node, schema: schema, faults: &faults)
        let known = schema.validations
        let metrics = known.flatMap(\.metrics)
        guard let metricNode = node["metric"] else {
            faults.add(
                .missing(
                    "metric", place: "tune",
                    remedy: "write metric: and one of " + metrics.joined(separator: ", ")),
                at: node.origin)
            return nil
        }
        guard let name = metricNode.text,
            let validation = known.first(where: { $0.metrics.contains(name) })
        else {
            faults.add(
                .unknownName(
                    metricNode.text ?? metricNode.excerpt, what: "metric of the validation split",
                    allowed: metrics), at: metricNode.origin)
            return nil
        }
        (metric, metricOrigin, self.validation) = (name, metricNode.origin, validation)
        guard faults.count == count else { return nil }
    }

    private static func parameters(
        _ node: SourceNode, schema: SettingsSchema, faults: inout FaultList
    ) -> [ParameterSection] {
        guard let listed = node["parameters"], listed.entries?.isEmpty != true, !listed.isNull
        else {
            faults.add(
                .missing(
                    "parameters", place: "tune",
                    remedy: "write parameters: and what each row may choose, such as "
                        + "{temperature: {min: 0.05, max: 1}}"), at: node.origin)
            return []
        }
        let parameters = ParameterSection.read(listed, schema: schema, faults: &faults)
        for parameter in parameters {
            for candidate in parameter.candidates where candidate.isOption {
                faults.add(
                    .optionWhereSubset(name: parameter.key, option: candidate.listed[0]),
                    at: candidate.origin)
            }
        }
        return parameters
    }
}

/// An evaluation on the validation split, by whose metrics `tune` may choose.
public struct ValidationEvaluation: Sendable, Hashable {
    /// The stage that computes it: `probe_validation`.
    public var name: String
    /// The evaluation that it stands for: `probe`.
    public var evaluation: String
    /// `probe_validation_error`.
    public var metrics: [String]

    public init(name: String, evaluation: String, metrics: [String]) {
        self.name = name
        self.evaluation = evaluation
        self.metrics = metrics
    }
}
