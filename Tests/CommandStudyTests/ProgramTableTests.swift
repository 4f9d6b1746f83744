import Analysis
import CommandStudy
import Foundation
import Orchestration
import Reports
import ResultsStore
import Studies
import TestSupport
import Testing

/// Tables of figures that the sweep file says little of.
@Suite("Tables of programs' figures")
struct ProgramTableTests {
    private static func sweep(_ figures: String) -> String {
        """
        name: tables
        study: command
        command: [sh, train.sh]
        settings: {size: {kind: integer, default: 1}}
        figures: {\(figures)}
        parameters: {size: [1, 2]}
        baseline: {size: 1}
        seeds: 3
        """
    }

    private static let program = """
        p=$((ABLATE_SEED + ABLATE_SETTING_SIZE))
        echo "{\\"points\\": $p}" > "$ABLATE_OUTPUT/figures.json"
        printf 'item,points\\na,%d\\nb,%d\\n' $p $p > "$ABLATE_OUTPUT/predictions.csv"
        """

    @Test("rows of another design beside all subsets make no attribution of their own")
    func attribution() throws {
        let sweep = try ProgramSweep(["train.sh": Self.program])
        let text = """
            name: tables
            study: command
            command: [sh, train.sh]
            settings:
              tricks: {kind: subset, options: [flip, crop], default: []}
              size: {kind: integer, default: 1}
            figures: {points: {better: higher}}
            design: [powerset, {kind: one_factor, parameters: {size: [2]}}]
            parameters: {tricks: [flip, crop]}
            seeds: 3
            """
        let outcome = try sweep.run(text)
        #expect(outcome.summary.trialsFinished == 15)
        let tables = try SweepTable.attributions(
            "tables", from: StudyStore(outcome.store, sweep.catalogue))
        #expect(tables.map { $0.rows.map(\.label) } == [["Flip", "Crop"]])
        // Two members and their pair, on one figure.
        #expect(tables[0].caption.contains("k = 3"))
    }

    @Test("rows that have every subset are attributed, whatever design made them")
    func attributionOfGrid() throws {
        let sweep = try ProgramSweep(["train.sh": Self.program])
        let text = """
            name: tables
            study: command
            command: [sh, train.sh]
            settings:
              tricks: {kind: subset, options: [flip, crop, more], default: []}
              size: {kind: integer, default: 1}
            figures: {points: {better: higher}}
            parameters: {tricks: {values: [[], [flip], [crop], [flip, crop]]}}
            seeds: 3
            """
        func tables(_ text: String) throws -> [[String]] {
            let store = StudyStore(try sweep.run(text).store, sweep.catalogue)
            return try SweepTable.attributions("tables", from: store).map { $0.rows.map(\.label) }
        }
        #expect(try tables(text) == [["Flip", "Crop"]])
        #expect(try tables(text.replacing(", [flip, crop]]", with: "]")).isEmpty)
    }

    @Test("a plan that was extended since says so, and which verdicts are to be reported")
    func extended() throws {
        let sweep = try ProgramSweep(["train.sh": Self.program])
        let text = Self.sweep("points: {better: higher}")
        _ = try sweep.run(text)
        _ = try sweep.run(text, ["seeds=5"])
        let outcome = try sweep.run(text)
        let store = StudyStore(outcome.store, sweep.catalogue)
        func notes(_ name: String) throws -> [String] {
            try SweepTable.verdicts(name, from: store).notes.filter { $0.contains("since") }
        }
        let note =
            "Extended since: tables@2 has rows of this plan with seeds 3 and 4 as well. Its verdicts, with "
            + "2.5 % for each of the two looks, are those to report."
        #expect(try notes("tables") == [note] && notes("tables@2") == [])
        #expect(outcome.table.notes.contains(note))
    }

    @Test(
        "inputs of a stage run that stage again and what needs it, and plans say which files changed"
    )
    func inputsOfStages() throws {
        let sweep = try ProgramSweep([
            "fit.sh": "echo x > \"$ABLATE_OUTPUT/model\"",
            "test.sh": "echo '{\"points\": 1}' > \"$ABLATE_OUTPUT/figures.json\"", "base.sh": "",
        ])
        let text = """
            name: tables
            study: command
            settings: {size: {kind: integer, default: 1}}
            stages:
              fit: {command: [sh, fit.sh], settings: [size], inputs: [fit.sh]}
              test: {needs: fit, command: [sh, test.sh], settings: [], inputs: [test.sh]}
            figures: {points: {better: higher}}
            inputs: [base.sh]
            parameters: {size: [1, 2]}
            """
        #expect(try sweep.run(text).summary.stagesRun == 4)
        try sweep.write("test.sh", "echo '{\"points\": 2}' > \"$ABLATE_OUTPUT/figures.json\"")
        #expect(try sweep.run(text).summary.stagesRun == 2)
        try sweep.write("fit.sh", "echo y > \"$ABLATE_OUTPUT/model\"")
        #expect(try sweep.run(text).summary.stagesRun == 4)
        try sweep.write("base.sh", "true")
        let last = try sweep.run(text)
        #expect(last.summary.stagesRun == 4)
        func change(_ number: Int) throws -> [String] {
            try PlanChange(
                from: "tables@\(number)", to: "tables@\(number + 1)", in: last.store
            ).differences
        }
        #expect(try change(1) == ["other inputs (changed: test.sh)"])
        #expect(try change(2) == ["other inputs (changed: fit.sh)"])
        #expect(try change(3) == ["other inputs (changed: base.sh)"])
        #expect(try sweep.session(text).prepared.companions == ["base.sh", "fit.sh", "test.sh"])
    }

