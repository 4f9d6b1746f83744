import Digests
package import ResultsStore

/// Sweeps whose stages take no time: what is measured and tortured is the orchestrator.
package enum TrivialSweep {
    /// One stage a trial.
    package static func registration(trials: Int, name: String = "trivial") -> SweepRegistration {
        var stages: [Stage] = []
        var planned: [PlannedTrial] = []
        var rows: [PlannedRow] = []
        stages.reserveCapacity(trials)
        planned.reserveCapacity(trials)
        rows.reserveCapacity(trials)
        for number in 0..<trials {
            let stage = Digest(of: "trivial stage \(number)")
            let settings = #"{"x":\#(number)}"#
            stages.append(
                Stage(id: stage, kind: "trivial", title: "x \(number)", payload: settings))
            planned.append(
                PlannedTrial(
                    id: Digest(of: "trivial trial \(number)"), row: number, seed: 0,
                    stages: [stage]))
            rows.append(
                PlannedRow(
                    index: number, label: "x \(number)", settings: settings, varied: settings,
                    isBaseline: number == 0))
        }
        return SweepRegistration(
            name: name, parameters: ["x"], rows: rows, trials: planned, stages: stages)
    }

    /// Common scenes, and for each trial a pretraining with two heads: a sweep in small.
    package static func layered(trials: Int, name: String = "layered") -> SweepRegistration {
        let scenes = Stage(
            id: Digest(of: "layered scenes"), kind: "scenes", title: "scenes", work: 10,
            producesArtifact: true)
        var sweep = SweepRegistration(
            name: name, parameters: ["x"], rows: [], trials: [], stages: [scenes])
        for number in 0..<trials {
            let settings = #"{"x":\#(number)}"#
            let pretrain = Stage(
                id: Digest(of: "layered pretrain \(number)"), kind: "pretrain",
                title: "pretrain \(number)", dependencies: [scenes.id], payload: settings, work: 5,
                producesArtifact: true)
            let heads = ["probe", "finetune"].map { kind in
                Stage(
                    id: Digest(of: "layered \(kind) \(number)"), kind: kind,
                    title: "\(kind) \(number)", dependencies: [pretrain.id], payload: settings)
            }
            sweep.stages += [pretrain] + heads
            sweep.rows.append(
                PlannedRow(
                    index: number, label: "x \(number)", settings: settings, varied: settings))
            sweep.trials.append(
                PlannedTrial(
                    id: Digest(of: "layered trial \(number)"), row: number, seed: 0,
                    stages: [scenes.id, pretrain.id] + heads.map(\.id)))
        }
        return sweep
    }
}

/// Does nothing, and says so with a number that depends on the stage alone.
package struct TrivialExecutor: StageExecutor {
    package init() {}

    package func execute(_ stage: Stage, context: StageContext) throws -> StageResult {
        StageResult(metrics: ["\(stage.kind).value": Double(stage.id.low % 1000) / 1000])
    }

    package func hasArtifact(_ stage: Stage) -> Bool { true }
}
