import Digests
import Files
import Foundation
import Orchestration
import Randomness
import ResultsStore
import Studies

/// The data, and what computes with them: every third row is for testing.
struct NumberTable: PreparedStudy, StageExecutor {
    let dataDigest: Digest
    let facts = ["data": "a table of numbers"]
    private let rows: [(values: [Double], label: Int)]

    init(_ file: URL) throws {
        let text = try String(contentsOf: file, encoding: .utf8)
        dataDigest = Digest(of: text)
        rows = text.split(separator: "\n").dropFirst().map { line in
            let numbers = line.split(separator: ",").map { Double($0) ?? 0 }
            return (numbers.dropLast() + [1], Int(numbers.last ?? 0))
        }
    }

    var overview: [String] { ["\(rows.count) rows, every third one for testing"] }
    func executor(_ layout: ResultsLayout) -> any StageExecutor { self }
    func hasArtifact(_ stage: Stage) -> Bool { true }

    func execute(_ stage: Stage, context: StageContext) throws -> StageResult {
        let payload = try StagePayload(decoding: stage.payload, kind: stage.kind)
        let rate = payload.settings["learning_rate"]?.number ?? 0
        let keep = 1 - (payload.settings["penalty"]?.number ?? 0)
        var weights = [[Double]](repeating: [0, 0, 0, 0, 0], count: 3)
        for epoch in 0..<20 {
            if context.isCancelled() { throw CancellationError() }
            // Each seed has an order of its own, the same one in every configuration.
            var stream = Stream(UInt64(payload.seed ?? 0), "order", epoch)
            for row in stream.permutation(rows.count) where row % 3 != 0 {
                let (values, label) = rows[row]
                for (index, share) in Self.softmax(weights, values).enumerated() {
                    let slope = rate * (share - (index == label ? 1 : 0))
                    weights[index] = zip(weights[index], values).map { keep * $0 - slope * $1 }
                }
            }
            context.report(StageProgress(step: epoch + 1, steps: 20))
        }
        var predictions = Predictions()
        for row in stride(from: 0, to: rows.count, by: 3) {
            let shares = Self.softmax(weights, rows[row].values)
            predictions.losses.append(-log(max(shares[rows[row].label], 1e-12)))
            predictions.hits.append(shares[rows[row].label] == shares.max())
        }
        return StageResult(
            metrics: ["accuracy": predictions.accuracy, "log_loss": predictions.logLoss],
            details: ["predictions": try SortedJSON.text(of: predictions)])
    }

    private static func softmax(_ weights: [[Double]], _ values: [Double]) -> [Double] {
        let powers = weights.map { exp(zip($0, values).map(*).reduce(0, +)) }
        return powers.map { $0 / powers.reduce(0, +) }
    }
}
