import Foundation
import TestSupport
import Testing

@Suite("Limits of the shell and of options")
struct LimitTests {
    private let program: Program

    init() throws { program = try Program() }

    @Test("too few open files are refused at once, with what to do", arguments: [8, 16, 32])
    func files(limit: Int) throws {
        try program.writeSweep()
        let outcome = try program.shell("ulimit -n \(limit); $A run tiny.yaml --results r")
        #expect(outcome.code == 2)
        #expect(outcome.errors.contains("raise the limit ('ulimit -n 1024')"))
    }

    @Test("with the fewest open files that are not refused a run and its report work")
    func fewFiles() throws {
        try program.writeSweep()
        let outcome = try program.shell(
            "ulimit -n 48; $A run tiny.yaml -j 2 --results r && $A report tiny --results r")
        #expect(outcome.code == 0, "\(outcome.errors)")
    }

    @Test("a limit on the size of files puts trials off, and without it the same command goes on")
    func fileSize() throws {
        try program.writeSweep()
        // Room for the database, not for the recordings.
        let limited = try program.shell(
            "ulimit -f 700; $A run tiny.yaml --results r; echo $?; $A status --results r")
        #expect(limited.output.contains("put off: "), "\(limited.output)")
        #expect(limited.output.contains("raise the limit on the size of files ('ulimit -f')"))
        #expect(limited.output.contains("then the same command goes on"))
        #expect(limited.output.contains("\n1\ntiny: 2 trials: 0 done, 0 running, 0 failed, 2 left"))
        #expect(try program.shell("$A run tiny.yaml --results r").code == 0)
    }

    @Test("a limit on processor time saves what runs before it kills, and the same command goes on")
    func processorTime() throws {
        try program.writeSweep(steps: 60)
        let limited = try program.shell(
            "ulimit -t 6; $A run tiny.yaml -j 1 --results r -S base.pretraining_steps=100000; echo $?"
        )
        #expect(limited.output.hasSuffix("\n152\n"), "\(limited.output)")
        #expect(limited.output.contains("run it again to go on"))
        #expect(try program.shell("ls r/cache/encoders | grep -c unfinished").output == "1\n")
    }

    @Test("a budget holds until settled too, though nobody knows beforehand how long a trial takes")
    func settlingBudget() throws {
        try """
        name: slow
        study: command
        command: [sh, slow.sh]
        settings: {size: {kind: integer, default: 1}}
        figures: {points: {better: higher}}
        parameters: {size: [1, 2, 3, 4]}
        baseline: {size: 1}
        """.write(
            to: program.folder.url.appending(path: "slow.yaml"), atomically: true, encoding: .utf8)
        let outcome = try program.shell(
            """
            echo 'sleep 1; echo "{\\"points\\": $ABLATE_SEED.$ABLATE_SETTING_SIZE}" > $ABLATE_OUTPUT/figures.json' > slow.sh
            $A run slow.yaml --until-settled -j 2 --budget 3s --results r
            $A status --results r
            """)
        #expect(outcome.output.contains("and does not fit into 3s"), "\(outcome.output)")
        #expect(outcome.output.contains("160 trials: 2 done"), "\(outcome.output)")
    }

    @Test("a database that may not grow is an error, not a signal")
    func databaseSize() throws {
        try program.writeSweep()
        let outcome = try program.shell("ulimit -f 16; $A run tiny.yaml --results r")
        #expect(outcome.code == 2)
        #expect(outcome.errors.split(separator: "\n").count == 1)
        #expect(outcome.errors.contains("('ulimit -f'); raise the limit"), "\(outcome.errors)")
    }

    @Test(
        "a number that is none, or beyond sense, is refused by name",
        arguments: [
            ("simulate x.wav -o y.wav", "--rt60", ["nan", "inf", "-1", "1e300"]),
            ("simulate x.wav -o y.wav", "--snr", ["nan", "-inf", "1e9"]),
            ("simulate x.wav -o y.wav", "--distance", ["nan", "-1", "inf"]),
            ("simulate x.wav -o y.wav", "--azimuth", ["inf", "nan", "1e300"]),
            ("simulate x.wav -o y.wav", "--diameter", ["nan", "-0.1", "1e9"]),
            ("simulate x.wav -o y.wav", "--seconds", ["nan", "0", "1e18"]),
            ("simulate x.wav -o y.wav", "--microphones", ["0", "-4", "65"]),
            ("features x.wav -o y.npy", "--lag-spacing", ["nan", "1e-320", "0", "-1", "1e300"]),
            ("features x.wav -o y.npy", "--bins", ["0", "-1", "1000000000"]),
            ("run tiny.yaml", "--budget", ["nanh", "1e300h", "-1s", "infd", "h", ""]),
            ("run tiny.yaml", "--stage-time-limit", ["1e300s", "nans", "0s"]),
            ("run tiny.yaml", "--workers", ["0", "-1", "1025", "9223372036854775808"]),
            ("run tiny.yaml", "--max-trials", ["0", "-1", "99999999999999999999"]),
            ("run tiny.yaml", "--retries", ["-1", "101"]),
            ("run tiny.yaml", "--part", ["0/2", "3/2", "1/0", "-1/2", "1/99999999999999999999"]),
            ("plan tiny.yaml", "--workers", ["0", "1025"]),
            ("data recordings d", "--clips-per-class", ["0", "-1"]),
            ("data recordings d --unlabelled", "--clips-per-package", ["0", "-1"]),
        ])
    func numbers(command: String, option: String, values: [String]) throws {
        for value in values {
            let outcome = try program.shell("$A \(command) \(option)=\(value)")
            #expect(outcome.code == 2, "\(option)=\(value)")
            #expect(outcome.errors.hasPrefix("ablate: "))
            // The workers go by the short name too.
            let names = option == "--workers" ? ["-j", option] : [option]
            #expect(names.contains { outcome.errors.contains($0) }, "\(outcome.errors)")
        }
    }
}
