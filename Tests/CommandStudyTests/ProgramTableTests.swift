import CommandStudy
import Foundation
import Orchestration
import Reports
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
