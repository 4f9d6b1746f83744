import Digests
import Foundation
package import Reports
package import ResultsStore
package import Studies
package import Sweeps

/// A sweep as it stands at one moment: what all forms of an export are made from.
package struct ExportedSweep: Sendable {
    /// A setting that the sweep varies.
    package struct Parameter: Sendable, Hashable {
        package var key: String
        /// What it is called beside columns that every sweep has: the key, unless it is one of those.
        package var name: String
    }

    /// A figure of merit of an evaluation.
    package struct Metric: Sendable, Hashable {
        package var key: String
        package var name: String
        package var title: String
        package var better: Direction?
        /// Whether it is one by which configurations are judged: of an evaluation of their own, among the
        /// figures that the sweep's tables show, with a direction.
        package var isObjective: Bool
    }

    package struct Trial: Sendable {
        package var record: TrialRecord
        /// Of the varied settings, in the order of ``ExportedSweep/parameters``; null for one that this
        /// trial has not.
        package var parameters: [SettingValue]
        package var stages: [Stage]
        /// The first moment and the last of its own finished stages, those that no other seed shares where
        /// it has such. Units: seconds since 1970.
        package var started: Double?
        package var ended: Double?

        /// Whether nothing more comes of it: it is finished, has failed, or is blocked.
        package var hasEnded: Bool {
            switch record.status {
            case .finished, .failed, .blocked: true
            case .pending, .running: false
            }
        }
    }

    package struct Stage: Sendable {
        package var outline: StageOutline
        /// Of training, in the order that the study gives them; of a stage that runs, as far as they are.
        package var curves: [(name: String, points: [CurvePoint])]
    }

    package let record: SweepRecord
    package let study: any Study
    package let parameters: [Parameter]
    package let metrics: [Metric]
    package let trials: [Trial]

    /// As it is asked for: `quickstart`, `quickstart@1`.
    package var name: String { record.name }
    /// Names the plan, whatever it is called.
    package var plan: String { record.revision.plan.description }
    package var hasEnded: Bool { trials.allSatisfy(\.hasEnded) }

    /// Columns that every sweep has.
    static let columns = [
        "sweep", "trial", "row", "label", "seed", "status", "reason", "digest", "started",
        "seconds",
        "peak_memory_bytes", "build",
    ]

    /// Throws: `StoreError` for an unknown sweep.
    package init(_ sweep: String, from store: StudyStore) throws {
        let reading = try store.sweep(sweep)
        record = reading.record
        study = reading.study
        let records = try reading.trials(with: reading.figures)
        let outlines = try store.store.stageOutlines(of: record.name)
        var taken = Set(Self.columns)
        parameters = record.parameters.map { key in
            Parameter(key: key, name: Self.unused(key, "parameter.", &taken))
        }
        metrics = Self.metrics(reading, records).map { metric in
            var metric = metric
            metric.name = Self.unused(metric.key, "metric.", &taken)
            return metric
        }
        var curves: [Digest: [(name: String, points: [CurvePoint])]] = [:]
        let (study, keys) = (study, parameters.map(\.key))
        trials = try records.map { record in
            let stages = try (outlines[record.digest] ?? []).map { outline in
                let isThere = outline.status == .finished || record.status == .running
                if isThere, curves[outline.digest] == nil {
                    // The rest are no curves over steps, but bins of histograms.
                    curves[outline.digest] = study.curvesOfTraining(
                        among: try store.store.curves(of: outline.digest))
                }
                return Stage(
                    outline: outline.withPossibleTimes, curves: curves[outline.digest] ?? [])
            }
            return Trial(record, Self.values(of: keys, in: record), stages, study)
        }
    }

    private static func values(of keys: [String], in trial: TrialRecord) -> [SettingValue] {
        func decoded(_ text: String) -> [String: SettingValue] {
            (try? JSONDecoder().decode([String: SettingValue].self, from: Data(text.utf8))) ?? [:]
        }
        let (settings, varied) = (decoded(trial.settings), decoded(trial.varied))
        return keys.map { settings[$0] ?? varied[$0] ?? .null }
    }

    private static func metrics(_ sweep: SweepReading, _ trials: [TrialRecord]) -> [Metric] {
        var known: [String: Metric] = [:]
        for evaluation in sweep.study.allEvaluations
        where sweep.evaluations.contains(evaluation.stage) {
            for figure in sweep.study.figures {
                let key = evaluation.key(figure.name)
                let group = evaluation.header ?? evaluation.reference?.label
                let unit = figure.unit.map { " (\($0))" } ?? ""
                known[key] = Metric(
                    key: key, name: key,
                    title: (group.map { $0 + ": " } ?? "") + figure.header + unit,
                    better: figure.better,
                    isObjective: evaluation.reference == nil && figure.better != nil
                        && sweep.figures.contains(figure.name))
            }
        }
        let found = Set(trials.flatMap(\.metrics.keys))
        // What is judged is named before anything is measured.
        return found.union(known.values.filter(\.isObjective).map(\.key)).sorted().map {
            known[$0] ?? Metric(key: $0, name: $0, title: $0, better: nil, isObjective: false)
        }
    }

    private static func unused(
        _ name: String, _ prefix: String, _ taken: inout Set<String>
    ) -> String {
        var name = name
        // Some programs tell names apart by their letters alone.
        while !taken.insert(name.lowercased()).inserted { name = prefix + name }
        return name
    }
}

extension StageOutline {
    /// Without times that no clock gives, as a database may have them that was written by hand: other programs
    /// count milliseconds in whole numbers.
    fileprivate var withPossibleTimes: StageOutline {
        var outline = self
        // Until the year 5138, and for a thousand years.
        if let started, !(0...1e11).contains(started) { outline.started = nil }
        if let seconds, !(0...3.2e10).contains(seconds) { outline.seconds = nil }
        return outline
    }
}

extension ExportedSweep.Trial {
    fileprivate init(
        _ record: TrialRecord, _ parameters: [SettingValue], _ stages: [ExportedSweep.Stage],
        _ study: any Study
    ) {
        self.record = record
        self.parameters = parameters
        self.stages = stages
        let own = stages.map(\.outline).filter {
            study.stage($0.kind)?.usesSeed(with: record.settingValues) ?? true
        }
        let timed = (own.isEmpty ? stages.map(\.outline) : own).compactMap { outline in
            outline.started.map { (start: $0, end: $0 + (outline.seconds ?? 0)) }
        }
        started = timed.map(\.start).min()
        ended = timed.map(\.end).max()
    }
}
