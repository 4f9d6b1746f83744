import Foundation
import Orchestration
import ResultsStore
import TestSupport
import Testing

/// Files that stages leave for others, gone when they are needed.
@Suite("Programs' files made again")
struct ProgramRebuildTests {
    private static let sweep = """
        name: rebuilt
        study: command
        stages:
          first: {command: [sh, first.sh], settings: [], leaves: weights}
          second: {needs: first, command: [sh, second.sh, "{needs.first}"], settings: [size]}
        settings: {size: {kind: integer, default: 1}}
        figures: {points: {better: higher}}
        parameters: {size: [1, 2]}
        """

    /// The first of two trials takes the file with it.
    private static let greedy = """
        echo "{\\"points\\": $(cat $1)}" > "$ABLATE_OUTPUT/figures.json"
        [ -f taken ] || rm "$1"
        touch taken
        """

    @Test(
        "a trial that fails after its file was made again is failed, not finished by the first stage"
    )
    func failedAfter() throws {
        let sweep = try ProgramSweep([
            "first.sh": "echo 7 > \"$ABLATE_OUTPUT/weights\"",
            "second.sh": """
            [ -f taken ] && exit 3
            touch taken
            echo "{\\"points\\": $(cat $1)}" > "$ABLATE_OUTPUT/figures.json"
            rm "$1"
            """,
        ])
        let summary = try sweep.run(Self.sweep, workers: 1, retries: 1).summary
        #expect(summary.stagesRebuilt == 1)
        #expect(summary.trialsFinished == 1 && summary.trialsFailed == 1)
    }

    @Test(
        "a stage that leaves nothing the second time keeps its results; what needs the file has failed"
    )
    func leftNothing() throws {
        let sweep = try ProgramSweep([
            "first.sh": "[ -f again ] || echo 7 > \"$ABLATE_OUTPUT/weights\"; touch again",
            "second.sh": Self.greedy,
        ])
        let outcome = try sweep.run(Self.sweep, workers: 1, retries: 1)
        #expect(outcome.summary.trialsFinished == 1 && outcome.summary.trialsFailed == 1)
        let trials = try outcome.store.trials(of: "rebuilt")
        #expect(trials.map(\.status) == [.finished, .failed])
        #expect(trials[0].metrics["points"] == 7)
        #expect(
            outcome.reasons.joined().contains(
                "the file of first size 1, seed 0 is gone and could not be made again: first leaves "
                    + "'weights', but there is no such file"), "\(outcome.reasons)")
        // Passed over until somebody asks; then both stages are tried.
        #expect(try sweep.run(Self.sweep, workers: 1, retries: 1).summary.trialsFailed == 1)
        try FileManager.default.removeItem(at: sweep.folder.url.appending(path: "again"))
        let mended = try sweep.run(Self.sweep, workers: 1, retries: 1, selection: .failed).summary
        #expect(mended.trialsFinished == 2 && mended.stagesRebuilt == 1)
    }

    @Test("a file that is gone each time fails the trial, not the run")
    func goneEachTime() throws {
        let sweep = try ProgramSweep([
            "first.sh": "echo 7 > \"$ABLATE_OUTPUT/weights\"",
            "second.sh": "rm \"$1\"; exit 5",
        ])
        let summary = try sweep.run(Self.sweep, workers: 1, retries: 1).summary
        #expect(summary.trialsFinished == 0 && summary.trialsFailed == 2)
    }

    @Test("a finished stage whose figures somebody has removed from the database runs again")
    func removedFigures() throws {
        let sweep = try ProgramSweep([
            "train.sh": """
            echo run >> runs
            echo '{"points": 1, "loss": 1}' > "$ABLATE_OUTPUT/figures.json"
            """
        ])
        let first = try sweep.run(ProgramSweep.faults, ["parameters.size=[1,2]"])
        try first.store.execute(
            sql: "DELETE FROM metrics WHERE stage = 1; UPDATE stages SET metrics_digest = NULL")
        let again = try sweep.run(ProgramSweep.faults, ["parameters.size=[1,2]"])
        #expect(again.summary.stagesRun == 1 && again.summary.trialsFinished == 2)
        #expect(try sweep.read("runs") == "run\nrun\nrun\n")
        #expect(try again.store.trials(of: "faults").allSatisfy { $0.metrics.count == 2 })
    }
}
