import Digests
import Foundation
import ResultsStore
import Studies
import TestSupport
import ToyStudies

/// A sweep of four rows and two seeds in a store, whose results come in as a test wants them: trials of
/// `10 size + seed + bonus` points, with a curve.
final class StoredToys {
    let folder: TemporaryFolder
    let store: StudyStore
    let registration: SweepRegistration

    static let text = """
        name: toys
        description: What is a bonus worth?
        parameters:
          size: [1, 2]
          bonus: [0, 0.5]
        seeds: [0, 1]
        baseline: {size: 1, bonus: 0}
        """

    /// When the first stage began. Units: seconds since 1970.
    static let begin = 1_700_000_000.25

    init(_ text: String = text) throws {
        folder = try TemporaryFolder()
        try folder.write(text, to: "toys.yaml")
        let catalogue = StudyCatalogue([ToyStudy()])
        let session = try SweepSession(
            path: folder.file("toys.yaml").path, overrides: [], catalogue: catalogue)
        registration = session.registration
        store = StudyStore(try ResultsStore(inMemory: .init()), catalogue)
        try store.store.register(registration)
    }

    func path(_ name: String) -> String { folder.url.appending(path: name).path }

    /// Points of a trial, as the store has them.
    func points(_ trial: PlannedTrial) -> Double {
        let row = registration.rows[trial.row]
        let size = row.varied.contains("\"size\":2") ? 2.0 : 1
        return 10 * size + Double(trial.seed) + (row.varied.contains("\"bonus\":0.5") ? 0.5 : 0)
    }

    static let curve = [
        CurvePoint(step: 1, value: 2.5), CurvePoint(step: 2, value: .infinity),
        CurvePoint(step: 4, value: 0.1),
    ]

    /// No curve, though it is kept as one.
    static let histogram = [CurvePoint(step: 0, value: 0.25), CurvePoint(step: 1, value: 0.75)]

    /// Finishes the first trials, each a hundred seconds after the other.
    func finish(_ count: Int) throws {
        for (index, trial) in registration.trials.prefix(count).enumerated() {
            try takeIn(trial, index) { kind in
                switch kind {
                case "score":
                    StageResult(
                        metrics: ["score_points": points(trial)],
                        curves: ["loss": Self.curve, "shares": Self.histogram],
                        details: ["hits": "1101"])
                case "chance": StageResult(metrics: ["chance_points": 5])
                default: StageResult()
                }
            }
        }
    }

    /// Finishes the scoring of a trial that was looked at while it learnt.
    func finishWithChecks(_ index: Int) throws {
        let checks = [CurvePoint(step: 0, value: 50), CurvePoint(step: 4, value: 75)]
        for stage in stages(of: registration.trials[index]) {
            try finish(
                stage,
                stage.kind == "score"
                    ? StageResult(
                        metrics: ["score_points": 75],
                        curves: [
                            "loss": Self.curve, "checked_points": checks,
                            "shares": Self.histogram,
                        ])
                    : StageResult())
        }
    }

    /// Finishes a stage with a result of the test's own.
    func finish(_ stage: Stage, _ result: StageResult) throws {
        _ = try store.store.takeIn([
            ForeignResult(
                stage: stage.id,
                attempt: StageAttempt(outcome: .finished, result: result, seconds: 8, build: "test")
            )
        ])
    }

    /// Lets the scoring of a trial fail.
    func fail(_ index: Int, reason: String) throws {
        let trial = registration.trials[index]
        let stage = stages(of: trial).first { $0.kind == "score" }
        _ = try store.store.takeIn(
            stage.map {
                [
                    ForeignResult(
                        stage: $0.id,
                        attempt: StageAttempt(outcome: .failed, reason: reason, seconds: 1))
                ]
            } ?? [])
    }

    func stages(of trial: PlannedTrial) -> [Stage] {
        registration.stages.filter { trial.stages.contains($0.id) }
    }

    private func takeIn(
        _ trial: PlannedTrial, _ index: Int, _ result: (String) -> StageResult
    ) throws {
        _ = try store.store.takeIn(
            stages(of: trial).map { stage in
                ForeignResult(
                    stage: stage.id,
                    attempt: StageAttempt(
                        outcome: .finished, result: result(stage.kind),
                        started: Self.begin + Double(100 * index), seconds: 8,
                        peakMemoryBytes: 1 << 20, build: "test"))
            })
    }
}
