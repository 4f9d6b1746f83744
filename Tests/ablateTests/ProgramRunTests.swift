import Foundation
import TestSupport
import Testing

/// Runs of programs, as a user has them in a terminal.
@Suite("Runs of programs in a terminal")
struct ProgramRunTests {
    private func write(_ script: String, to program: Program) throws {
        try program.folder.write(
            """
            name: short
            study: command
            command: [sh, train.sh]
            settings: {size: {kind: integer, default: 1}}
            figures: {points: {}}
            parameters: {size: [1, 2]}

            """, to: "short.yaml")
        try program.folder.write(script, to: "train.sh")
    }

    @Test("a run that is refused leaves the plan in view as it was")
    func refused() throws {
        let program = try Program()
        try write("echo '{\"points\": 1}' > \"$ABLATE_OUTPUT/figures.json\"\n", to: program)
        let outcome = try program.shell(
            """
            "$A" run short.yaml --quiet > table
            "$A" history short > before
            "$A" run short.yaml -S seeds=2 --rerun 0000 2> refused; echo "exit code $?"
            "$A" run short.yaml -S seeds=3 --until-settled 2>> refused; echo "exit code $?"
            "$A" history short | cmp - before && echo same
            cat refused
            """)
        let lines = outcome.output.split(separator: "\n").map(String.init)
        #expect(lines.prefix(3) == ["exit code 2", "exit code 2", "same"], "\(outcome.output)")
        #expect(outcome.output.contains("no trial's digest begins with '0000'"))
        #expect(outcome.output.contains("no figure of short says which values are better (points)"))
    }

