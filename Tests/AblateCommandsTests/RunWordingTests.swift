import AblateCommands
import Orchestration
import TestSupport
import Testing

@Suite("The words of a run")
struct RunWordingTests {
    @Test("say of each event what a person must know, and of the others nothing")
    func notices() throws {
        let lines = RunEvents.all.map { event in
            "\(RunEvents.name(event)): \(RunWording.notice(event) ?? "-")\n"
        }
        try expectSnapshot(lines.joined(), "notices.txt")
    }

    @Test("a plan tells what runs, what is rebuilt, what was done before")
    func plan() {
        #expect(
            RunWording.plan(RunOverview(stagesToRun: 4, workers: 2))
                == "4 stages to run, on 2 workers")
        #expect(
            RunWording.plan(
                RunOverview(stagesToRun: 0, stagesToRebuild: 1, stagesReused: 3, workers: 1))
                == "0 stages to run, 1 to rebuild, 3 done before, on 1 worker")
        #expect(
            RunWording.plan(RunOverview(trials: 3, trialsFinished: 3))
                == "nothing is left to do: 3 of 3 trials are done")
        #expect(
            RunWording.plan(RunOverview(trials: 3, trialsFinished: 1, trialsFailed: 2))
                == "nothing is left to do: 1 of 3 trials are done, 2 failed and are passed over: "
                + "'--rerun failed' tries them again")
    }

    @Test("an end tells how many trials are done, and what to do about the others")
    func end() {
        #expect(RunWording.end(RunSummary(trials: 3, trialsFinished: 3)) == nil)
        #expect(
            RunWording.end(
                RunSummary(trials: 3, trialsFinished: 3, stagesRun: 4, seconds: 75))
                == "finished 3 of 3 trials after 1 min 15 s")
        #expect(
            RunWording.end(
                RunSummary(
                    trials: 3, trialsFinished: 1, trialsFailed: 1, trialsPostponed: 1,
                    stagesRun: 2, seconds: 0.25))
                == "finished 1 of 3 trials after 0.3 s; 1 failed; 1 put off\n"
                + "1 trial failed: '--rerun failed' tries them again; 1 trial put off: mend "
                + "what 'put off' names above, then the same command goes on")
        #expect(
            RunWording.end(
                RunSummary(trials: 3, trialsFinished: 1, isCancelled: true, seconds: 7260))
                == "stopped after 2 h 1 min: 1 of 3 trials are done; run it again to go on")
    }

    @Test("there is nothing to be done where nothing failed")
    func whatToDo() {
        #expect(RunWording.whatToDo(RunSummary(trials: 3, trialsFinished: 2)) == nil)
        #expect(
            RunWording.whatToDo(RunSummary(trials: 3, trialsFailed: 2))
                == "2 trials failed: '--rerun failed' tries them again")
    }
}
