import Files
import Foundation
import Reports
import Sweeps

/// What the store keeps of a sweep file beyond its rows: written when it is registered, read by
/// tables and reports.
struct SweepFacts: Sendable {
    /// Settings whose subsets are all there, for attribution.
    struct Subsets: Codable, Sendable, Hashable {
        var setting: String
        var options: [String]
    }

    /// By the label of a row, or by the evaluation that is a row of its own; then by metric.
    var paper: [String: [String: Double]]
    var subsets: [Subsets]
    /// The names of the figures of merit that the sweep chooses: what its tables show, and what is
    /// tested. Empty where it does not.
    var metrics: [String]
    /// The smallest differences that matter, by figure or metric.
    var smallestEffects: [String: Double]
    /// What the sweep is made to show.
    var claims: [RegisteredClaim] = []
    /// How the rows were tuned; nil where they were not.
    var tuning: TuningFacts?
    /// Whether rows get as many seeds as their verdicts take.
    var addsSeeds: Bool
    /// What a reader must know of the data, a sentence each: what is left out of it, above all.
    var dataNotes: [String]

    init(_ file: SweepFile) {
        paper = Dictionary(
            file.paper.map { ($0.label, $0.values) }, uniquingKeysWith: { first, _ in first })
        subsets = file.designs.compactMap { design in
            guard design.hasAllSubsets, let setting = design.setting else { return nil }
            return Subsets(setting: setting, options: design.options)
        }
        metrics = file.metrics
        smallestEffects = file.smallestEffects
        addsSeeds = false
        dataNotes = []
    }

    /// From the facts of a sweep in the store; an older store has none of these.
    init(_ facts: [String: String]) {
        func decode<Value: Decodable>(_ type: Value.Type, _ key: String) -> Value? {
            facts[key].flatMap { try? JSONDecoder().decode(type, from: Data($0.utf8)) }
        }
        paper = decode([String: [String: Double]].self, "paper") ?? [:]
        subsets = decode([Subsets].self, "subsets") ?? []
        metrics = decode([String].self, "metrics") ?? []
        smallestEffects = decode([String: Double].self, "smallest_effect") ?? [:]
        claims = decode([RegisteredClaim].self, "claims") ?? []
        tuning = decode(TuningFacts.self, "tuning")
        // The plan that was registered last decides; that is in the command of every version.
        addsSeeds = facts["command"]?.contains(" \(Self.untilSettled)") ?? false
        dataNotes = decode([String].self, "data_notes") ?? []
    }

    /// The option of a run that opens its plan.
    static let untilSettled = "--until-settled"

    /// As the store keeps them; what is empty is left out.
    var encoded: [String: String] {
        var facts: [String: String] = [:]
        func encode(_ value: some Encodable, _ key: String) {
            facts[key] = try? SortedJSON.text(of: value)
        }
        if !paper.isEmpty { encode(paper, "paper") }
        if !subsets.isEmpty { encode(subsets, "subsets") }
        if !metrics.isEmpty { encode(metrics, "metrics") }
        if !smallestEffects.isEmpty { encode(smallestEffects, "smallest_effect") }
        if !claims.isEmpty { encode(claims, "claims") }
        if let tuning { encode(tuning, "tuning") }
        return facts
    }

    /// What matters at least of an evaluation's figure; nil where the file does not say.
    func smallestEffect(of figure: String, key: String) -> Double? {
        smallestEffects[key] ?? smallestEffects[figure]
    }

    /// What a publication says of a configuration, by the keys of our columns.
    func published(_ label: String) -> [String: Double] {
        paper[label] ?? paper.first { Table.typed($0.key) == Table.typed(label) }?.value ?? [:]
    }

    /// What a publication says of a reference: its figures stand in the columns of the evaluation that
    /// it is compared with.
    func published(
        _ reference: EvaluationDefinition, as column: EvaluationDefinition
    ) -> [String: Double] {
        Dictionary(
            published(reference.stage).map { key, value in
                (reference.figure(ofKey: key).map(column.key) ?? key, value)
            }, uniquingKeysWith: { first, _ in first })
    }
}
