import Digests
import Foundation
import Reports
import ResultsStore
import Studies

/// One trial: what it is, what it gave, what became of its stages.
struct TrialAnswer: Encodable {
    struct Attempt: Encodable {
        var outcome: String
        /// Units: seconds since 1970; nil where nobody took the time.
        var started: Double?
        var seconds: Double
        var reason: String?
    }

    struct StageFile: Encodable {
        var name: String
        var title: String
        var bytes: Int
    }

    struct Stage: Encodable {
        var digest: String
        var kind: String
        var title: String
        var status: String
        var isRunning: Bool
        var seconds: Double?
        var memory: Int?
        var build: String?
        var reason: String?
        var attempts: [Attempt]
        var log: String
        var files: [StageFile]
        var curves: [CurvesAnswer.Drawing]
    }

    struct Setting: Encodable {
        var name: String
        var value: String
        var isVaried: Bool
    }

    var sweep: String
    var label: String
    var row: Int
    var seed: Int
    var digest: String
    var status: String
    var reason: String?
    /// Units: seconds.
    var seconds: Double
    var metrics: [NamedText]
    var settings: [Setting]
    var stages: [Stage]
    var figures: [Figure]
    /// Commands that have to do with it.
    var commands: [NamedText]

    private static let logBytes = 64 << 10

    init(_ digest: Digest, of sweep: String, _ store: StudyStore, _ layout: ResultsLayout) throws {
        let results = store.store
        let record = try results.sweep(sweep)
        guard let trial = try results.trials(of: sweep, only: digest).first else {
            throw StoreError.unknownStage(digest.description)
        }
        let study = try store.catalogue.study(of: record)
        let details = TrialDetails.make(trial)
        self.sweep = record.name
        label = trial.label
        row = trial.row
        seed = trial.seed
        self.digest = digest.description
        status = trial.status.rawValue
        reason = trial.reason
        seconds = trial.seconds
        let names = Self.names(of: study)
        metrics = details.metrics.map { metric in
            guard let (name, unit) = names[metric.name] else {
                let unit = study.unit(ofMetric: metric.name).map { " \($0)" } ?? ""
                return NamedText(metric.name.replacing("_", with: " "), metric.value + unit)
            }
            return NamedText(name, unit.map { "\(metric.value) \($0)" } ?? metric.value)
        }
        let varied = Set(record.parameters)
        settings = details.settings.map {
            Setting(name: $0.name, value: $0.value, isVaried: varied.contains($0.name))
        }
        let running = try Set(results.runningStages().filter { $0.process != nil }.map(\.stage))
        stages = try results.stages(ofTrial: digest).map {
            try Self.stage($0, of: study, in: results, layout, isRunning: running.contains($0))
        }
        figures = try SweepFigures(sweep, from: store, only: digest).ofStages
        let program = store.catalogue.program
        commands = [NamedText("its log", "\(program) logs \(digest.short)")]
        if let command = record.facts["command"] {
            commands.insert(
                NamedText("run it again", "\(command) --rerun \(digest.short)"), at: 0)
        }
    }

    /// Figures of merit as tables call them, with units, by the names that they are stored under.
    private static func names(of study: any Study) -> [String: (name: String, unit: String?)] {
        let columns = study.allEvaluations.flatMap { evaluation in
            study.figures.map { figure in
                let stage = evaluation.header ?? evaluation.stage
                return (evaluation.key(figure.name), ("\(stage): \(figure.header)", figure.unit))
            }
        }
        return Dictionary(columns, uniquingKeysWith: { first, _ in first })
    }

    private static func stage(
        _ digest: Digest, of study: any Study, in store: ResultsStore, _ layout: ResultsLayout,
        isRunning: Bool
    ) throws -> Stage {
        let stage = try store.stage(digest)
        let files = (study as? any StudyWithExhibits)?.files(of: stage, in: layout) ?? []
        var live: [CurvesAnswer.Drawing] = []
        if stage.status != .finished {
            live = try store.curves(of: digest).sorted { $0.key < $1.key }.map { name, points in
                CurvesAnswer.Drawing(
                    name: name,
                    lines: [
                        .init(
                            row: 0, label: stage.title, seed: 0, isRunning: isRunning,
                            steps: points.map(\.step), values: points.map(\.value))
                    ])
            }
        }
        return Stage(
            digest: digest.description, kind: stage.kind, title: stage.title,
            status: "\(stage.status)", isRunning: isRunning, seconds: stage.seconds,
            memory: stage.peakMemoryBytes, build: stage.build, reason: stage.reason,
            attempts: try store.attempts(of: digest).map {
                Attempt(
                    outcome: $0.outcome.rawValue, started: $0.started > 0 ? $0.started : nil,
                    seconds: $0.seconds, reason: $0.reason)
            },
            log: end(of: try store.log(of: digest)),
            files: files.compactMap { file in
                guard let size = try? file.url.resourceValues(forKeys: [.fileSizeKey]).fileSize
                else { return nil }
                return StageFile(name: file.name, title: file.title, bytes: size)
            }, curves: live)
    }

    /// The last lines of a long log.
    private static func end(of log: String) -> String {
        guard log.utf8.count > logBytes else { return log }
        let text = String(decoding: log.utf8.suffix(logBytes), as: UTF8.self)
        return "[...]\n" + text.drop { $0 != "\n" }.dropFirst()
    }
}
