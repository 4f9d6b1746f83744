import Foundation
import ResultsStore
import Studies

/// All sweeps of the store, the ones that run first, then the latest.
struct SweepList: Encodable {
    struct Item: Encodable {
        var name: String
        var description: String
        var counts: TrialCounts
        var left: SweepStatus.Left?
        var revisions: Int
        /// Of the last run that has ended. Units: seconds since 1970.
        var lastRun: Double?
    }

    /// Whether there is a store at all.
    var exists: Bool
    var database: String
    var program: String
    var sweeps: [Item]

    init(_ store: StudyStore?, layout: ResultsLayout, program: String) throws {
        exists = store != nil
        database = layout.database.relativePath
        self.program = program
        sweeps = []
        guard let studies = store else { return }
        let store = studies.store
        let counts = try store.statusCounts()
        for name in try store.sweepNames() {
            let sweep = try store.sweep(name)
            var own = counts[name] ?? StatusCounts()
            var left: (seconds: Double, deviation: Double)?
            if own[.running] > 0 {
                let progress = try SweepProgress(name, from: studies)
                (own, left) = (progress.counts, progress.timeLeft)
            }
            sweeps.append(
                Item(
                    name: name, description: sweep.facts["description"] ?? "",
                    counts: TrialCounts(own), left: SweepStatus.Left(left),
                    revisions: try store.revisions(of: name).count,
                    lastRun: try store.runs(of: name).last.map { $0.started + $0.seconds }))
        }
        sweeps.sort {
            ($0.counts.running > 0 ? 1 : 0, $0.lastRun ?? .infinity)
                > ($1.counts.running > 0 ? 1 : 0, $1.lastRun ?? .infinity)
        }
    }
}
