import Orchestration
import ResultsStore
import Testing

@Suite("Artifacts made again")
struct RebuildTests {
    @Test("a stage that is made again counts for no trial: one whose probe fails is not finished")
    func countedOnce() throws {
        let store = try ResultsStore()
        let first = try SweepRun(sampleSweep(rows: 1), store, RecordingExecutor()).run()
        #expect(first.trialsFinished == 2)
        // Another row needs the scenes, which this executor has lost, and none of its probes ends.
        let failing = RecordingExecutor { stage, _ in
            if stage.kind == "probe" { throw TrialFault(reason: "no") }
            return StageResult()
        }
        let observer = RecordingObserver()
        let more = sampleSweep(rows: 2)
        let second = try SweepRun(more, store, failing, observer: observer).run()
        #expect(try store.attempts(of: more.stages[0].id).map(\.outcome) == [.finished, .rebuilt])
        #expect(second.trialsFinished == 2 && second.trialsFailed == 2)
        #expect(!observer.contains("trialFinished"))
    }
}
