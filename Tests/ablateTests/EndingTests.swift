import Foundation
import Testing

@Suite("How the program ends")
struct EndingTests {
    private let program: Program

    init() throws { program = try Program() }

    /// Shell: waits, but not for ever, until the log tells of a pretraining that goes on.
    private static let untilPretraining =
        #"for i in $(seq 1500); do grep -q '"event":"progress","kind":"pretrain"' log && break; "#
        + "sleep 0.02; done"

    /// Shell: waits for the last job, and kills it after a while.
    private static let untilEnd =
        "for i in $(seq 400); do kill -0 $! 2>/dev/null || break; sleep 0.05; done; "
        + "kill -KILL $! 2>/dev/null"

    @Test("short runs, which end while the calibration beside them computes, end with 0")
    func shortRuns() throws {
        try program.writeSweep()
        // `make torture` does this five hundred times.
        let runs = try program.shell(
            "for i in 1 2 3 4 5 6 7 8; do rm -rf r; $A run tiny.yaml -j $((1 + i % 2)) "
                + "--results r >o 2>&1 || { echo $?; tail -n 5 o; }; done")
        #expect(runs.output == "")
    }

    @Test(
        "a signal saves what runs, says so in the exit code, and the same command goes on",
        arguments: [("HUP", 129), ("INT", 130), ("TERM", 143), ("XCPU", 152)])
    func signals(name: String, code: Int) throws {
        try program.writeSweep(steps: 60)
        let stopped = try program.shell(
            """
            $A run tiny.yaml -j 1 --results r --log json -S base.pretraining_steps=100000 >log &
            \(Self.untilPretraining)
            kill -\(name) $!; \(Self.untilEnd); wait $!; echo $?
            """)
        #expect(stopped.output == "\(code)\n")
        #expect(try program.shell("grep -c cancelling log").output == "1\n")
        #expect(try program.shell("ls r/cache/encoders | grep -c unfinished").output == "1\n")
        #expect(try program.shell("$A run tiny.yaml --results r").code == 0)
    }

    @Test("two Ctrl-C end it while nobody reads what it prints")
    func pressed() throws {
        try program.writeSweep()
        // The reader takes nothing: the first line that does not fit into the pipe blocks.
        let outcome = try program.shell(
            """
            mkfifo p; exec 3<>p
            $A run tiny.yaml -j 1 --results r --log json -S base.pretraining_steps=100000 >&3 &
            sleep 2; kill -INT $!; sleep 0.2; kill -INT $!
            \(Self.untilEnd); wait $!; echo $?
            """)
        #expect(outcome.output == "130\n")
    }

    @Test("a process that is stopped is said to be, by status and by a run that waits for it")
    func stopped() throws {
        try program.writeSweep()
        let outcome = try program.shell(
            """
            R="$A run tiny.yaml -j 1 --results r -S base.pretraining_steps=100000"
            $R --log json >log & P=$!
            \(Self.untilPretraining)
            kill -STOP $P; $A status --results r | grep -c "process $P, stopped: 'kill -CONT $P'"
            $R >log2 & Q=$!
            for i in $(seq 600); do grep -q "waiting for process $P" log2 && break; sleep 0.05; done
            grep -c "waiting for process $P, which is stopped" log2; kill -KILL $P $Q
            """)
        #expect(outcome.output == "1\n1\n")
    }

    @Test("what cannot be printed costs a command that only prints exit code 2 and one line")
    func printing() throws {
        for line in [
            "$A settings >/dev/full", "$A settings >&-", "$A --help >/dev/full",
            "$A run --help >&-", "$A --version >/dev/full",
        ] {
            let outcome = try program.shell(line)
            #expect(outcome.code == 2, "\(line)")
            #expect(outcome.errors.split(separator: "\n").count == 1)
            #expect(outcome.errors.contains("standard output could not be written"))
        }
        #expect(try program.shell("$A settings >/dev/full 2>/dev/full").code == 2)
        #expect(try program.shell("$A table nothing 2>&-").code == 2)
    }

    @Test("a reader that has seen enough ends the printing without a word")
    func reader() throws {
        let outcome = try program.shell("$A settings | true; echo ${PIPESTATUS[0]}")
        #expect(outcome.output == "0\n" && outcome.errors == "")
    }

    @Test(
        "a run goes on when it cannot print, and its results are there",
        arguments: [">&-", ">/dev/full", ">/dev/full 2>&1", "--log json >/dev/full", "| true"])
    func unprintable(redirection: String) throws {
        try program.writeSweep()
        let run = try program.shell(
            "$A run tiny.yaml --results r \(redirection); echo ${PIPESTATUS[0]}")
        #expect(run.output == "0\n")
        let table = try program.shell("$A status --results r")
        #expect(table.output == "tiny: 2 trials: 2 done, 0 running, 0 failed, 0 left\n")
    }

    @Test("control characters of a sweep file do not reach the terminal")
    func escapes() throws {
        try program.writeSweep(description: #"\e]0;PWNED\a\e[31mred"#)
        for command in ["plan tiny.yaml", "run tiny.yaml --results r", "status --results r"] {
            let outcome = try program.shell("$A \(command) 2>&1")
            #expect(outcome.code == 0)
            let controls = outcome.output.unicodeScalars.filter { $0.value < 32 && $0 != "\n" }
            #expect(controls.isEmpty, "\(command)")
        }
        #expect(try program.shell("$A plan tiny.yaml").output.contains("\u{FFFD}[31mred"))
    }
}
