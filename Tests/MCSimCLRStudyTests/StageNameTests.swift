import Digests
import Foundation
import MCSimCLRStudy
import ResultsStore
import SoundData
import Studies
import Sweeps
import Testing

@Suite("Names of stages")
struct StageNameTests {
    private static let text = """
        name: x
        base: {batch_size: 16}
        parameters:
          rt60: [[0.1, 0.3], [0.3, 0.6]]
          evaluation_rt60: [same, [0.1, 0.3]]
          label_fraction: [0.5, 1]
          augmentations: [[], [channel_drop]]
          channel_drop_probability: [0.1, 0.25]
        seeds: [3, 0]
        """

    private func plan() throws -> (SweepPlan, StagePlan) {
        let plan = try SweepFile.parse(
            Self.text, fileName: "x.yaml", overrides: [], schema: TrialSchema.schema
        ).expand()
        return (
            plan,
            StagePlan(
                plan, study: BuiltinStudy(),
                prepared: StandIn(Digest(of: "data"), clips: [.training: 80, .test: 20]))
        )
    }

    /// The settings of a stage, read back from its payload.
    private func settings(_ stage: Stage) throws -> SettingValue {
        let value = try JSONDecoder().decode(SettingValue.self, from: Data(stage.payload.utf8))
        return try #require(value.map?["settings"])
    }

    @Test("a digest covers kind, version, data, settings, seed and dependencies, in these bytes")
    func digests() throws {
        let (_, stages) = try plan()
        #expect(stages.stages.count > 50)
        for stage in stages.stages {
            let kind = try #require(StageKind(rawValue: stage.kind))
            let payload = try #require(
                JSONDecoder().decode(SettingValue.self, from: Data(stage.payload.utf8)).map)
            let seed = payload["seed"]?.integer
            let hasFewLabels =
                try settings(stage).map?["label_fraction"] ?? .integer(1) != .integer(1)
            #expect(
                (seed == nil)
                    == (kind == .raw && !hasFewLabels || kind == .scenes || kind == .testScenes))
            var text = "\(kind.rawValue)/\(kind.version)\n\(Digest(of: "data"))\n"
            text += try settings(stage).canonicalJSON
            text += seed.map { "\nseed \($0)\n" } ?? "\n"
            for dependency in stage.dependencies { text += "\(dependency)\n" }
            #expect(stage.id == Digest(of: text))
        }
    }

    @Test("payload and title are those of the stage's own row, whoever shares it")
    func texts() throws {
        let (plan, stages) = try plan()
        for (trial, planned) in zip(plan.trials, stages.trials) {
            #expect(planned.row == trial.row && planned.seed == trial.seed)
            for digest in planned.stages {
                let stage = try #require(stages[digest])
                let own = try #require(settings(stage).map)
                for (key, value) in own {
                    let given = trial.settings[key]
                    let isSame = given == .text("same")
                    #expect(
                        value
                            == (isSame
                                ? trial.settings[key.replacing("evaluation_", with: "")] : given))
                }
            }
        }
        let last = try #require(stages.stages.last { $0.kind == "pretrain" })
        let first = try #require(stages.trials.firstIndex { $0.stages.contains(last.id) })
        let label = plan.rows[plan.trials[first].row].label
        #expect(label.contains("0.25"))
        #expect(last.title == "pretrain \(label), seed 0")
    }

    @Test("a text that is set stays, and stages are equal by what they are")
    func stages() throws {
        let (_, stages) = try plan()
        var stage = stages.stages[0]
        let plain = Stage(
            id: stage.id, kind: stage.kind, title: stage.title, dependencies: stage.dependencies,
            payload: stage.payload, memoryBytes: stage.memoryBytes, work: stage.work,
            producesArtifact: stage.producesArtifact, threads: stage.threads,
            borrowsThreads: stage.borrowsThreads, serialShare: stage.serialShare,
            isTimedByProcessor: stage.isTimedByProcessor)
        #expect(plain == stage)
        stage.title = "mine"
        #expect(stage.title == "mine" && stage.payload == plain.payload && plain != stage)
    }
}