    @Test("where all is settled --until-settled adds nothing, and the plan stays as it was")
    func settledAlready() throws {
        let program = try Program()
        try write(
            """
            size=$ABLATE_SETTING_SIZE
            echo "{\\"points\\": $((100 * size + ABLATE_SEED * size * 3 % 5))}" > "$ABLATE_OUTPUT/figures.json"

            """, to: program)
        let text = try String(
            contentsOf: program.folder.url.appending(path: "short.yaml"), encoding: .utf8)
        try program.folder.write(
            text.replacing("points: {}", with: "points: {better: higher}")
                + "baseline: {size: 1}\nseeds: 5\n", to: "short.yaml")
        let outcome = try program.shell(
            """
            "$A" run short.yaml --quiet > table
            "$A" history short > before; "$A" table short --verdicts > verdicts
            "$A" run short.yaml --until-settled --max-seeds 8 > output; echo "exit code $?"
            "$A" history short | cmp - before && echo "same plan"
            "$A" table short --verdicts | cmp - verdicts && echo "same intervals"
            grep -c "no seeds are added" output
            """)
        #expect(
            outcome.output == "exit code 0\nsame plan\nsame intervals\n1\n",
            "\(outcome.output) \(outcome.errors)")
    }

    @Test("a verdict that later seeds take away is an event of the JSON log")
    func lostVerdict() throws {
        let program = try Program()
        // Points of five seeds say what those of later seeds do not; luck says nothing at any number of them.
        try write(
            """
            size=$ABLATE_SETTING_SIZE seed=$ABLATE_SEED
            points=$((100 * size + seed % 3)); [ $seed -lt 6 ] || points=$((1000 * (seed % 2) * size))
            echo "{\\"points\\": $points, \\"luck\\": $((seed * size * 7 % 5))}" > "$ABLATE_OUTPUT/figures.json"

            """, to: program)
        let text = try String(
            contentsOf: program.folder.url.appending(path: "short.yaml"), encoding: .utf8)
        try program.folder.write(
            text.replacing(
                "{points: {}}", with: "{points: {better: higher}, luck: {better: higher}}")
                + "baseline: {size: 1}\nseeds: 5\nsmallest_effect: {points: 1, luck: 0.1}\n",
            to: "short.yaml")
        let outcome = try program.shell(
            """
            "$A" run short.yaml --until-settled --max-seeds 10 --log json > log; echo "exit code $?"
            grep -oE '"event":"(verdict|undecided)".*' log |
              grep -oE '"event":"[a-z]*"|"metric":"[^"]*"' | paste -sd ' \\n'
            """)
        // Lost after ten seeds, and at the end as whatever has none.
        #expect(
            outcome.output == """
                exit code 4
                "event":"verdict" "metric":"points"
                "event":"undecided" "metric":"points"
                "event":"undecided" "metric":"points"
                "event":"undecided" "metric":"luck"

                """, "\(outcome.output) \(outcome.errors)")
    }

    @Test(
        "what a killed run has left at work is ended by the next command that computes or cleans up, and what a live run has is not",
        arguments: ["run other.yaml --quiet", "gc"])
    func survivors(next: String) throws {
        let program = try Program()
        let script = """
            echo $$ >> $1
            [ -f quick ] && echo '{"points": 2}' > "$ABLATE_OUTPUT/figures.json" && exit 0
            trap '' TERM
            while :; do sleep 0.02; done

            """
        try write(script, to: program)
        for (name, size) in [("short", 1), ("alive", 2), ("other", 3)] {
            try program.folder.write(
                """
                name: \(name)
                study: command
                command: [sh, train.sh, \(name).pid]
                settings: {size: {kind: integer, default: 1}}
                figures: {points: {}}
                resources: {grace: 0.1s}
                parameters: {size: [\(size)]}

                """, to: "\(name).yaml")
        }
        let outcome = try program.shell(
            """
            until_there() { for i in $(seq 500); do [ -s $1 ] && break; sleep 0.02; done; }
            "$A" run alive.yaml --quiet > /dev/null 2>&1 & alive=$!
            "$A" run short.yaml --quiet -j 1 & run=$!
            until_there short.pid; until_there alive.pid
            leaders=$(cat /proc/$run/task/*/children)
            kill -STOP $leaders
            kill -KILL $run $leaders; wait $run 2> /dev/null
            sleep 0.2
            kill -0 $(cat short.pid) && echo survives
            touch quick
            "$A" \(next) > said 2>&1
            for i in $(seq 100); do kill -0 $(cat short.pid) 2> /dev/null || break; sleep 0.02; done
            kill -0 $(cat short.pid) 2> /dev/null && echo "is left"
            grep -oE 'of programs that a killed run had left at work (was|were) ended' said | cut -d' ' -f1-10
            kill -0 $(head -1 alive.pid) && echo "the other goes on"
            kill -TERM $alive; wait $alive 2> /dev/null
            """)
        #expect(
            outcome.output
                == "survives\nof programs that a killed run had left at work\nthe other goes on\n",
            "\(outcome.output) \(outcome.errors)")
    }

    @Test(
        "programs that outlive a run which was killed together with their leaders are ended by the next; their log is kept"
    )
    func killedWithLeaders() throws {
        let program = try Program()
        try write(
            """
            echo "begun by $$"
            [ -f quick ] && echo '{"points": 2}' > "$ABLATE_OUTPUT/figures.json" && exit 0
            trap '' TERM
            echo $$ >> processes
            while :; do echo '{"points": 1}' > "$ABLATE_OUTPUT/figures.json"; sleep 0.02; done

            """, to: program)
        let outcome = try program.shell(
            """
            "$A" run short.yaml --quiet -j 2 & run=$!
            for i in $(seq 500); do
              [ "$(cat processes 2> /dev/null | wc -l)" = 2 ] && break; sleep 0.02
            done
            trial=$("$A" status short --trials | sed -n 's/^  \\([0-9a-f]*\\)  running.*/\\1/p' | head -1)
            for i in $(seq 100); do "$A" logs $trial | grep -q begun && break; sleep 0.1; done
            leaders=$(cat /proc/$run/task/*/children)
            kill -STOP $leaders
            kill -KILL $run $leaders; wait $run 2> /dev/null
            sleep 0.2
            for process in $(cat processes); do kill -0 $process && echo survives; done
            "$A" logs $trial | grep -c begun
            touch quick
            "$A" run short.yaml --quiet -j 2 > table; echo "exit code $?"
            for process in $(cat processes); do
              for i in $(seq 100); do kill -0 $process 2> /dev/null || break; sleep 0.02; done
              kill -0 $process 2> /dev/null && echo "is left"
            done
            grep -c '2.0' table
            """)
        #expect(
            outcome.output == "survives\nsurvives\n1\nexit code 0\n2\n",
            "\(outcome.output) \(outcome.errors)")
    }
}
