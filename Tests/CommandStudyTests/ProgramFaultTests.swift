import CommandStudy
import Foundation
import Orchestration
import ResultsStore
import Studies
import Sweeps
import TestSupport
import Testing

/// Programs that do not do what they should, and files that define them wrongly.
@Suite("Faults of programs")
struct ProgramFaultTests {
    private static let sweep = """
        name: faults
        study: command
        command: [sh, train.sh]
        settings: {size: {kind: integer, default: 1}}
        figures: {points: {better: higher}, loss: {better: lower}}
        inputs: [train.sh]
        resources: {grace: 1s}
        parameters: {size: [1]}
        """

    private func reason(_ program: String, _ overrides: [String] = []) throws -> String {
        let outcome = try ProgramSweep(["train.sh": program]).run(Self.sweep, overrides)
        #expect(outcome.summary.trialsFailed == 1)
        return outcome.reasons.joined(separator: "; ")
    }

    private func figures(_ json: String) throws -> String {
        try reason("cat > \"$ABLATE_OUTPUT/figures.json\" <<'END'\n\(json)\nEND\n")
    }

    @Test("figures that are missing, unknown, twice or no numbers fail the trial with the reason")
    func figures() throws {
        #expect(try reason("true").contains("has written no figures.json"))
        #expect(
            try figures(#"{"points": 1}"#)
                == "figures.json lacks 'loss', which the sweep file names under figures; let the program "
                + "write it, or take it out there")
        #expect(try figures(#"{"points": NaN, "loss": 1}"#).contains("points is nan, not a number"))
        #expect(
            try figures(#"{"points": 1, "points": 2, "loss": 1}"#)
                == "figures.json has 'points' twice; write it once")
        #expect(try figures(#"{"points": 1, "loss": 1, "f1": 2}"#).contains("has 'f1', which"))
        #expect(try figures(#"{"points": "1", "loss": 1}"#).contains("not a number"))
        #expect(try figures(#"[1, 2]"#).contains("'{' was expected, but there is '['"))
        #expect(try figures(#"{"points": 1, "loss": 1} x"#).contains("more behind its object"))
    }

