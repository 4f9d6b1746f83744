import Digests
import Foundation
import Platform
import Reports
import ResultsStore
import Studies
import Sweeps

/// A sweep as a study in a journal of Optuna 5: a line a trial that has ended, with its settings, the figures
/// that it is judged by, and a curve.
struct OptunaExport {
    static let trialAttribute = "ablate:trial"
    private static let planAttribute = "ablate:plan"
    private typealias Operation = JournalReading.Operation

    let sweep: ExportedSweep
    let objectives: [ExportedSweep.Metric]
    private let distributions: [Distribution]

    /// - Parameter names: of the figures that the study is judged by; empty for all.
    /// - Throws: ``BridgesError``.
    init(_ sweep: ExportedSweep, objectives names: [String]) throws {
        self.sweep = sweep
        let possible = sweep.metrics.filter { $0.better != nil }
        objectives =
            try names.isEmpty
            ? sweep.metrics.filter(\.isObjective)
            : names.map { name in
                guard let metric = possible.first(where: { $0.key == name }) else {
                    throw BridgesError.unknownObjective(
                        name, sweep: sweep.name, known: possible.map(\.key))
                }
                return metric
            }
        guard !objectives.isEmpty else { throw BridgesError.noObjective(sweep: sweep.name) }
        distributions =
            sweep.parameters.indices.map { index in
                Distribution(sweep.trials.map { $0.parameters[index] })
            } + [Distribution(sweep.trials.map { .integer($0.record.seed) })]
    }

    /// Throws: ``BridgesError``.
    func write(to file: String) throws -> ExportSummary {
        var summary = ExportSummary()
        _ = try JournalFile(path: file).append { journal in
            try lines(beside: journal, path: file, &summary)
        }
        let running = sweep.trials.count { $0.record.status == .running }
        if running > 0 {
            summary.remarks.append(
                "\(Count.text(running, "running trial is", "running trials are")) not in it yet: a journal takes "
                    + "no trial back")
        }
        return summary
    }

    private func lines(
        beside journal: JournalReading, path: String, _ summary: inout ExportSummary
    ) throws -> [String] {
        let ended = sweep.trials.filter(\.hasEnded)
        guard let number = journal.number(ofStudy: sweep.name) else {
            summary.written = ended.count
            return create(journal.nextNumber)
                + ended.map { line(of: $0, study: journal.nextNumber) }
        }
        let known = journal.studies[number]
        guard known?.attributes[Self.planAttribute] == identity, known?.strangers == 0 else {
            throw BridgesError.otherStudy(path: path, study: sweep.name)
        }
        let written = known?.trials ?? [:]
        let own = ended.map {
            (digest: $0.record.digest.description, line: line(of: $0, study: number))
        }
        let isKept = written.allSatisfy { digest, line in
            own.contains { $0.digest == digest && $0.line == line }
        }
        guard isKept else {
            summary.written = ended.count
            summary.remarks.append(
                "results of '\(sweep.name)' have changed since they were exported: its study is deleted and "
                    + "written anew, with what a dashboard has added to it")
            return [Self.log(.deleteStudy, [("study_id", .integer(number))])]
                + create(journal.nextNumber) + ended.map { line(of: $0, study: journal.nextNumber) }
        }
        let new = own.filter { written[$0.digest] == nil }.map(\.line)
        summary.written = new.count
        return new
    }

    /// Of the plan and of what it is judged by.
    private var identity: String {
        ([sweep.plan] + objectives.map(\.key)).joined(separator: " ")
    }

    // MARK: Lines

    private func create(_ study: Int) -> [String] {
        let number = ("study_id", JSONText.integer(study))
        func attribute(_ key: String, _ value: String) -> String {
            Self.log(
                .setStudyUserAttribute, [number, ("user_attr", .object([(key, .text(value))]))])
        }
        return [
            Self.log(
                .createStudy,
                [
                    ("study_name", .text(sweep.name)),
                    (
                        "directions",
                        .array(objectives.map { .integer($0.better == .higher ? 2 : 1) })
                    ),
                ]),
            Self.log(
                .setStudySystemAttribute,
                [
                    number,
                    (
                        "system_attr",
                        .object([("study:metric_names", .array(objectives.map { .text($0.key) }))])
                    ),
                ]),
            attribute(Self.planAttribute, identity),
            attribute("description", sweep.record.facts["description"] ?? ""),
        ]
    }