    @Test("hits may be 0 and 100 in percent, and no interval of a percentage is above 100")
    func percentages() throws {
        func interval(_ lines: String, points: String) throws -> ConfidenceInterval? {
            let sweep = try ProgramSweep([
                "train.sh": """
                echo '{"points": \(points)}' > "$ABLATE_OUTPUT/figures.json"
                printf 'item,points\\n\(lines)' > "$ABLATE_OUTPUT/predictions.csv"
                """
            ])
            let outcome = try sweep.run(Self.sweep("points: {unit: \"%\", better: higher}"))
            let table = try SweepTable.clips(
                "tables", from: StudyStore(outcome.store, sweep.catalogue))
            guard case .estimate(_, let found) = table.rows[0].cells[1].content else { return nil }
            return found
        }
        let hits = "a,1\\nb,0\\nc,1\\nd,1\\n"
        let share = try #require(try interval(hits, points: "75"))
        #expect(try interval(hits.replacing("1", with: "100"), points: "75") == share)
        #expect(share.upper < 100)
        let parts = try #require(try interval("a,99\\nb,10\\n", points: "54.5"))
        #expect(parts.upper == 100)
    }

    @Test("why a figure has no interval: no column, one group, values below zero")
    func absences() throws {
        func notes(_ header: String, _ values: String) throws -> [String] {
            let sweep = try ProgramSweep([
                "train.sh": """
                echo '{"points": 1}' > "$ABLATE_OUTPUT/figures.json"
                printf '\(header)\\n\(values)' > "$ABLATE_OUTPUT/predictions.csv"
                """
            ])
            let outcome = try sweep.run(Self.sweep("points: {better: higher}"))
            let digest = try #require(outcome.store.trials(of: "tables").first?.digest)
            let logs = try outcome.store.stages(ofTrial: digest).map {
                try outcome.store.log(of: $0)
            }
            return try SweepTable.clips("tables", from: StudyStore(outcome.store, sweep.catalogue))
                .notes + logs
        }
        let slip = try notes("item,ponts", "a,1\\nb,1\\n")
        #expect(
            slip.contains("points: no interval, since the predictions have no column of that name.")
        )
        #expect(
            slip.contains {
                $0.contains("predictions.csv has no column points, but one called ponts")
            })
        #expect(
            try notes("item,group,points", "a,g,1\\nb,g,1\\n").contains(
                "points: no interval, since the predictions are of one group alone."))
        #expect(
            try notes("item,points", "a,-1\\nb,3\\n").contains {
                $0.contains("some of its predictions are negative")
            })
    }

    private static let unjudged =
        "hit rate: no differences and no verdicts, since nothing says whether higher or lower is better."

    @Test(
        "a figure of which nothing says what is better has values, intervals, changes, and a reason for the rest"
    )
    func unjudged() throws {
        let sweep = try ProgramSweep(["train.sh": Self.program])
        let outcome = try sweep.run(Self.sweep("points: {label: hit rate, unit: h}"))
        let store = StudyStore(outcome.store, sweep.catalogue)
        let differences = try SweepTable.make(
            "tables", from: store, options: TableOptions(showsDifferences: true))
        #expect(differences.notes.contains(Self.unjudged))
        #expect(!differences.notes.contains { $0.contains("shares a finished seed") })
        let advice = try SweepTable.advice("tables", from: store)
        #expect(advice.notes == [Self.unjudged])
        let verdicts = try SweepTable.verdicts("tables", from: store)
        #expect(verdicts.rows.isEmpty && verdicts.notes == [Self.unjudged])
        let clips = try SweepTable.clips("tables", from: store)
        #expect(clips.columns.map(\.key) == ["seed", "points"] && clips.rows.count == 6)
        let comparison = try SweepTable.comparison(
            of: "tables", from: store, with: "tables", from: store, names: ("before", "after"))
        #expect(
            comparison.columns.map(\.key) == ["points_before", "points_after", "points_change"])
        #expect(comparison.rows.count == 2)
    }

    @Test(
        "each view of a sweep has a label of its own in a paper, and a caption that says what it is"
    )
    func views() throws {
        let sweep = try ProgramSweep(["train.sh": Self.program])
        let outcome = try sweep.run(Self.sweep("points: {better: higher, label: hit rate}"))
        let store = StudyStore(outcome.store, sweep.catalogue)
        func latex(_ options: TableOptions = TableOptions()) throws -> String {
            LaTeXTable().text(of: try SweepTable.make("tables", from: store, options: options))
        }
        let plain = try latex()
        #expect(plain.contains("\\label{tab:tables}"))
        #expect(
            plain.contains("\\caption{Hit rate by size. Mean $\\pm$ standard deviation"), "\(plain)"
        )
        let differences = try latex(TableOptions(showsDifferences: true))
        #expect(differences.contains("\\label{tab:tables-differences}"))
        #expect(differences.contains("differences from the baseline, paired by seed."))
        let cost = try latex(TableOptions(showsCost: true))
        #expect(
            cost.contains("\\label{tab:tables-cost}") && cost.contains("With the time and memory"))
        #expect(try latex(TableOptions(metrics: ["points"])).contains("\\label{tab:tables-points}"))
        let verdicts = LaTeXTable().text(of: try SweepTable.verdicts("tables", from: store))
        #expect(verdicts.contains("\\label{tab:tables-verdicts}\n"))
        #expect(verdicts.contains("\\caption{Mean differences from"), "\(verdicts)")
    }

    @Test("why a trial failed is for whoever ran it: a paper is told that it failed")
    func failureInPaper() throws {
        let sweep = try ProgramSweep([
            "train.sh":
                "[ $ABLATE_SEED = 1 ] && { echo 'Traceback (most recent call last)'; exit 1; }\n"
                + Self.program
        ])
        let outcome = try sweep.run(Self.sweep("points: {better: higher}"))
        let store = StudyStore(outcome.store, sweep.catalogue)
        let table = try SweepTable.make("tables", from: store)
        #expect(TerminalTable().text(of: table).contains("Traceback"))
        #expect(MarkdownTable().text(of: table).contains("Traceback"))
        let latex = LaTeXTable().text(of: table)
        #expect(!latex.contains("Traceback"), "\(latex)")
        #expect(latex.contains("2 of 3 seeds: seed 1 failed\n"), "\(latex)")
    }

    @Test("an edited program says how many comparisons of before its verdicts are corrected for")
    func edited() throws {
        let sweep = try ProgramSweep(["train.sh": Self.program])
        let text = Self.sweep("points: {better: higher}") + "\ninputs: [train.sh]"
        let first = try sweep.run(text)
        #expect(
            try SweepTable.verdicts("tables", from: StudyStore(first.store, sweep.catalogue)).notes
                .allSatisfy { !$0.contains("earlier plans") })
        try sweep.write("train.sh", Self.program + "\n# a remark\n")
        let second = try sweep.run(text)
        let store = StudyStore(second.store, sweep.catalogue)
        let table = try SweepTable.verdicts("tables", from: store)
        #expect(table.caption.contains("k = 2"))
        #expect(
            table.notes.contains {
                $0.hasPrefix("k counts 1 comparison of earlier plans of this name as well")
                    && $0.contains("--name try")
            }, "\(table.notes)")
        #expect(
            second.table.notes.contains {
                $0.contains(
                    "2 comparisons with the baseline")
                    && $0.contains("1 of them of earlier plans of this name")
            }, "\(second.table.notes)")
    }

    @Test("a figure that is named later and left nowhere says how to get it")
    func namedLater() throws {
        let sweep = try ProgramSweep(["train.sh": Self.program])
        _ = try sweep.run(Self.sweep("points: {better: higher}"))
        let table = try sweep.run(Self.sweep("points: {better: higher}, f1: {better: higher}"))
            .table
        #expect(
            table.notes.contains(
                "f1: no trial has left it, nor predictions that it could be computed from: 'ablate run FILE "
                    + "--fresh' runs all stages again."), "\(table.notes)")
        // One that the predictions have is no such figure.
        let first = try sweep.run(Self.sweep("points: {better: higher}")).table
        #expect(!first.notes.contains { $0.contains("--fresh") })
    }

    @Test(
        "a column can be named by its header, with its unit or without, where that is one column's alone"
    )
    func header() throws {
        let sweep = try ProgramSweep(["train.sh": Self.program])
        let outcome = try sweep.run(
            Self.sweep("points: {label: hit rate, unit: h, better: higher}"))
        let store = StudyStore(outcome.store, sweep.catalogue)
        for column in ["points", "hit rate", "Hit  rate (h)"] {
            let answer = try SweepTable.explanation(
                ofRow: "size 2", column: column, in: "tables", from: store)
            #expect(answer.rows.count == 3)
        }
        #expect(throws: StudiesError.self) {
            _ = try SweepTable.explanation(
                ofRow: "size 2", column: "hit", in: "tables", from: store)
        }
    }
}
