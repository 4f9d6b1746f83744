import Foundation
import Orchestration
import ResultsStore

/// How far a run is, in work done, and when it will be over.
///
/// Work of different kinds is put on one scale by the rate at which each kind has run so far; kinds
/// that have not run yet count at the mean rate of those that have.
struct RunClock {
    private let start = ContinuousClock.now
    private var workers = 1
    private(set) var stagesTotal = 0
    private(set) var stagesDone = 0
    private var running: [Int: (stage: Stage, start: ContinuousClock.Instant, share: Double)] = [:]
    private var secondsOfDone = 0.0

    mutating func observe(_ event: RunEvent) {
        switch event {
        case .planned(let overview):
            stagesTotal = overview.stagesToRun + overview.stagesToRebuild
            workers = overview.workers
        case .started(let stage, let worker, _, _):
            running[worker] = (stage, .now, 0)
        case .progress(_, let worker, let progress):
            running[worker]?.share = Double(progress.step) / Double(max(1, progress.steps))
        case .finished(_, let worker, let seconds, _):
            running[worker] = nil
            stagesDone += 1
            secondsOfDone += seconds
        case .failed(_, let worker, _, let fenced):
            running[worker] = nil
            stagesDone += 1 + fenced
        case .stopped(_, let worker), .retrying(_, let worker, _, _):
            running[worker] = nil
        case .finishedElsewhere, .failedElsewhere:
            stagesDone += 1
        default: break
        }
    }

    var progressText: String { "[\(stagesDone)/\(stagesTotal)]" }

    /// Share of the run that is done, what runs counted in part.
    var share: Double {
        guard stagesTotal > 0 else { return 1 }
        let partly = running.values.reduce(0) { $0 + $1.share }
        return min(1, (Double(stagesDone) + partly) / Double(stagesTotal))
    }

    /// nil until there is something to go by. Units: seconds.
    var secondsLeft: Double? {
        let elapsed = (ContinuousClock.now - start) / .seconds(1)
        guard share > 0.02, elapsed > 1, share < 1 else { return nil }
        return elapsed * (1 - share) / share
    }

    var timeLeftText: String? {
        secondsLeft.map { "about \(RunWording.duration($0)) left" }
    }
}
