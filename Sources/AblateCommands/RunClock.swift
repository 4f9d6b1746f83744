import Digests
import Foundation
import Orchestration
import Reports
import ResultsStore

/// How far a run is, and when it will be over.
struct RunClock {
    /// nil until the rates of all kinds of stages are known.
    private var timeLeft: TimeLeft?
    /// What happened before they were.
    private var missed: [RunEvent] = []
    private let start = ContinuousClock.now
    private(set) var stagesTotal = 0
    private(set) var stagesDone = 0

    /// From now on the time left can be foretold.
    mutating func adopt(_ timeLeft: TimeLeft) {
        self.timeLeft = timeLeft
        for event in missed { self.timeLeft?.take(event) }
        missed = []
    }

    mutating func observe(_ event: RunEvent) {
        timeLeft?.take(event)
        if timeLeft == nil {
            switch event {
            case .finished, .rebuilding: missed.append(event)
            default: break
            }
        }
        switch event {
        case .planned(let overview):
            stagesTotal = overview.stagesToRun + overview.stagesToRebuild
        case .rebuilding:
            stagesTotal += 1
        case .finished, .finishedElsewhere, .failedElsewhere:
            stagesDone += 1
        case .failed(_, _, _, let fenced), .postponed(_, _, _, let fenced):
            stagesDone += 1 + fenced
        default: break
        }
    }

    var progressText: String { "[\(stagesDone)/\(stagesTotal)]" }

    /// Share of the run that is done: of its time where that can be foretold, else of its stages.
    var share: Double {
        guard stagesTotal > 0 else { return 1 }
        let elapsed = (ContinuousClock.now - start) / .seconds(1)
        guard let left = timeLeft?.estimate?.seconds, elapsed + left > 0 else {
            return Double(stagesDone) / Double(stagesTotal)
        }
        return min(1, elapsed / (elapsed + left))
    }

    /// Units: seconds, with one standard deviation; nil when it cannot be foretold.
    var estimate: (seconds: Double, deviation: Double)? {
        stagesDone < stagesTotal ? timeLeft?.estimate : nil
    }

    /// "about 3 min 20 s left (± 15 s)"; nil when it cannot be foretold.
    var timeLeftText: String? {
        estimate.map { Prediction.left(seconds: $0.seconds, deviation: $0.deviation) }
    }
}
