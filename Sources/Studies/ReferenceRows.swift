import Analysis
import Digests
import Foundation
import Reports
import ResultsStore
import Sweeps

/// The rows of an evaluation that stands for itself: one for each different context (data, settings)
/// that the sweep's configurations give it.
struct ReferenceRows {
    private let evaluation: EvaluationDefinition
    private let stage: StageDefinition
    private let column: EvaluationDefinition
    private let label: String
    private let schema: SettingsSchema

    /// - Parameter evaluation: one that has a reference.
    init(_ evaluation: EvaluationDefinition, study: any Study) {
        guard let reference = evaluation.reference, let stage = study.stage(evaluation.stage),
            let column = study.groups.first(where: { $0.stage == reference.column })
        else { preconditionFailure("\(evaluation.stage) is no reference of \(study.name)") }
        self.evaluation = evaluation
        self.stage = stage
        self.column = column
        label = reference.label
        schema = study.schema
    }

    /// - Parameter own: the labels of the references of each row's own context, added to.
    func configurations(
        _ trials: [TrialRecord], _ facts: SweepFacts,
        _ intervals: [Digest: [String: ConfidenceInterval]], _ own: inout [Int: [String]]
    ) -> [ComparisonInput.Configuration] {
        let contexts = trials.map { Context($0, of: stage) }
        var order: [Context] = []
        var members: [Context: [TrialRecord]] = [:]
        for (context, trial) in zip(contexts, trials) {
            if members[context] == nil { order.append(context) }
            members[context, default: []].append(trial)
        }
        for context in order {
            let label = context.label(label, among: order, schema)
            for row in Set((members[context] ?? []).map(\.row)) {
                own[row, default: []].append(label)
            }
        }
        return order.map { context in
            var bySeed: [Int: ComparisonInput.Trial] = [:]
            for record in members[context] ?? [] {
                let found = trial(record, intervals[record.digest] ?? [:])
                // Rows of one context share the stage: any of them that has it will do.
                if bySeed[record.seed]?.status != .finished { bySeed[record.seed] = found }
            }
            var runs = bySeed.values.sorted { $0.seed < $1.seed }
            if !context.usesSeed { runs = Array(runs.prefix(1)) }
            // A publication's one value cannot stand for several contexts.
            let paper = order.count == 1 ? facts.published(evaluation, as: column) : [:]
            return .init(
                label: context.label(label, among: order, schema), trials: runs,
                isReference: true, paper: paper, involvesNoChance: !context.usesSeed)
        }
    }

    private func trial(
        _ record: TrialRecord, _ intervals: [String: ConfidenceInterval]
    ) -> ComparisonInput.Trial {
        func own<Value>(_ values: [String: Value]) -> [String: Value] {
            var own: [String: Value] = [:]
            for (key, value) in values {
                if let figure = evaluation.figure(ofKey: key) { own[column.key(figure)] = value }
            }
            return own
        }
        let metrics = own(record.metrics)
        return .init(
            seed: record.seed, status: metrics.isEmpty ? .init(record.status) : .finished,
            metrics: metrics, intervals: own(intervals), reason: record.reason,
            digest: record.digest.description,
            build: record.builds.isEmpty ? nil : record.builds.joined(separator: "; "))
    }
}

/// The settings that a reference depends on, as one of the sweep's rows has them.
private struct Context: Hashable {
    private let values: [String: SettingValue]
    /// What the stage's digest covers: stages of equal ones are one.
    private let used: [String: SettingValue]
    private let varied: [String]
    /// Whether the seeds of its trials are runs of their own.
    let usesSeed: Bool

    init(_ trial: TrialRecord, of stage: StageDefinition) {
        let all = trial.settingValues
        values = all.filter { stage.settings.contains($0.key) }
        used = stage.settings(of: all)
        usesSeed = stage.usesSeed(with: all)
        varied = trial.variedValues.keys.filter { stage.settings.contains($0) }.sorted()
    }

    static func == (left: Context, right: Context) -> Bool { left.used == right.used }

    func hash(into hasher: inout Hasher) { hasher.combine(used) }

    /// The name, with the settings that tell it from the other contexts.
    func label(_ name: String, among others: [Context], _ schema: SettingsSchema) -> String {
        let telling = varied.filter { key in
            others.contains { $0.values[key] != values[key] }
        }
        guard !telling.isEmpty else { return name }
        let facts = telling.compactMap { key in
            schema.trial.first { $0.key == key }?.text(of: values[key] ?? .null)
        }
        return "\(name) (\(facts.joined(separator: ", ")))"
    }
}
