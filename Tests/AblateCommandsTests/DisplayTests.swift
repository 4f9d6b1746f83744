import AblateCommands
import Digests
import Orchestration
import ResultsStore
import Synchronization
import TestSupport
import Testing

/// What a display wrote.
private final class Output: Sendable {
    private let pieces = Mutex<[String]>([])

    @Sendable func write(_ text: String) { pieces.withLock { $0.append(text) } }

    var text: String { pieces.withLock { $0.joined() } }
    var lines: String { pieces.withLock { $0.map { $0 + "\n" }.joined() } }
}

@Suite("What a run shows")
struct DisplayTests {
    private let output = Output()

    private func show(_ display: any RunDisplay, _ events: [RunEvent] = RunEvents.all) {
        for event in events { display.event(event) }
    }

    @Test("a reason of several lines that stages share is told in full once")
    func alike() {
        let stages = (0..<2).map { Stage(id: Digest(of: "\($0)"), kind: "run", title: "run \($0)") }
        let shown = Mutex<[String]>([])
        let display = PlainDisplay { text in shown.withLock { $0.append(text) } }
        for stage in stages {
            display.event(
                .failed(stage, worker: 0, reason: "it ended; it said:\none\ntwo", fenced: 0))
        }
        let lines = shown.withLock { $0 }
        #expect(lines.count == 2)
        #expect(
            lines[0].hasPrefix("failed: run 0: it ended; it said:\n    one\n    two\n    its log: ")
        )
        #expect(
            lines[1].hasPrefix("failed: run 1: it ended; it said: the same as before; its log: "))
    }

    @Test("as lines, for pipes and log files")
    func plain() throws {
        show(PlainDisplay(output.write))
        try expectSnapshot(output.text, "display-plain.txt")
    }

    @Test("where nothing ends for long, a line of how far a stage is, and then again silence")
    func silence() {
        let progress = RunEvents.all.filter { RunEvents.name($0) == "progress" }
        show(PlainDisplay(silence: .zero, output.write), progress)
        #expect(
            output.text == """
                [0/0]  fit penalty 0.1, seed 0: 5 of 20, loss 0.25
                [0/0]  fit penalty 0.1, seed 0: 20 of 20

                """)
        let quiet = Output()
        show(PlainDisplay(silence: .seconds(60), quiet.write), progress)
        #expect(quiet.text.isEmpty)
    }

    @Test("as JSON, a line an event")
    func json() throws {
        show(JSONDisplay(output.write))
        try expectSnapshot(output.text, "display-json.txt")
        #expect(output.text.split(separator: "\n").count == RunEvents.all.count)
    }

    @Test("with --quiet: what failed, and what to do")
    func quiet() throws {
        show(FailureDisplay(output.write))
        try expectSnapshot(output.lines, "display-quiet.txt")
    }

    @Test("as bars on a terminal, which are taken away before lines that stay")
    func live() throws {
        show(LiveDisplay(interval: .zero, width: { 80 }, write: output.write))
        try expectSnapshot(
            output.text.replacing("\u{1B}[1A\u{1B}[2K", with: "<up>"), "display-live.txt")
    }

    @Test("bars draw nothing more once there is nothing left to do")
    func nothingLeft() {
        let display = LiveDisplay(interval: .zero, width: { 80 }, write: output.write)
        show(display, [.planned(RunOverview(trials: 3, trialsFinished: 3))])
        #expect(output.text == "nothing is left to do: 3 of 3 trials are done\n")
    }

    @Test("control characters of a stage's title or reason do not reach the terminal")
    func hostileText() {
        var stage = RunEvents.stage
        stage = .init(id: stage.id, kind: "fit", title: "a\u{1B}[2Jb")
        show(
            LiveDisplay(interval: .zero, width: { 80 }, write: output.write),
            [
                .planned(RunOverview(stagesToRun: 1)),
                .started(stage, worker: 0, attempt: 1, isRebuild: false),
                .failed(stage, worker: 0, reason: "c\u{1B}[31md", fenced: 0),
            ])
        #expect(!output.text.contains("\u{1B}[2J") && !output.text.contains("\u{1B}[31m"))
        #expect(output.text.contains("b") && output.text.contains("d"))
    }

    @Test("every event is among those shown here")
    func complete() {
        #expect(Set(RunEvents.all.map(RunEvents.name)).count == 18)
    }
}
