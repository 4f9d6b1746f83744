import Digests
import Foundation
import ResultsStore
import Studies

/// Curves by step, a line a stage, of running stages too.
struct CurvesAnswer: Encodable {
    struct Line: Encodable {
        var row: Int
        var label: String
        var seed: Int
        var isRunning: Bool
        var steps: [Int]
        /// One a step; text where it is no number.
        var values: [Double]
    }

    struct Drawing: Encodable {
        var name: String
        var lines: [Line]
    }

    var drawings: [Drawing]
    /// The rows that are shown, and how many there are.
    var rows: [Int]
    var allRows: Int

    /// More lines than this are told apart by nobody.
    private static let mostRows = 8
    private static let mostSeeds = 20
    private static let mostPoints = 250

    /// - Parameter chosen: the rows to show; nil for those that run, then the first.
    init(_ sweep: String, rows chosen: [Int]?, _ store: StudyStore) throws {
        let results = store.store
        let study = try store.study(ofSweep: sweep)
        let running = try Set(results.runningStages().map(\.stage))
        let last = try results.trialPage(of: sweep, count: 0).total
        allRows = last == 0 ? 0 : try results.rowCount(of: sweep)
        rows = try chosen ?? Self.rows(sweep, allRows, results)
        var drawings: [String: [Line]] = [:]
        var order: [String] = []
        var seen: Set<Digest> = []
        for row in rows {
            for trial in try results.trialPage(of: sweep, row: row, count: Self.mostSeeds).trials {
                for stage in try results.stages(ofTrial: trial.digest)
                where seen.insert(stage).inserted {
                    let curves = study.curvesOfTraining(among: try results.curves(of: stage))
                    for (name, points) in curves {
                        if drawings[name] == nil { order.append(name) }
                        let thin = Self.thinned(points)
                        drawings[name, default: []].append(
                            Line(
                                row: row, label: trial.label, seed: trial.seed,
                                isRunning: running.contains(stage), steps: thin.map(\.step),
                                values: thin.map(\.value)))
                    }
                }
            }
        }
        self.drawings = order.map { Drawing(name: $0, lines: drawings[$0] ?? []) }
    }

    private static func rows(
        _ sweep: String, _ count: Int, _ store: ResultsStore
    ) throws -> [Int] {
        let busy = try store.trialPage(of: sweep, statuses: [.running], count: mostRows).trials
        var rows: [Int] = []
        for row in [0] + busy.map(\.row) + Array(0..<count)
        where row < count && rows.count < mostRows && !rows.contains(row) {
            rows.append(row)
        }
        return rows.sorted()
    }

    /// Every so many-th point, and the last.
    private static func thinned(_ points: [CurvePoint]) -> [CurvePoint] {
        guard points.count > mostPoints else { return points }
        let stride = (points.count + mostPoints - 1) / mostPoints
        return points.enumerated()
            .filter { $0.offset % stride == 0 || $0.offset == points.count - 1 }.map(\.element)
    }
}
