import Digests
import Foundation
import Orchestration
import ResultsStore

/// How far a run is, and when it will be over.
///
/// Each stage counts with the seconds that it was expected to take; what has run so far corrects the
/// expectation for the rest.
struct RunClock {
    private let expected: [Digest: Double]
    /// One standard deviation of the forecast over the forecast.
    private let deviation: Double
    private let start = ContinuousClock.now
    private(set) var stagesTotal = 0
    private(set) var stagesDone = 0
    private var expectedDone = 0.0
    private var running: [Int: (stage: Digest, share: Double)] = [:]
    private var workers = 1

    /// - Parameter expected: seconds that each stage to run should take.
    init(expected: [Digest: Double], deviation: Double) {
        self.expected = expected
        self.deviation = deviation
    }

    mutating func observe(_ event: RunEvent) {
        switch event {
        case .planned(let overview):
            stagesTotal = overview.stagesToRun + overview.stagesToRebuild
            workers = overview.workers
        case .started(let stage, let worker, _, _):
            running[worker] = (stage.id, 0)
        case .progress(_, let worker, let progress):
            running[worker]?.share = Double(progress.step) / Double(max(1, progress.steps))
        case .finished(let stage, let worker, _, _):
            running[worker] = nil
            stagesDone += 1
            expectedDone += expected[stage.id] ?? 0
        case .failed(let stage, let worker, _, let fenced):
            running[worker] = nil
            stagesDone += 1 + fenced
            expectedDone += expected[stage.id] ?? 0
        case .stopped(_, let worker), .retrying(_, let worker, _, _):
            running[worker] = nil
        case .finishedElsewhere(let stage), .failedElsewhere(let stage, _):
            stagesDone += 1
            expectedDone += expected[stage.id] ?? 0
        default: break
        }
    }

    var progressText: String { "[\(stagesDone)/\(stagesTotal)]" }

    private var expectedTotal: Double { expected.values.reduce(0, +) }

    private var expectedSoFar: Double {
        expectedDone + running.values.reduce(0) { $0 + (expected[$1.stage] ?? 0) * $1.share }
    }

    /// Share of the run that is done, what runs counted in part.
    var share: Double {
        expectedTotal > 0 ? min(1, expectedSoFar / expectedTotal) : 1
    }

    /// nil until there is something to go by. Units: seconds.
    private var secondsLeft: (mean: Double, deviation: Double)? {
        let elapsed = (ContinuousClock.now - start) / .seconds(1)
        guard expectedTotal > 0, share < 1 else { return nil }
        let remaining = expectedTotal - expectedSoFar
        let forecast = remaining / Double(workers)
        guard elapsed > 1, expectedSoFar > 0 else { return (forecast, forecast * deviation) }
        // The pace so far is trusted the more, the more of the run it rests on.
        let paced = remaining * elapsed / expectedSoFar
        let mean = share * paced + (1 - share) * (forecast + paced) / 2
        return (mean, mean * max(0.05, deviation * (1 - share)))
    }

    /// "about 3 min 20 s left (+- 15 s)"
    var timeLeftText: String? {
        secondsLeft.map {
            "about \(RunWording.duration($0.mean)) left (± \(RunWording.duration($0.deviation)))"
        }
    }
}
