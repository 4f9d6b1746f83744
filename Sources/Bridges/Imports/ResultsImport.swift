import Digests
import Files
import Foundation
import Platform
package import ResultsStore
package import Studies
import Sweeps

/// Figures that others have computed, as results of a sweep of programs: the same tables and verdicts, with a
/// word below each table where they came from.
package struct ResultsImport {
    package enum Source: String, Sendable, CaseIterable {
        case csv
        case optuna
    }

    private let session: SweepSession
    private let registration: SweepRegistration
    private let plannedStages: [Digest: Stage]

    /// Throws: ``ImportError/notPrograms(sweep:)``.
    package init(_ session: SweepSession, _ registration: SweepRegistration) throws {
        guard !session.study.commandLines.isEmpty else {
            throw ImportError.notPrograms(sweep: session.sweepName)
        }
        self.session = session
        self.registration = registration
        plannedStages = Dictionary(
            registration.stages.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// All that a file says, checked: results of stages, to be taken in together.
    ///
    /// - Parameter study: of a journal with several.
    /// - Throws: ``ImportError``; nothing is half read.
    package func results(
        of path: String, as source: Source, study: String? = nil
    ) throws -> (results: [ForeignResult], remarks: [String]) {
        let figures = evaluations.flatMap(keys)
        var rows = Rows(registration, session.study)
        let reading =
            switch source {
            case .csv:
                try ForeignRecord.records(
                    ofTable: path, keys: registration.parameters, fixed: rows.fixed,
                    figures: figures)
            case .optuna: try ForeignRecord.records(ofJournal: path, study: study)
            }
        let records = reading.records
        guard !records.isEmpty else {
            throw ImportError.nothing(path: path, remarks: reading.remarks)
        }
        let digest = try ForeignRecord.content(of: path).withUnsafeBytes { Digest(of: $0) }
        let build = ImportedResults.build(
            file: URL(fileURLWithPath: path).lastPathComponent, digest: digest.short)
        var results: [ForeignResult] = []
        var seen: [PlannedTrial.ID: String] = [:]
        var unfinished: [String] = []
        var lacking: [String] = []
        for record in records {
            let trial = try trial(of: record, &rows)
            guard seen.updateValue(record.place, forKey: trial.id) == nil else {
                throw ImportError.twice(
                    place: record.place, row: registration.rows[trial.row].label, seed: trial.seed)
            }
            let values = try figureValues(of: record)
            let stages = stages(of: trial, values)
            if stages.count < trial.stages.count {
                unfinished.append(record.place)
                lacking += figures.filter { values[$0] == nil && !lacking.contains($0) }
            }
            results += stages.map { stage, metrics in
                ForeignResult(
                    stage: stage,
                    attempt: StageAttempt(
                        outcome: .finished,
                        result: StageResult(
                            metrics: metrics,
                            details: ["imported": "\(record.place), digest of the file \(digest)"]),
                        build: build))
            }
        }
        guard !results.isEmpty else {
            let given = Set(records.flatMap { $0.figures.keys })
            let lacking = figures.filter { !given.contains($0) }
            throw ImportError.nothingWhole(
                path: path, lacking: lacking.isEmpty ? figures : lacking, remarks: reading.remarks)
        }
        let unread = Set(records.flatMap(\.others.keys))
            .subtracting(registration.parameters + rows.fixed + ["seed"]).sorted()
        let remarks =
            reading.remarks
            + (unread.isEmpty
                ? []
                : [
                    "no setting of the sweep, and so left out: parameter "
                        + unread.prefix(10).map { "'\($0)'" }.joined(separator: ", ")
                        + (unread.count > 10 ? " and \(unread.count - 10) more" : "")
                ])
        let remark =
            "\(unfinished.count) of \(Count.text(records.count, "result")) lack figures that the sweep asks for "
            + "(\(lacking.joined(separator: ", "))), such as \(unfinished.first ?? ""): those trials are not finished"
        // What several trials share comes in once.
        var stages: Set<Digest> = []
        results.removeAll { !stages.insert($0.stage).inserted }
        return (results, remarks + (unfinished.isEmpty ? [] : [remark]))
    }

    // MARK: Trials

    private func trial(of record: ForeignRecord, _ rows: inout Rows) throws -> PlannedTrial {
        let hasValues =
            !record.values.isEmpty || record.label == nil || rows.keys.isEmpty
        let labelled = record.label.flatMap { rows.labels[$0] }
        let values = hasValues ? try rows.values(record, sweep: session.sweepName) : nil
        let found = if let values { rows.byValues[values] } else { labelled }
        guard let row = found else {
            throw ImportError.unknownRow(
                place: record.place,
                values: values.map { values in
                    zip(rows.keys, values).map { "\($0) \($1)" }.joined(separator: ", ")
                } ?? "the label '\(record.label ?? "")'",
                sweep: session.sweepName, rows: registration.rows.map(\.label))
        }
        // What is no label of the sweep may be a word of whoever wrote the file.
        if let label = record.label, let labelled, labelled != row {
            throw ImportError.otherLabel(
                place: record.place, label: label, row: registration.rows[row].label)
        }
        if let other = rows.contradiction(record, row: row) {
            throw ImportError.otherSetting(
                place: record.place, key: other.key, value: other.value, here: other.here)
        }
        guard let written = record.seed else { throw ImportError.noSeed(place: record.place) }
        guard let seed = Self.seed(written) else {
            throw ImportError.badSeed(
                place: record.place, text: written.text ?? written.description)
        }
        guard let trial = rows.trials[[row, seed]] else {
            throw ImportError.unknownSeed(
                place: record.place, seed: seed, sweep: session.sweepName)
        }
        return trial
    }

    /// A whole number, also where it is written as `1.0` or a category of a journal has it as a text; beyond
    /// 2^53 such a text would be another number.
    private static func seed(_ value: SettingValue) -> Int? {
        let exact = value.integer ?? value.text.flatMap { Int($0) }
        let rounded = value.text.flatMap { Double(decimal: $0) }.flatMap { Int(exactly: $0) }
        return (exact ?? rounded.flatMap { abs($0) < 1 << 53 ? $0 : nil }).flatMap {
            $0 >= 0 ? $0 : nil
        }
    }

    // MARK: Figures

    private var evaluations: [EvaluationDefinition] {
        session.study.evaluations.filter { session.plan.evaluation.contains($0.stage) }
    }

    private func keys(_ evaluation: EvaluationDefinition) -> [String] {
        session.study.figures.map { evaluation.key($0.name) }
    }

    private func figureValues(of record: ForeignRecord) throws -> [String: Double] {
        var values: [String: Double] = [:]
        for (name, text) in record.figures {
            guard let value = Double(decimal: text) else {
                throw ImportError.badNumber(place: record.place, figure: name, text: text)
            }
            if let reason = session.study.fault(ofMetric: name, value) {
                throw ImportError.fault(
                    place: record.place, figure: name, value: value, reason: reason)
            }
            values[name] = value
        }
        return values
    }

    /// The stages of a trial that the figures are those of, with what these need.
    private func stages(
        of trial: PlannedTrial, _ values: [String: Double]
    ) -> [(Digest, [String: Double])] {
        var found: [Digest: [String: Double]] = [:]
        var needed: [Digest] = []
        for stage in trial.stages.compactMap({ plannedStages[$0] }) {
            guard let evaluation = evaluations.first(where: { $0.stage == stage.kind }) else {
                continue
            }
            let own = values.filter { keys(evaluation).contains($0.key) }
            guard own.count == keys(evaluation).count else { continue }
            found[stage.id] = own
            needed += stage.dependencies
        }
        while let digest = needed.popLast() {
            guard found[digest] == nil else { continue }
            found[digest] = [:]
            needed += plannedStages[digest]?.dependencies ?? []
        }
        return trial.stages.compactMap { digest in found[digest].map { (digest, $0) } }
    }
}
