import Analysis
package import Digests
import Foundation
package import Orchestration
import Reports
package import ResultsStore
package import Studies
package import Sweeps

/// A study that computes nothing: its figures follow from its settings, so that tables are known.
///
/// `prepare` leaves a file; `score` needs it and knows the seed; `chance` is a reference. On the validation
/// split a bonus is the better the nearer it is to the size.
package struct ToyStudy: Study {
    package init() {}

    package let name = "toy"

    package let schema = SettingsSchema(
        trial: [
            SettingDescriptor(
                key: "size", kind: .integer(1...100), defaultValue: .integer(1), summary: "size"),
            SettingDescriptor(
                key: "bonus", kind: .number(0...10), defaultValue: .number(0), summary: "bonus"),
        ],
        data: [], evaluations: ["chance", "score"], defaultEvaluations: ["chance", "score"],
        figures: ["points", "misses"],
        validations: [
            ValidationEvaluation(
                name: "score_validation", evaluation: "score",
                metrics: ["score_validation_points"])
        ])

    package let trainingCurves: [String]? = ["loss", "checked_points"]

    package let stages = [
        StageDefinition(name: "prepare", usesSeed: false, leavesFile: true, settings: ["size"]),
        StageDefinition(name: "score", needs: ["prepare"], settings: ["size", "bonus"]),
        StageDefinition(name: "chance", usesSeed: false, settings: []),
        StageDefinition(
            name: "score_validation", needs: ["prepare"], settings: ["size", "bonus"]),
    ]

    package let validations = [
        EvaluationDefinition(stage: "score_validation", header: "validation")
    ]

    package let evaluations = [
        EvaluationDefinition(
            stage: "chance", reference: .init(label: "by chance", column: "score")),
        EvaluationDefinition(stage: "score"),
    ]

    package let figures = [
        FigureDefinition(name: "points", unit: "%", better: .higher),
        FigureDefinition(name: "misses", better: .lower, decimals: 0, display: .nowhere),
    ]

    package func prepare(_ plan: SweepPlan, context: StudyContext) throws -> any PreparedStudy {
        PreparedToys()
    }

    package func predictions(
        of stage: StageRecord, in sweep: SweepRecord
    ) -> (any StoredPredictions)? {
        stage.details["hits"].map { Hits(hits: $0.map { $0 == "1" }) }
    }
}

/// Of each item whether it was hit.
private struct Hits: StoredPredictions {
    let hits: [Bool]
    let noun = "throw"

    var count: Int { hits.count }
    var items: [Int] { Array(hits.indices) }
    var clusters: [Int] { items }

    func value(of figure: String) -> Double? {
        figure == "misses" ? Double(hits.count { !$0 }) : nil
    }

    func itemValues(of figure: String) -> [Double]? {
        figure == "points" ? hits.map { $0 ? 100 : 0 } : nil
    }

    func interval(of figure: String) -> ConfidenceInterval? {
        figure == "points"
            ? ClusteredInterval.share(of: hits, clusters: clusters)?.scaled(by: 100) : nil
    }
}

package struct PreparedToys: PreparedStudy {
    package init() {}

    package var dataDigest: Digest { Digest(of: "toys") }
    package var facts: [String: String] { ["data": "toys"] }

    package func executor(_ layout: ResultsLayout) -> any StageExecutor {
        ToyExecutor(layout: layout)
    }
}

private struct ToyExecutor: StageExecutor {
    let layout: ResultsLayout

    private func file(_ digest: Digest) -> URL {
        layout.cachedFile(digest, in: "toys", ending: "txt")
    }

    func hasArtifact(_ stage: Stage) -> Bool {
        stage.kind != "prepare" || FileManager.default.fileExists(atPath: file(stage.id).path)
    }

    /// Of the file that `prepare` left.
    private func size(_ prepare: Digest, of payload: StagePayload) throws -> Int {
        guard let content = try? Data(contentsOf: file(prepare)),
            content.count == payload.settings["size"]?.integer
        else { throw MissingArtifacts(stages: [prepare], reason: "no file of the right size") }
        return content.count
    }

    func execute(_ stage: Stage, context: StageContext) throws -> StageResult {
        if context.isCancelled() { throw CancellationError() }
        let payload = try StagePayload(decoding: stage.payload, kind: stage.kind)
        switch stage.kind {
        case "prepare":
            try layout.createFolders(inCache: ["toys"])
            let size = payload.settings["size"]?.integer ?? 0
            try Data(String(repeating: "1", count: size).utf8).write(to: file(stage.id))
            return StageResult()
        case "score":
            let size = try size(stage.dependencies[0], of: payload)
            let bonus = payload.settings["bonus"]?.number ?? 0
            let seed = payload.seed ?? 0
            return StageResult(
                metrics: ["score_points": Double(10 * size + seed) + bonus],
                details: ["hits": "1101"])
        case "score_validation":
            let size = try size(stage.dependencies[0], of: payload)
            let bonus = payload.settings["bonus"]?.number ?? 0
            // What a point is worth does not depend on luck, but for one that fails.
            if bonus > 9 { throw TrialFault(reason: "too much") }
            let distance = abs(bonus - Double(size))
            return StageResult(metrics: ["score_validation_points": 50 - distance])
        default: return StageResult(metrics: ["chance_points": 5])
        }
    }
}
