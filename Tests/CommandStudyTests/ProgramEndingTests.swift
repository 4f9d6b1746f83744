import CommandStudy
import Foundation
import Orchestration
import Platform
import ResultsStore
import Studies
import TestSupport
import Testing

/// Programs that are stopped, that somebody else asks to end, or that an earlier run has left at work.
@Suite("Programs and those who interfere with them")
struct ProgramEndingTests {
    private static let sweep = """
        name: endings
        study: command
        command: [sh, train.sh]
        settings: {size: {kind: integer, default: 1}}
        figures: {points: {better: higher}}
        resources: {grace: 1s}
        parameters: {size: [1]}
        """

    private static let figures = "echo '{\"points\": 1}' > \"$ABLATE_OUTPUT/figures.json\"\n"

    @Test(
        "the time limit holds for a program that is stopped, and for one whose leader is",
        arguments: ["$$", "$PPID"])
    func stopped(process: String) throws {
        let sweep = try ProgramSweep(["train.sh": "echo here; kill -STOP \(process); sleep 60"])
        let outcome = try sweep.run(Self.sweep, ["resources.time=0.5s"])
        #expect(outcome.summary.trialsFailed == 1 && outcome.summary.seconds < 30)
        #expect(
            outcome.reasons == [
                "sh took longer than resources.time, 0.5 s; give it more, or let it go on from what it keeps; it said:\nhere"
            ])
    }

    @Test("a program that is stopped is shown as such, with what lets it go on, and goes on")
    func shownAsStopped() throws {
        let sweep = try ProgramSweep(["train.sh": "kill -STOP $$\n" + Self.figures])
        let path = sweep.layout.database.path
        let outcome = try sweep.run(Self.sweep) { _ in
            for _ in 0..<600 {
                let details = try? ResultsStore(readingFrom: path).runningStages().map(\.detail)
                let words = details?.first?.firstMatch(of: /is stopped: 'kill -CONT (\d+)'/)
                if let process = words.flatMap({ pid_t($0.output.1) }) {
                    kill(process, SIGCONT)
                    return
                }
                usleep(50_000)
            }
        }
        #expect(outcome.summary.trialsFinished == 1 && outcome.summary.seconds < 30)
    }

    @Test(
        "a program whose whole session was asked to end is put off, whatever it left and however it ended",
        arguments: [0, 1])
    func askedFromOutside(code: Int) throws {
        let sweep = try ProgramSweep([
            "train.sh": """
            leave() { \(Self.figures.dropLast()); exit \(code); }
            trap leave TERM
            echo $PPID > leader.tmp; mv leader.tmp leader
            while :; do sleep 0.05; done
            """
        ])
        let leader = sweep.folder.url.appending(path: "leader")
        let outcome = try sweep.run(Self.sweep) { _ in
            for _ in 0..<1000 {
                let text = try? String(contentsOf: leader, encoding: .utf8)
                if let process = text.flatMap({ pid_t($0.dropLast()) }) {
                    kill(-process, SIGTERM)
                    return
                }
                usleep(10_000)
            }
        }
        #expect(outcome.summary.trialsFinished == 0 && outcome.summary.trialsPostponed == 1)
        let reason = try outcome.store.postponements(of: "endings").first?.reason
        #expect(reason?.hasPrefix("sh was asked to end by somebody else than this run") == true)
    }

    @Test("a program that ends its own helpers has asked nobody else: its figures count")
    func askedFromInside() throws {
        let sweep = try ProgramSweep([
            "train.sh": "sleep 60 & trap '' TERM; kill 0; wait\n" + Self.figures
        ])
        #expect(try sweep.run(Self.sweep).summary.trialsFinished == 1)
    }

    @Test(
        "what an earlier run has left at work in a stage's folder is ended before the stage begins")
    func survivors() throws {
        let sweep = try ProgramSweep(["train.sh": "exit 1"])
        #expect(try sweep.run(Self.sweep).summary.trialsFailed == 1)
        let cache = sweep.layout.cache.appending(path: "programs")
        let name = try #require(
            FileManager.default.contentsOfDirectory(atPath: cache.path).first {
                $0.hasSuffix(".unfinished")
            })
        var facts = stat()
        #expect(stat(cache.appending(path: name).path, &facts) == 0)
        // As a program is whose leader was killed together with its run.
        let left = Process()
        left.executableURL = URL(filePath: "/bin/sh")
        left.arguments = ["-c", "trap '' TERM; while :; do sleep 0.05; done"]
        left.environment = ["ABLATE_PROCESS": "\(facts.st_dev):\(facts.st_ino)"]
        try left.run()
        // One that has ended waits a moment for its parent.
        let isThere =
            "while kill -0 \(left.processIdentifier); do i=x$i; [ $i = xxxxxxxxxx ] && exit 7; sleep 0.1; done\n"
        try sweep.write("train.sh", isThere + Self.figures)
        let other = Process()
        other.executableURL = URL(filePath: "/bin/sleep")
        other.arguments = ["60"]
        other.environment = ["ABLATE_PROCESS": "\(facts.st_dev):\(facts.st_ino + 1)"]
        try other.run()
        defer { other.terminate() }
        let outcome = try sweep.run(Self.sweep, selection: .failed)
        #expect(outcome.summary.trialsFinished == 1, "\(outcome.reasons)")
        #expect(!left.isRunning && other.isRunning)
    }

    @Test("the environment's command must end, and must not print without end")
    func environment() throws {
        func message(_ body: () throws -> Void) -> String {
            do {
                try body()
                return ""
            } catch { return ProgramSweep.message(error) }
        }
        let sweep = try ProgramSweep(["train.sh": "true"])
        #expect(
            message { _ = try sweep.session(Self.sweep + "\nenvironment: [sh, -c, yes]\n") }
                == "environment: 'sh -c yes' prints more than 4 MB, or without end; write a command that prints "
                + "versions and ends, such as [pip, freeze]")
        #expect(
            message {
                _ = try EnvironmentText(
                    of: ["sleep", "60"], in: sweep.folder.url, WaitNotice { _ in },
                    limit: .seconds(1))
            }
                == "environment: 'sleep 60' has not ended after 1 s; write a command that prints versions and "
                + "ends, such as [pip, freeze]")
        #expect(
            message { _ = try sweep.session(Self.sweep + "\nenvironment: [sh, -c, exit 3]\n") }
                == "environment: 'sh -c exit 3' ended with 3; mend the command, which is to print versions and "
                + "to end with 0")
    }

    @Test("the memory of a stage is its program's, not that of the process that runs it")
    func memory() throws {
        // What this process has.
        var own = [UInt8](repeating: 1, count: 64 << 20)
        own[7] = 2
        let sweep = try ProgramSweep(["train.sh": "sleep 0.3\n" + Self.figures])
        let outcome = try sweep.run(Self.sweep)
        let memory = try #require(outcome.store.trials(of: "endings").first).peakMemoryBytes
        #expect(memory > 0 && memory < 32 << 20)
        // One that is gone at once has what was seen of it, or nothing.
        let brief = try ProgramSweep(["train.sh": Self.figures]).run(Self.sweep)
        #expect(try #require(brief.store.trials(of: "endings").first).peakMemoryBytes < 32 << 20)
        #expect(ProcessMemory.peak > 64 << 20 && own[7] == 2)
    }

    @Test("a new beginning does not go on with what a program has kept")
    func fresh() throws {
        let sweep = try ProgramSweep(["train.sh": "touch \"$ABLATE_OUTPUT/kept\"; exit 1"])
        let session = try sweep.session(Self.sweep)
        _ = try sweep.run(Self.sweep)
        sweep.layout.removeUnfinished(of: Set(session.stages.stages.map(\.id)))
        try sweep.write("train.sh", "[ -e \"$ABLATE_OUTPUT/kept\" ] && exit 2\n" + Self.figures)
        #expect(try sweep.run(Self.sweep, selection: .failed).summary.trialsFinished == 1)
    }
}
