import Foundation
import TestSupport
import Testing

/// From nothing to a sweep of one's own.
@Suite("The first hour")
struct FirstHourTests {
    private let program: Program

    init() throws { program = try Program() }

    @Test("init writes a file that plan accepts and that fits the time, and replaces none")
    func begin() throws {
        let first = try program.shell(
            "$A init birds --vary temperature --time 1m --results r </dev/null")
        #expect(first.code == 0, "\(first.errors)")
        #expect(first.output.contains("birds.yaml: ") && first.output.contains("predicted: "))
        let plan = try program.shell("$A plan birds.yaml --results r")
        #expect(plan.code == 0 && plan.output.contains("temperature"))
        let again = try program.shell("$A init birds --results r </dev/null")
        #expect(again.code == 2 && again.errors.contains("birds.yaml is there already"))
    }

    @Test("of a program it can be run at once, and has a table")
    func command() throws {
        let outcome = try program.shell(
            "$A init mine --study command </dev/null && $A run mine.yaml --results r --quiet")
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("21.0 ± 1.0"))
    }

    @Test(
        "a file of programs that does not say so is told the line that it lacks, and nothing else")
    func unnamedStudy() throws {
        let outcome = try program.shell(
            "$A init mine --study command </dev/null && grep -v '^study:' mine.yaml > lost.yaml && "
                + "$A plan lost.yaml --results r")
        #expect(outcome.code == 2)
        #expect(
            outcome.errors.contains(
                "the sweep file has no 'study'; 'command' is of the study 'command': write study: command"
            ))
        #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
    }

    @Test("a file that says something else than what was run is told so where it names the sweep")
    func changedFile() throws {
        let outcome = try program.shell(
            "$A init mine --study command </dev/null && $A run mine.yaml --results r --quiet && "
                + "$A status mine.yaml --results r && sed -i 's/^seeds: .*/seeds: 5/' mine.yaml && "
                + "$A status mine.yaml --results r && $A table mine.yaml --results r")
        #expect(outcome.code == 0)
        let lines = outcome.errors.split(separator: "\n").filter {
            $0.contains("has other words by now")
        }
        #expect(lines.count == 2, "\(outcome.errors)")
    }

    @Test("several tables are a list in JSON")
    func listOfTables() throws {
        let folder = program.folder
        try folder.write(
            """
            name: mine
            study: command
            command: [sh, mine.sh]
            settings: {size: {kind: integer, default: 1}, depth: {kind: integer, default: 1}}
            figures: {points: {better: higher}, loss: {better: lower}}
            parameters: {size: [1, 2], depth: [1, 2]}
            """, to: "mine.yaml")
        try folder.write(
            #"echo '{"points": 1, "loss": 2}' > "$ABLATE_OUTPUT/figures.json""#, to: "mine.sh")
        let outcome = try program.shell(
            "$A run mine.yaml --results r --quiet > /dev/null && $A table mine --pivot --format json --results r"
        )
        #expect(outcome.code == 0, "\(outcome.errors)")
        let list =
            try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[String: Any]]
        #expect(list?.count == 2, "\(outcome.output)")
    }

    /// Gives a program a terminal to talk to (Debian's bsdutils, POSIX has none).
    private static let terminal = "/usr/bin/script"

    @Test(
        "on a terminal it asks, and again where an answer cannot be used",
        .enabled(if: FileManager.default.isExecutableFile(atPath: terminal)))
    func questions() throws {
        let answers = [
            "my sweep", "birds", "no-such-folder", "", "temprature", "temperature", "ten minutes",
            "1m",
        ]
        let outcome = try program.shell(
            "printf '%s\\n' \(answers.map { "'\($0)'" }.joined(separator: " ")) | "
                + "TERM=xterm \(Self.terminal) -qec \"$A init --results r\" /dev/null")
        #expect(outcome.code == 0, "\(outcome.output)")
        func count(_ text: String) -> Int { outcome.output.components(separatedBy: text).count - 1 }
        #expect(count("name of the sweep [my-sweep]: ") == 2)
        #expect(count("recordings: a manifest or a folder [built-in sounds]: ") == 2)
        #expect(
            count("what to vary (") == 2 && outcome.output.contains("did you mean 'temperature'?"))
        #expect(count("how long it may take [10m]: ") == 2)
        #expect(outcome.output.contains("a time is written like 90s, 20m or 2h"))
        #expect(outcome.output.contains("birds.yaml: "))
        let text = try String(
            contentsOf: program.folder.url.appending(path: "birds.yaml"), encoding: .utf8)
        #expect(text.contains("name: birds\n") && text.contains("  temperature: "))
        // Who ends his input takes what is proposed.
        let ended = try program.shell(
            "TERM=xterm \(Self.terminal) -qec \"$A init --results r\" /dev/null </dev/null")
        #expect(ended.code == 0 && ended.output.contains("my-sweep.yaml: "), "\(ended.output)")
    }

    @Test("what cannot be varied is told, and nothing is left behind")
    func faults() throws {
        let outcome = try program.shell("$A init x --vary temperatur </dev/null; echo $?; ls")
        #expect(outcome.output.hasPrefix("2\n") && !outcome.output.contains("x.yaml"))
        #expect(outcome.errors.contains("did you mean 'temperature'?"))
        let data = try program.shell("$A init y --data nowhere </dev/null; echo $?; ls")
        #expect(data.output.hasPrefix("2\n") && !data.output.contains("y.yaml"))
    }

    @Test("--from takes a file over under another name")
    func from() throws {
        let outcome = try program.shell(
            "$A init mine --study command </dev/null && $A init yours --from mine.yaml </dev/null && head -9 yours.yaml"
        )
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("\nname: yours\n"))
    }

    @Test("commands at the end of a run have the summary in variables and to read")
    func hooks() throws {
        let outcome = try program.shell(
            """
            $A init mine --study command </dev/null >/dev/null
            $A run mine.yaml --results r --quiet --on-finish 'cat > end.json; echo "$ABLATE_OUTCOME $ABLATE_FINISHED of $ABLATE_TRIALS" > end.txt' --on-failure 'touch failed'
            cat end.txt end.json; ls
            """)
        #expect(outcome.output.contains("finished 9 of 9\n"))
        #expect(
            outcome.output.contains("\"sweep\":\"mine\"") && !outcome.output.contains("failed\n"))
        let failing = try program.shell(
            """
            echo 'exit 1' > mine.sh
            $A run mine.yaml --results r2 --quiet --on-finish 'echo "end $ABLATE_FAILED"' --on-failure 'echo "$ABLATE_OUTCOME"'
            echo "code $?"
            """)
        #expect(failing.output.contains("failed\nend 9\n") && failing.output.contains("code 1"))
    }

    @Test("completion offers sweeps, rows and settings")
    func completion() throws {
        let outcome = try program.shell(
            """
            $A init mine --study command </dev/null >/dev/null
            $A run mine.yaml --results results --quiet >/dev/null
            $A ---completion table -- positional@0 2 0 table ''
            $A ---completion init -- --vary 3 0 init --vary ''
            """)
        #expect(outcome.output.contains("mine\n"), "\(outcome.errors)")
        #expect(outcome.output.contains("temperature\n"))
    }
}
