import Foundation
import TestSupport
import Testing

/// Tuning, as a user has it: programs whose best setting is known.
@Suite("Tuning programs")
struct TuneCommandTests {
    private static let sweep = """
        name: tuned
        study: command
        command: [sh, train.sh]
        settings:
          depth: {kind: integer, default: 1}
          rate: {kind: number, default: 0.5}
        figures: {error: {better: lower}}
        inputs: [train.sh]
        parameters: {depth: [1, 3]}
        baseline: {depth: 1}
        seeds: [0, 1, 2]
        tune: {parameters: {rate: {min: 0, max: 4}}, points: 8, metric: validation_error}

        """

    /// The error is the distance of the rate from the depth; that of the test split is another thing.
    private static let train = """
        rate=$ABLATE_SETTING_RATE depth=$ABLATE_SETTING_DEPTH
        echo "$ABLATE_SPLIT" >> splits
        value=$(awk "BEGIN { d = $rate - $depth; print 5 + (d < 0 ? -d : d) }")
        noise=$(awk "BEGIN { print 0.01 * $ABLATE_SEED }")
        if [ "$ABLATE_SPLIT" = validation ]; then
          printf 'item,split,error\\n1,validation,%s\\n1,test,%s\\n' $value 1000 \\
            > "$ABLATE_OUTPUT/predictions.csv"
          exit 0
        fi
        echo "{\\"error\\": $(awk "BEGIN { print $value + $noise + TEST }")}" \\
          > "$ABLATE_OUTPUT/figures.json"

        """

    private func program(test: String = "0") throws -> Program {
        let program = try Program()
        for (name, text) in [
            ("tuned.yaml", Self.sweep), ("train.sh", Self.train.replacing("TEST", with: test)),
        ] {
            try Data(text.utf8).write(to: program.folder.url.appending(path: name))
        }
        return program
    }

    @Test("killed at any transaction and run again, with any workers: the same bytes")
    func killed() throws {
        let program = try program()
        let outcome = try program.shell(
            """
            "$A" run tuned.yaml -j 1 --quiet --results whole > whole.txt || exit 1
            for kill in 9 30 70; do
              "$A" run tuned.yaml -j 2 --quiet --results killed-$kill --kill-at $kill > /dev/null 2>&1
              echo "rc $?"
              "$A" run tuned.yaml -j 2 --quiet --results killed-$kill > killed.txt || exit 1
              cmp whole.txt killed.txt && echo same
              for file in table.md table.tex table.csv table.json; do
                cmp whole/tuned/$file killed-$kill/tuned/$file || exit 1
              done
            done
            "$A" run tuned.yaml --results whole | grep -c 'to run' 
            """)
        #expect(
            outcome.output.hasPrefix("rc 137\nsame\nrc 137\nsame\nrc 137\nsame\n"),
            "\(outcome.output) \(outcome.errors)")
    }

    @Test("is planned, run, listed and explained; programs are asked for the validation split")
    func whole() throws {
        let program = try program()
        let outcome = try program.shell(
            """
            "$A" plan tuned.yaml > plan.txt && echo planned
            "$A" run tuned.yaml --max-trials 3 > part.txt; echo "rc $?"
            "$A" status tuned | head -1
            "$A" run tuned.yaml --quiet > /dev/null; echo "rc $?"
            "$A" status tuned
            sort splits | uniq -c | awk '{ print $1, $2 }'
            "$A" table tuned --tuned --format csv > tuned.csv; echo "rc $?"
            "$A" why tuned "depth 3, tuned" error | grep -c 'Chose point'
            "$A" run tuned.yaml --part 1/2 2> part-refused.txt; echo "rc $?"
            grep -c 'leave --part out' part-refused.txt
            "$A" bundle tuned.yaml -o tuned.tar.zst 2>&1 | grep -c "'reproduce' cannot run"
            "$A" table tuned.tuning --format csv | wc -l
            "$A" delete tuned --yes | tail -1
            """)
        #expect(
            outcome.output == """
                planned
                rc 0
                tuned.tuning: 16 trials: 3 done, 0 running, 0 failed, 13 left
                rc 0
                tuned: 12 trials: 12 done, 0 running, 0 failed, 0 left
                  tuned by tuned.tuning: 16 trials, 16 done
                12 
                16 validation
                rc 0
                1
                rc 2
                1
                1
                17
                tuned.tuning, by which its rows were tuned, stays: delete it by its name

                """, "\(outcome.output) \(outcome.errors)")
        let plan = try String(
            contentsOf: program.folder.url.appending(path: "plan.txt"), encoding: .utf8)
        #expect(plan.contains("tuned.tuning: 8 points of rate for each row of tuned"))
        #expect(plan.contains("16 trials: 16 configurations x 1 seed (1000000)"))
        #expect(plan.contains("then, with each row at the first point"))
        #expect(plan.contains("12 trials: 4 configurations x 3 seeds"))
        // The rate nearest to the depth, of the same points for both rows.
        let csv = try String(
            contentsOf: program.folder.url.appending(path: "tuned.csv"), encoding: .utf8)
        let rows = csv.split(whereSeparator: \.isNewline).map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        let place = try #require(rows.first?.firstIndex(of: "validation_error"))
        let rate = try #require(rows.first?.firstIndex(of: "rate"))
        let plain = try #require(rows.first?.firstIndex(of: "error_default_mean"))
        for (row, depth) in zip(rows.dropFirst(), [1.0, 3]) {
            let chosen = try #require(Double(row[rate]))
            // The program prints six digits.
            #expect(abs(5 + abs(chosen - depth) - (Double(row[place]) ?? 0)) < 1e-4)
            #expect(abs(chosen - depth) < 0.5, "of eight points one is near")
            #expect(abs((Double(row[plain]) ?? 0) - (5.01 + abs(0.5 - depth))) < 1e-4)
        }
    }

    @Test(
        "commands for the end are called where tuning ends a run, and print nothing into the JSON log"
    )
    func hooks() throws {
        let outcome = try program().shell(
            """
            "$A" run tuned.yaml --max-trials 3 --quiet --on-finish 'echo "end of $ABLATE_SWEEP: $ABLATE_OUTCOME, $ABLATE_LEFT left"' |
              grep '^end of'
            echo exit 1 > train.sh
            "$A" run tuned.yaml --log json --on-failure 'echo "failed: $ABLATE_SWEEP"' > log 2> said; echo "rc $?"
            grep '^failed: ' said
            grep -vc '^{' log
            """)
        #expect(
            outcome.output == """
                end of tuned.tuning: finished, 13 left
                rc 1
                failed: tuned.tuning
                0

                """, "\(outcome.output) \(outcome.errors)")
    }

    @Test("what the program says of the test split reaches no choice")
    func blind() throws {
        let outcomes = try ["0", "100 * (4 - $rate)"].map { test in
            let program = try program(test: test)
            return try program.shell(
                """
                "$A" run tuned.yaml --quiet > /dev/null || exit 1
                "$A" run tuned.yaml | grep '^chosen'
                "$A" table tuned.tuning --format csv
                """
            ).output
        }
        #expect(outcomes[0].contains("chosen: depth 3: point") && outcomes[0] == outcomes[1])
    }
}
