import Digests
import Foundation
import ResultsStore
import TestSupport

extension TemporaryFolder {
    var database: String { url.appending(path: "results.sqlite").path }
}

/// Two configurations of two seeds; each trial has its own pretraining and probe on common scenes.
func sampleSweep(_ name: String = "sample", rows: Int = 2, seeds: [Int] = [0, 1])
    -> SweepRegistration
{
    let scenes = Stage(
        id: Digest(of: "scenes"), kind: "scenes", title: "scenes", work: 10, producesArtifact: true)
    var stages = [scenes]
    var trials: [PlannedTrial] = []
    for row in 0..<rows {
        for seed in seeds {
            let pretrain = Stage(
                id: Digest(of: "pretrain \(row) \(seed)"), kind: "pretrain",
                title: "pretrain row \(row) seed \(seed)", dependencies: [scenes.id], work: 5,
                producesArtifact: true)
            let probe = Stage(
                id: Digest(of: "probe \(row) \(seed)"), kind: "probe",
                title: "probe row \(row) seed \(seed)", dependencies: [pretrain.id], work: 1)
            stages += [pretrain, probe]
            trials.append(
                PlannedTrial(
                    id: Digest(of: "trial \(row) \(seed)"), row: row, seed: seed,
                    stages: [scenes.id, pretrain.id, probe.id]))
        }
    }
    let plannedRows = (0..<rows).map {
        PlannedRow(
            index: $0, label: "batch_size \(64 << $0)",
            settings: #"{"batch_size":\#(64 << $0),"temperature":0.1}"#,
            varied: #"{"batch_size":\#(64 << $0)}"#, isBaseline: $0 == 0)
    }
    return SweepRegistration(
        name: name, sourceText: "name: \(name)\n", facts: ["data": "builtin"],
        parameters: ["batch_size"], rows: plannedRows, trials: trials, stages: stages)
}

extension ResultsStore {
    /// Records one attempt at a stage of a registered sweep, as a run does.
    func record(_ attempt: StageAttempt, _ stage: Stage, owner: OwnerNumber = 1) throws {
        let row = try lookUp([stage]).rows[0]
        try transact { try $0.record(attempt, stage: row, owner: owner) }
    }

    func finish(
        _ stage: Stage, _ metrics: [String: Double] = [:], seconds: Double = 1, build: String = "b"
    ) throws {
        try record(
            StageAttempt(
                outcome: .finished, result: StageResult(metrics: metrics), seconds: seconds,
                build: build), stage)
    }
}
