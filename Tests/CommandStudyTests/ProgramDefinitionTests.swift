import CommandStudy
import Foundation
import Studies
import Sweeps
import TestSupport
import Testing

/// Sweep files that define programs wrongly, and what their inputs are.
@Suite("Definitions of programs")
struct ProgramDefinitionTests {
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
            ("grace: 1s", "grace: soon", "resources.grace is soon, but must be a time"),
            ("grace: 1s", "time: 0s", "resources.time is 0s, but must be a time above 0"),
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
            ("grace: 1s", "gpus: 1.5", "resources.gpus is 1.5, but must be a whole number"),
            (
                "grace: 1s", "gpus: 1e-300",
                "resources.gpus is 1e-300, but must be 0 for none, or 0.01"
            ),
            ("grace: 1s", "threads: 0, grace: soon", "resources.threads is 0"),
            (
                "grace: 1s", "memory: 200",
                "resources.memory is 200, but must be an amount with its unit"
            ),
            (
                "[sh, train.sh]", "sh train.sh > log",
                "the command has the word >, but no shell reads it"
            ),
            ("[sh, train.sh]", "sh -c 'true'", "the command has the word 'true'"),
            ("[sh, train.sh]", "sh train.sh; true", "the command has the word train.sh;"),
            (
                "command: [sh, train.sh]\n", "stages: {p: {command: sh train.sh | cat}}\n",
                "stages.p: the command has the word |"
            ),
            ("inputs: [train.sh]", "inputs: ['*.sh']", ":6:9: inputs names '*.sh', but"),
            ("inputs: [train.sh]", "inputs: ['*.sh']", "patterns are not read"),
            ("grace: 1s", "threads: 0, grace: soon", "resources.grace is soon"),
            (
                "[sh, train.sh]", "[sh, trian.sh]",
                "sh is to read 'trian.sh', but there is no such file in"
            ),
            (
                "loss: {better", "validation_points: {better",
                "a figure cannot be called 'validation_points'"
            ),
            (
                "kind: integer", "kind: integer, minimum: 0.4",
                "minimum is 0.4, but must be a whole number"
            ),
            ("kind: integer", "kind: text, maximum: 3", "maximum is of numbers"),
            ("kind: integer", "kind: integer, options: [a]", "options are of a choice or a subset"),
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
        let text = ProgramSweep.faults.replacing(part, with: other)
        #expect(text != ProgramSweep.faults)
        do {
            _ = try ProgramSweep(["train.sh": "true"]).session(text)
            Issue.record("was accepted: \(other)")
        } catch {
            #expect("\(error)".contains(words), "\(error)")
        }
    }

    @Test("two stages whose figures would have one name are refused")
    func oneKey() throws {
        let text = ProgramSweep.faults
            .replacing(
                "command: [sh, train.sh]",
                with: "stages: {x: {command: [sh]}, x_y: {command: [sh]}}"
            )
            .replacing("figures: {points: {better: higher}", with: "figures: {y_loss: {}")
        do {
            _ = try ProgramSweep(["train.sh": "true"]).session(text)
            Issue.record("was accepted")
        } catch {
            #expect(
                "\(error)".contains("figures y_loss and loss would both be called 'x_y_loss'"),
                "\(error)")
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
        let text = ProgramSweep.faults.replacing(part, with: other)
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
        let text = ProgramSweep.faults.replacing("kind: integer", with: "kind: foo")
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
        "a script of the command that no input names is told; without inputs the plan says so at once"
    )
    func unnamedScript() throws {
        let sweep = try ProgramSweep(["train.sh": "", "data.csv": ""])
        let lines = Lines()
        let text = ProgramSweep.faults.replacing("inputs: [train.sh]", with: "inputs: [data.csv]")
        _ = try sweep.session(text) { lines.add($0) }
        #expect(
            lines.all == [
                "the command of run names train.sh, which no input names: a change of it will not be "
                    + "seen; add it to inputs"
            ])
        _ = try sweep.session(ProgramSweep.faults.replacing("inputs: [train.sh]", with: "")) {
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
            } catch { return ProgramSweep.message(error) }
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
                _ = try sweep.session(
                    ProgramSweep.faults.replacing("[sh, train.sh]", with: command))
                return ""
            } catch { return ProgramSweep.message(error) }
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
        let text = ProgramSweep.faults.replacing("[sh, train.sh]", with: "[./python3, train.py]")
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
