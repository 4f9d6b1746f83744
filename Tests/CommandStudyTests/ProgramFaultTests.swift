import CommandStudy
import Foundation
import Orchestration
import ResultsStore
import Studies
import Sweeps
import TestSupport
import Testing

/// Programs that do not do what they should.
@Suite("Faults of programs")
struct ProgramFaultTests {
    private func reason(_ program: String, _ overrides: [String] = []) throws -> String {
        let outcome = try ProgramSweep(["train.sh": program]).run(ProgramSweep.faults, overrides)
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
        #expect(
            try figures(#"{"points": 1, "loss": "0,5"}"#)
                == #"figures.json: loss is the text "0,5", not a number; write a finite one, or end with "#
                + "another exit code than 0")
        #expect(try figures(#"[1, 2]"#).contains("'{' was expected, but there is '['"))
        #expect(try figures(#"{"points": 1, "loss": 1} x"#).contains("more behind its object"))
    }

    @Test(
        "files of any size end the stage, not the run",
        arguments: ["figures.json", "predictions.csv"])
    func hugeFiles(name: String) throws {
        let text = try reason(
            """
            echo '{"points": 1, "loss": 1}' > "$ABLATE_OUTPUT/figures.json"
            truncate -s 1T "$ABLATE_OUTPUT/\(name)"
            """)
        #expect(text.contains(name) && text.contains("MB"), "\(text)")
    }

    @Test("a curve's steps are whole numbers: lines with others are left out, and said")
    func steps() throws {
        let outcome = try ProgramSweep([
            "train.sh": """
            echo '{"points": 1, "loss": 1}' > "$ABLATE_OUTPUT/figures.json"
            for step in 0.5 true 1e20 99999999999999999999 '"3"' 2 3.0; do
              echo "{\\"step\\": $step, \\"loss\\": 1, \\"more\\": {\\"a\\": 1}}"
            done > "$ABLATE_OUTPUT/curves.jsonl"
            """
        ]).run(ProgramSweep.faults)
        #expect(outcome.summary.trialsFinished == 1, "\(outcome.reasons)")
        let trial = try outcome.store.trials(of: "faults")[0]
        let stage = try #require(outcome.store.stages(ofTrial: trial.digest).first)
        #expect(try outcome.store.curves(of: stage)["loss"]?.map(\.step) == [2, 3])
    }

    @Test("a byte-order mark before the figures is none of them")
    func byteOrderMark() throws {
        let outcome = try ProgramSweep([
            "train.sh":
                #"printf '\357\273\277{"points": 1, "loss": 1}' > "$ABLATE_OUTPUT/figures.json""#
        ]).run(ProgramSweep.faults)
        #expect(outcome.summary.trialsFinished == 1, "\(outcome.reasons)")
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
        #expect(try reason("item,points\\na,1\\0007\\n").contains("'1\u{2400}7', not a number"))
        #expect(try reason("item,points\\na,0x1\\n").contains(":2: points is '0x1', not a number"))
        #expect(try reason("item,split,points\\na,train,1\\n").contains("no line of the split"))
        #expect(
            try reason("item,points,points\\na,1,0\\n").contains("column 'points' is there twice"))
        #expect(
            try reason("item,group,points\\na,1,0\\nb,1,1\\n a,2,1\\n")
                == "predictions.csv:4: item 'a' was there before, in line 2; give each item of a split one line "
                + "and a name of its own")
    }

    @Test("an item may be in several splits; those that are not judged are not looked at")
    func itemsOfSplits() throws {
        let outcome = try ProgramSweep([
            "train.sh": """
            echo '{"points": 1, "loss": 1}' > "$ABLATE_OUTPUT/figures.json"
            printf 'item,split,points\\na,train,1\\na,train,0\\na,test,1\\nb,test,1\\n' \
              > "$ABLATE_OUTPUT/predictions.csv"
            """
        ]).run(ProgramSweep.faults)
        #expect(outcome.summary.trialsFinished == 1, "\(outcome.reasons)")
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
        #expect(try sweep.run(ProgramSweep.faults, retries: 1).summary.trialsFinished == 1)
        let late = try reason("trap '' TERM; echo waiting; sleep 60", ["resources.time=0.3s"])
        #expect(
            late.contains(
                "took longer than resources.time, 0.3 s; give it more, or let it go on from what it keeps; it said:\nwaiting"
            ))
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
        #expect(try sweep.run(ProgramSweep.faults).summary.trialsFinished == 1)
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
        let first = try sweep.run(ProgramSweep.faults)
        #expect(first.summary.trialsFinished == 0 && first.summary.trialsPostponed == 1)
        try sweep.write("quiet", "")
        #expect(try sweep.run(ProgramSweep.faults).summary.trialsFinished == 1)
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
        ]).run(ProgramSweep.faults)
        let trial = try #require(outcome.store.trials(of: "faults").first)
        let stage = try #require(outcome.store.stages(ofTrial: trial.digest).first)
        let log = try outcome.store.log(of: stage)
        #expect(log.hasPrefix("first\n") && log.hasSuffix("last\n") && log.utf8.count < 400_000)
        #expect(log.contains("bytes left out"))
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
        #expect(try sweep.run(ProgramSweep.faults, retries: 1).summary.trialsFinished == 1)
        for name in ["inner", "outer", "itself"] {
            let text = try sweep.read(name).trimmingCharacters(in: .whitespacesAndNewlines)
            // One that has ended may wait for whoever takes in orphans.
            let status = try? String(contentsOfFile: "/proc/\(text)/status", encoding: .utf8)
            #expect(status?.contains("State:\tZ") != false, "\(name) is still there")
        }
    }

    @Test("what follows a zero byte is kept in the log and in the reason")
    func zeroBytes() throws {
        let text = try reason("printf 'before\\n\\000after\\nthe reason\\n'; exit 1")
        #expect(text.hasSuffix("before\n\u{2400}after\nthe reason"), "\(text)")
    }
}