    private func line(of trial: ExportedSweep.Trial, study: Int) -> String {
        let values = objectives.map { trial.record.metrics[$0.key] }
        let missing = zip(objectives, values).filter { $0.1 == nil }.map(\.0.key)
        let isComplete = trial.record.status == .finished && missing.isEmpty
        let found = JSONText.array(values.compactMap { $0 }.map { .number($0) })
        let parameters = trial.parameters + [.integer(trial.record.seed)]
        let names = sweep.parameters.map(\.name) + ["seed"]
        var members: [(String, JSONText)] = [
            ("study_id", .integer(study)),
            ("datetime_start", .optional(trial.started.map(Self.time))),
        ]
        if let ended = trial.ended {
            members.append(("datetime_complete", .text(Self.time(ended))))
        }
        members += [
            ("state", .integer(isComplete ? 1 : 3)),
            ("value", isComplete && values.count == 1 ? .optional(values[0]) : .null),
            ("values", isComplete && values.count > 1 ? found : .null),
            ("distributions", .object(zip(names, distributions).map { ($0, .text($1.json)) })),
            (
                "params",
                .object(
                    zip(names, zip(distributions, parameters)).map {
                        ($0, $1.0.internalValue($1.1))
                    })
            ),
            ("user_attrs", .object(attributes(of: trial, missing: missing))),
            ("system_attrs", .object([])),
            ("intermediate_values", .object(curve(of: trial))),
        ]
        return Self.log(.createTrial, members)
    }

    private func attributes(
        of trial: ExportedSweep.Trial, missing: [String]
    ) -> [(String, JSONText)] {
        let record = trial.record
        var reason = record.reason
        if record.status == .finished, !missing.isEmpty {
            reason = "it is finished, and has no value of \(missing.joined(separator: ", "))"
        }
        let judged = Set(objectives.map(\.key))
        return [
            (Self.trialAttribute, .text(record.digest.description)),
            ("label", .text(record.label)), ("row", .integer(record.row)),
            ("status", .text(record.status.rawValue)), ("seconds", .number(record.seconds)),
            ("build", .text(record.builds.joined(separator: "; "))),
        ] + (reason.map { [("reason", .text($0))] } ?? [])
            + sweep.metrics.compactMap { metric in
                guard !judged.contains(metric.key), let value = record.metrics[metric.key] else {
                    return nil
                }
                return (metric.name, .number(value))
            }
    }

    /// The first curve of training that the trial's stages have left: a trial of Optuna has one.
    private func curve(of trial: ExportedSweep.Trial) -> [(String, JSONText)] {
        let curve = trial.stages.lazy.flatMap(\.curves).first { !$0.points.isEmpty }
        return curve?.points.map { (String($0.step), .number($0.value)) } ?? []
    }

    private static func log(_ operation: Operation, _ members: [(String, JSONText)]) -> String {
        JSONText.object(
            [("op_code", .integer(operation.rawValue)), ("worker_id", .text("ablate"))] + members
        ).line(notFinite: JSONText.pythonSpelling)
    }

    /// To the microsecond, in UTC, as `datetime.fromisoformat` takes it.
    private static func time(_ seconds: Double) -> String {
        let micros = Int((seconds * 1e6).rounded())
        let (whole, rest) = micros.quotientAndRemainder(dividingBy: 1_000_000)
        let date = Date(timeIntervalSince1970: Double(whole)).formatted(
            .iso8601.year().month().day().time(includingFractionalSeconds: false))
        return date + String(format: ".%06d+00:00", rest)
    }
}

/// The values that a parameter of a study has, as Optuna writes them.
private struct Distribution {
    /// Numbers have an order, and others are told apart.
    private enum Kind {
        case whole(Int, Int)
        case number(Double, Double)
        case categories([SettingValue])
    }

    private let kind: Kind

    init(_ values: [SettingValue]) {
        let numbers = values.compactMap(\.number)
        let whole = values.compactMap(\.integer)
        if whole.count == values.count, let low = whole.min(), let high = whole.max() {
            kind = .whole(low, high)
        } else if numbers.count == values.count, let low = numbers.min(), let high = numbers.max() {
            kind = .number(low, high)
        } else {
            var seen: Set<SettingValue> = []
            kind = .categories(values.filter { seen.insert($0).inserted })
        }
    }

    var json: String {
        let (name, attributes): (String, [(String, JSONText)]) =
            switch kind {
            case .whole(let low, let high):
                (
                    "IntDistribution",
                    [
                        ("log", .boolean(false)), ("step", .integer(1)), ("low", .integer(low)),
                        ("high", .integer(high)),
                    ]
                )
            case .number(let low, let high):
                (
                    "FloatDistribution",
                    [
                        ("step", .null), ("low", .number(low)), ("high", .number(high)),
                        ("log", .boolean(false)),
                    ]
                )
            case .categories(let values):
                ("CategoricalDistribution", [("choices", .array(values.map(Self.choice)))])
            }
        return JSONText.object([("name", .text(name)), ("attributes", .object(attributes))]).line()
    }

    /// What a category may be: nothing, a truth value, a number or a text.
    private static func choice(_ value: SettingValue) -> JSONText {
        switch value {
        case .null: .null
        case .boolean(let value): .boolean(value)
        case .integer(let value): .integer(value)
        case .number(let value): .number(value)
        default: .text(value.description)
        }
    }

    func internalValue(_ value: SettingValue) -> JSONText {
        switch kind {
        case .whole: .integer(value.integer ?? 0)
        case .number: .number(value.number ?? 0)
        case .categories(let values): .integer(values.firstIndex(of: value) ?? 0)
        }
    }
}
