import Digests
import Orchestration
import ResultsStore

/// A run in which everything happens once.
enum RunEvents {
    static let stage = Stage(
        id: Digest(of: "fit"), kind: "fit", title: "fit penalty 0.1, seed 0")
    static let trial = PlannedTrial(
        id: Digest(of: "trial"), row: 0, seed: 0, stages: [stage.id])

    static let all: [RunEvent] = [
        .planned(
            RunOverview(
                stagesToRun: 7, stagesToRebuild: 1, stagesReused: 2, trials: 5, trialsFinished: 1,
                trialsFailed: 1, workers: 2)),
        .tookOver(stages: 3),
        .heldUp(process: 4711),
        .takenElsewhere(stage),
        .started(stage, worker: 0, attempt: 1, isRebuild: false),
        .progress(
            stage, worker: 0,
            StageProgress(step: 5, steps: 20, detail: "loss 0.25", rate: 512.5)),
        .log(stage, worker: 0, line: "a word from the stage"),
        .retrying(stage, worker: 0, attempt: 1, reason: "the disk is full"),
        .started(stage, worker: 0, attempt: 2, isRebuild: false),
        .progress(stage, worker: 0, StageProgress(step: 20, steps: 20)),
        .finished(
            stage, worker: 0, seconds: 61.5,
            StageResult(metrics: ["accuracy": 87.5, "log_loss": .infinity])),
        .trialFinished(trial, finished: 2, of: 5),
        .rebuilding(stage),
        .finishedElsewhere(stage),
        .failed(stage, worker: 1, reason: "the loss is not finite", fenced: 2),
        .failedElsewhere(stage, reason: "the loss is not finite there"),
        .postponed(stage, worker: 1, reason: "no memory", fenced: 1),
        .stopped(stage, worker: 0),
        .cancelling,
        .ended(
            RunSummary(
                trials: 5, trialsFinished: 2, trialsFailed: 1, trialsPostponed: 1, stagesRun: 3,
                stagesRebuilt: 1, isCancelled: true, seconds: 125)),
    ]

    /// The case of an event. A new one does not compile until it is named here; the tests then ask for it
    /// in ``all``.
    static func name(_ event: RunEvent) -> String {
        switch event {
        case .planned: "planned"
        case .started: "started"
        case .progress: "progress"
        case .log: "log"
        case .finished: "finished"
        case .retrying: "retrying"
        case .rebuilding: "rebuilding"
        case .failed: "failed"
        case .postponed: "postponed"
        case .stopped: "stopped"
        case .takenElsewhere: "taken_elsewhere"
        case .finishedElsewhere: "finished_elsewhere"
        case .heldUp: "held_up"
        case .failedElsewhere: "failed_elsewhere"
        case .tookOver: "took_over"
        case .trialFinished: "trial_finished"
        case .cancelling: "cancelling"
        case .ended: "ended"
        }
    }
}