    @Test("predictions are read with their lines: columns, numbers, fields")
    func predictions() throws {
        func reason(_ csv: String) throws -> String {
            try self.reason(
                """
                echo '{"points": 1, "loss": 1}' > "$ABLATE_OUTPUT/figures.json"
                printf '\(csv)' > "$ABLATE_OUTPUT/predictions.csv"
                """)
        }
        #expect(try reason("points\\n1\\n").contains(":1: has no column 'item'"))
        #expect(try reason("item,points\\na,1\\nb\\n").contains(":3: has 1 fields"))
        #expect(try reason("item,points\\na,x\\n").contains(":2: points is 'x', not a number"))
        #expect(try reason("item,split,points\\na,train,1\\n").contains("no line of the split"))
        #expect(
            try reason("item,points,points\\na,1,0\\n").contains("column 'points' is there twice"))
    }

    @Test("a program that fails leaves its code and the end of what it said")
    func failed() throws {
        let text = try reason("echo one; echo 'no such file' >&2; exit 3")
        #expect(text == "sh ended with exit code 3; it said:\none\nno such file")
        #expect(try reason("kill -SEGV $$").contains("ended by signal 11"))
        #expect(try reason("exec nothing-like-this 2>/dev/null").contains("exit code 127"))
    }

    @Test("a program that was killed is tried again; one that takes too long is asked, then ended")
    func ended() throws {
        let sweep = try ProgramSweep([
            "train.sh": """
            [ -f again ] || { touch again; kill -KILL $$; }
            echo '{"points": 1, "loss": 1}' > "$ABLATE_OUTPUT/figures.json"
            """
        ])
        #expect(try sweep.run(Self.sweep, retries: 1).summary.trialsFinished == 1)
        let late = try reason("trap '' TERM; echo waiting; sleep 60", ["resources.time=0.3s"])
        #expect(late.contains("took longer than resources.time, 0.3 s; it said:\nwaiting"))
    }

    @Test("what a program leaves running ends with it, in its session and out of it")
    func orphans() throws {
        let sweep = try ProgramSweep([
            "train.sh": """
            (sleep 987 & echo $! > inner)
            setsid sh -c 'echo $$ > outer; exec sleep 987' &
            while [ ! -s outer ]; do sleep 0.01; done
            echo '{"points": 1, "loss": 1}' > "$ABLATE_OUTPUT/figures.json"
            """
        ])
        #expect(try sweep.run(Self.sweep).summary.trialsFinished == 1)
        for name in ["inner", "outer"] {
            let text = try sweep.read(name).trimmingCharacters(in: .whitespacesAndNewlines)
            let process = try #require(pid_t(text))
            #expect(kill(process, 0) == -1 && errno == ESRCH, "\(name) is still there")
        }
    }

    @Test(
        "an input that is written during a run puts its stages off: nothing is kept under its old name"
    )
    func changedInput() throws {
        let sweep = try ProgramSweep([
            "train.sh": """
            echo '{"points": 1, "loss": 1}' > "$ABLATE_OUTPUT/figures.json"
            [ -f quiet ] || echo '# more' >> train.sh
            """
        ])
        let first = try sweep.run(Self.sweep)
        #expect(first.summary.trialsFinished == 0 && first.summary.trialsPostponed == 1)
        try sweep.write("quiet", "")
        #expect(try sweep.run(Self.sweep).summary.trialsFinished == 1)
    }

    @Test("pipes are not waited for; links are what they point to, inside the output")
    func odd() throws {
        let piped = try reason(
            "mkfifo \"$ABLATE_OUTPUT/curves.jsonl\" \"$ABLATE_OUTPUT/figures.json\"; sleep 0.3")
        #expect(piped.hasPrefix("figures.json is a pipe, not a file"))
        let folder = try reason("mkdir \"$ABLATE_OUTPUT/figures.json\"")
        #expect(folder.hasPrefix("figures.json is a folder, not a file"))
        let predictions = try reason(
            """
            mkdir "$ABLATE_OUTPUT/predictions.csv"
            echo '{"points": 1, "loss": 1}' > "$ABLATE_OUTPUT/figures.json"
            """)
        #expect(predictions == "predictions.csv is a folder, not a file; write one, or none")
        let staged = """
            name: linked
            study: command
            stages:
              p: {command: [sh, p.sh], settings: [], leaves: best}
              q: {needs: p, command: [sh, q.sh, "{needs.p}"], settings: [size]}
            settings: {size: {kind: integer, default: 1}}
            figures: {points: {better: higher}}
            parameters: {size: [1]}
            """
        let q = "echo \"{\\\"points\\\": $(cat $1)}\" > \"$ABLATE_OUTPUT/figures.json\""
        let sweep = try ProgramSweep([
            "p.sh": "echo 7 > \"$ABLATE_OUTPUT/e10\"; ln -s e10 \"$ABLATE_OUTPUT/best\"", "q.sh": q,
        ])
        let outcome = try sweep.run(staged)
        #expect(try outcome.store.trials(of: "linked").first?.metrics["points"] == 7)
        let out = try ProgramSweep([
            "p.sh": "echo 7 > mine; ln -s $PWD/mine \"$ABLATE_OUTPUT/best\"", "q.sh": q,
        ])
        let refused = try out.run(staged)
        #expect(refused.reasons.contains { $0.contains("leads out of its output") })
        #expect(try out.read("mine") == "7\n")
    }

    @Test("a long output keeps its beginning and its end")
    func bounded() throws {
        let outcome = try ProgramSweep([
            "train.sh": "echo first; yes line | head -c 3000000; echo; echo last; exit 1"
        ]).run(Self.sweep)
        let trial = try #require(outcome.store.trials(of: "faults").first)
        let stage = try #require(outcome.store.stages(ofTrial: trial.digest).first)
        let log = try outcome.store.log(of: stage)
        #expect(log.hasPrefix("first\n") && log.hasSuffix("last\n") && log.utf8.count < 400_000)
        #expect(log.contains("bytes left out"))
    }

    @Test(
        "a file that defines programs wrongly is refused with the place",
        arguments: [
            ("command: [sh, train.sh]\n", "", ":2:8: study: command needs a command"),
            ("kind: integer", "kind: number?", "settings.size.kind"),
            (", default: 1", "", ":4:18: setting size has no default"),
            ("figures: {points: {better: higher}, loss: {better: lower}}\n", "", "needs figures"),
            ("better: lower", "better: less", "must be one of higher, lower"),
            ("[sh, train.sh]", "[sh, train.sh, '{sise}']", "'{sise}' stands for nothing here"),
            ("[sh, train.sh]", "[nothing-like-this]", "there is no program 'nothing-like-this'"),
            ("inputs: [train.sh]", "inputs: [trian.sh]", "inputs names 'trian.sh'"),
            ("grace: 1s", "grace: soon", "grace is soon, but must be a time"),
            ("grace: 1s", "time: 0s", "time is 0s, but must be a time above 0"),
            (
                "command: [sh, train.sh]\n",
                "stages: {p: {command: [sh], leaves: ../../x}, q: {needs: p, command: [sh]}}\n",
                ":3:37: stages.p leaves '../../x', which leads out of its output"
            ),
            (
                "inputs: [train.sh]", "inputs: [.]",
                "inputs names '.', which holds the results folder"
            ),
            (
                "inputs: [train.sh]", "references: {r: {command: [sh], label: size 1}}",
                "reference r would be called 'size 1', as a row of the sweep is"
            ),
            (
                "inputs: [train.sh]",
                "references: {r: {command: [sh], label: x}, s: {command: [sh], label: x}}",
                "references r and s would both be called 'x'"
            ),
            ("grace: 1s", "gpus: 1.5", "gpus is 1.5, but must be a whole number"),
            ("size: {kind", "2size: {kind", "is no name of a setting"),
            ("size: {kind", "seed: {kind", "a setting cannot be called 'seed'"),
            (
                "{size: {kind: integer, default: 1}}",
                "{size: {kind: integer, default: 1}, Size: {kind: integer, default: 1}}",
                "would be one variable, ABLATE_SETTING_S"
            ),
            ("figures: {points", "figures: {n: {}, points", "a figure cannot be called 'n'"),
            ("[sh, train.sh]", "''", "a command needs a program"),
            ("[sh, train.sh]", "['']", "a command needs a program"),
            (
                "command: [sh, train.sh]\n",
                "stages: {p: {needs: q, command: [sh]}, q: {needs: p, command: [sh]}}\n",
                "needs 'q', which is no stage before it"
            ),
        ])
    func definitions(part: String, other: String, words: String) throws {
        let text = Self.sweep.replacing(part, with: other)
        #expect(text != Self.sweep)
        do {
            _ = try ProgramSweep(["train.sh": "true"]).session(text)
            Issue.record("was accepted: \(other)")
        } catch {
            #expect("\(error)".contains(words), "\(error)")
        }
    }

    @Test(
        "one slip makes one message",
        arguments: [
            ("command: [sh, train.sh]", "command: {a: 1}"),
            ("command: [sh, train.sh]", "stages: {p: {settings: [size]}}"),
            ("command: [sh, train.sh]", "stages: {p: {command: [sh], settings: [sise]}}"),
            (
                "command: [sh, train.sh]",
                "stages: {p: {needs: q, command: [sh]}, q: {command: [sh], needs: r}, r: {command: [sh]}}"
            ),
            ("command: [sh, train.sh]", "stages: {}"),
            ("command: [sh, train.sh]", "stages: [p]"),
            ("{points: {better: higher}, loss: {better: lower}}", "[points, loss]"),
            ("{size: {kind: integer, default: 1}}", "{size: {default: 1}}"),
        ])
    func oneMessage(part: String, other: String) throws {
        let text = Self.sweep.replacing(part, with: other)
        do {
            _ = try ProgramSweep(["train.sh": "true"]).session(text)
            Issue.record("was accepted: \(other)")
        } catch {
            let lines = "\(error)".split(separator: "\n")
            #expect(lines.count == (other.contains("needs: r") ? 2 : 1), "\(error)")
        }
    }

    @Test("a kind that is none is the one fault of its setting")
    func faultyKind() throws {
        let text = Self.sweep.replacing("kind: integer", with: "kind: foo")
        do {
            _ = try ProgramSweep(["train.sh": "true"]).session(text)
            Issue.record("was accepted")
        } catch {
            let lines = "\(error)".split(separator: "\n")
            #expect(lines.count == 1, "\(error)")
            #expect("\(error)".contains("settings.size.kind is foo, but must be one of"))
        }
    }

    @Test("an input that is a link to a folder is what is in the folder")
    func linkedFolder() throws {
        let folder = try TemporaryFolder()
        try folder.write("1", to: "models/a.txt")
        try FileManager.default.createSymbolicLink(
            atPath: folder.url.appending(path: "link").path, withDestinationPath: "models")
        let place = URL(fileURLWithPath: folder.url.path, isDirectory: true)
        let first = try InputFiles(["link"], in: place)
        #expect(first.count == 1)
        try folder.write("2", to: "models/a.txt")
        #expect(try InputFiles(["link"], in: place).digest != first.digest)
    }

    @Test("an input that has no end is refused, and so is one that is made while it is read")
    func endless() throws {
        for path in ["/dev/zero", "/proc/self/status"] {
            #expect(throws: CommandStudyError.self) {
                _ = try InputFiles([path], in: URL(fileURLWithPath: "/"))
            }
        }
    }

    @Test("what is waited for is said after two seconds, and every ten from then on")
    func notice() {
        var lines: [String] = []
        let notice = WaitNotice { lines.append($0) }
        notice.note("early")
        Thread.sleep(forTimeInterval: 2.05)
        notice.note("late")
        notice.note("too soon")
        #expect(lines == ["late (2 s so far)"])
    }

    @Test(
        "when a leader is killed, what it has started ends all the same, and the stage is tried again"
    )
    func killedLeader() throws {
        let sweep = try ProgramSweep([
            "train.sh": """
            if [ ! -f again ]; then
              touch again
              (sleep 986 & echo $! > inner)
              setsid sh -c 'echo $$ > outer; exec sleep 986' &
              while [ ! -s outer ]; do sleep 0.01; done
              echo $$ > itself
              kill -KILL $PPID
              sleep 986
            fi
            echo '{"points": 1, "loss": 1}' > "$ABLATE_OUTPUT/figures.json"
            """
        ])
        #expect(try sweep.run(Self.sweep, retries: 1).summary.trialsFinished == 1)
        for name in ["inner", "outer", "itself"] {
            let text = try sweep.read(name).trimmingCharacters(in: .whitespacesAndNewlines)
            // One that has ended may wait for whoever takes in orphans.
            let status = try? String(contentsOfFile: "/proc/\(text)/status", encoding: .utf8)
            #expect(status?.contains("State:\tZ") != false, "\(name) is still there")
        }
    }

    @Test(
        "a script of the command that no input names is told; without inputs the plan says so at once"
    )
    func unnamedScript() throws {
        let sweep = try ProgramSweep(["train.sh": "", "data.csv": ""])
        let lines = Lines()
        let text = Self.sweep.replacing("inputs: [train.sh]", with: "inputs: [data.csv]")
        _ = try sweep.session(text) { lines.add($0) }
        #expect(
            lines.all == [
                "the command of run names train.sh, which no input names: a change of it will not be "
                    + "seen; add it to inputs"
            ])
        _ = try sweep.session(Self.sweep.replacing("inputs: [train.sh]", with: "")) {
            lines.add($0)
        }
        #expect(lines.all.count == 1)
    }

    @Test("one result for all seeds is not counted once for each")
    func sameForAllSeeds() throws {
        let sweep = try ProgramSweep(["train.sh": ""])
        func message(_ stages: String, seeds: String) -> String {
            do {
                _ = try sweep.session(
                    """
                    name: seedless
                    study: command
                    stages: \(stages)
                    settings: {x: {kind: integer, default: 1}}
                    figures: {acc: {better: higher}}
                    inputs: [train.sh]
                    parameters: {x: [1, 2]}
                    seeds: \(seeds)
                    """)
                return ""
            } catch { return "\(error)" }
        }
        let fit = "fit: {command: [sh, train.sh], settings: [x], seeds: false}"
        #expect(
            message("{\(fit)}", seeds: "10")
                == "fit has seeds: false, so that its figures are the same for all 10 seeds, and would "
                + "count as 10 results; write seeds: 1 in the file, or make it a reference")
        #expect(message("{\(fit)}", seeds: "1") == "")
    }

    @Test("a program that is there and cannot be executed is told apart from one that is not there")
    func notExecutable() throws {
        let sweep = try ProgramSweep(["train.sh": ""])
        func message(_ command: String) -> String {
            do {
                _ = try sweep.session(Self.sweep.replacing("[sh, train.sh]", with: command))
                return ""
            } catch { return "\(error)" }
        }
        #expect(
            message("[./train.sh]")
                == "'./train.sh' is there but not executable: run chmod +x on it, or write the program "
                + "that runs it, such as [sh, ./train.sh]")
        #expect(message("[./gone.sh]").hasPrefix("there is no program './gone.sh'"))
        for (text, words) in [
            ("echo 1\n", "'./run.sh' does not say who reads it, so that the system cannot run it"),
            ("", "'./run.sh' does not say who reads it"),
            (
                "#!/no/such/shell -e\n",
                "'./run.sh' is to be read by '/no/such/shell' (its first line)"
            ),
            ("#!/bin/sh\r\n", "'./run.sh' is to be read by '/bin/sh\\r' (its first line)"),
            ("#!/bin/sh\n", ""), ("\u{7F}ELF\0", ""),
        ] {
            try sweep.write("run.sh", text)
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o755], ofItemAtPath: sweep.folder.file("run.sh").path)
            #expect(
                message("[./run.sh]").hasPrefix(words)
                    && message("[./run.sh]").isEmpty == words.isEmpty)
        }
        #expect(message("[/]") == "'/' is a folder; write the program in it that is meant")
    }

    @Test("what follows a zero byte is kept in the log and in the reason")
    func zeroBytes() throws {
        let text = try reason("printf 'before\\n\\000after\\nthe reason\\n'; exit 1")
        #expect(text.hasSuffix("before\n\u{2400}after\nthe reason"), "\(text)")
    }

    @Test(
        "what a Python script imports from beside it, by any steps, and no input names is told, once"
    )
    func imports() throws {
        let sweep = try ProgramSweep([
            "python3": "#!/bin/sh\n",
            "train.py": """
            import os, model
            import json as helper
            from parts.heads import x
            from parts import (first,  # the usual one
                second as other)
            import numpy as np
            """,
            "model.py": "def f():\n    import layers\n", "layers.py": "import model\n",
            "helper.py": "",
            "parts/__init__.py": "from .deep import z\n", "parts/heads.py": "", "parts/deep.py": "",
            "parts/second.py": "", "other.py": "", "np.py": "", "heads.py": "",
        ])
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755],
            ofItemAtPath: sweep.folder.url.appending(path: "python3").path)
        let text = Self.sweep.replacing("[sh, train.sh]", with: "[./python3, train.py]")
            .replacing("inputs: [train.sh]", with: "inputs: [train.py, python3]")
        func told(_ inputs: String) throws -> [String] {
            let lines = Lines()
            _ = try sweep.session(text.replacing("[train.py, python3]", with: inputs)) {
                lines.add($0)
            }
            return lines.all
        }
        #expect(
            try told("[train.py, python3]") == [
                "train.py imports model.py, parts/__init__.py, parts/heads.py, parts/second.py, layers.py "
                    + "and 1 more, which no input names: a change of them will not be seen; add them to inputs"
            ])
        #expect(
            try told("[train.py, python3, model.py, parts]") == [
                "train.py imports layers.py, which no input names: a change of it will not be seen; add it to "
                    + "inputs"
            ])
        #expect(try told("[train.py, python3, model.py, parts, layers.py]") == [])
    }
}

private final class Lines: @unchecked Sendable {
    private let lock = NSLock()
    private var lines: [String] = []

    func add(_ line: String) { lock.withLock { lines.append(line) } }
    var all: [String] { lock.withLock { lines } }
}
