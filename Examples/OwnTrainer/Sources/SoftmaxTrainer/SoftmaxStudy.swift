import Analysis
import Foundation
import ResultsStore
import Studies
import Sweeps

/// Which rate and which penalty does softmax regression want?
package struct SoftmaxStudy: Study {
    package let name = "softmax"
    package let schema = SettingsSchema(
        trial: [
            SettingDescriptor(
                key: "learning_rate", kind: .number(0...1), defaultValue: .number(0.1),
                summary: "length of a step"),
            SettingDescriptor(
                key: "penalty", kind: .number(0...1), defaultValue: .number(0), summary: "decay"),
        ],
        data: [], evaluations: ["fit"], figures: ["accuracy", "log_loss"])
    package let stages = [StageDefinition(name: "fit", settings: ["learning_rate", "penalty"])]
    package let evaluations = [EvaluationDefinition(stage: "fit", prefix: "")]
    package let figures = [
        FigureDefinition(name: "accuracy", unit: "%", better: .higher),
        FigureDefinition(name: "log_loss", better: .lower, decimals: 3),
    ]

    package init() {}

    package func prepare(_ plan: SweepPlan, context: StudyContext) throws -> any PreparedStudy {
        try NumberTable(context.folder.appending(path: "table.csv"))
    }

    package func predictions(of stage: StageRecord, in _: SweepRecord) -> (any StoredPredictions)? {
        let text = Data((stage.details["predictions"] ?? "").utf8)
        return try? JSONDecoder().decode(Predictions.self, from: text)
    }
}

/// Of each test row the loss, and whether no other class was likelier.
struct Predictions: StoredPredictions, Codable {
    var losses: [Double] = []
    var hits: [Bool] = []
    var noun: String { "row" }
    var count: Int { hits.count }
    var items: [Int] { Array(hits.indices) }
    var accuracy: Double { 100 * Double(hits.count { $0 }) / Double(count) }
    var logLoss: Double { losses.reduce(0, +) / Double(count) }
    func value(of figure: String) -> Double? { figure == "accuracy" ? accuracy : logLoss }

    func interval(of figure: String) -> ConfidenceInterval? {
        figure == "accuracy"
            ? ClusteredInterval.share(of: hits, clusters: items)?.scaled(by: 100)
            : ClusteredInterval.mean(of: losses, clusters: items)
    }
}
