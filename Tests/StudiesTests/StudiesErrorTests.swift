import Studies
import Testing

@Suite("What can be wrong between a sweep, its study and its tables")
struct StudiesErrorTests {
    private static let messages: [(error: StudiesError, text: String)] = [
        (
            .cannotWrite(path: "a/b", reason: "no room"),
            "cannot write a/b: no room; choose another folder with --results"
        ),
        (
            .folderTaken(path: "a/b", sweep: "s"),
            "a/b is not a folder, or a file of the database: the tables of 's' cannot lie there; "
                + "choose another name with --name, or another folder with --results"
        ),
        (
            .badPayload(kind: "fit"),
            "the settings of a fit stage cannot be read; they were written by another version: run them "
                + "with that one, or into another folder with --results"
        ),
        (
            .unknownRow("al", sweep: "s", known: ["all", "none"]),
            "the table of s has no row 'al'; did you mean 'all'?"
        ),
        (
            .unknownRow("zzzzzz", sweep: "s", known: ["all", "none"]),
            "the table of s has no row 'zzzzzz'; its rows are 'all', 'none'"
        ),
        (
            .unknownColumn("eror", sweep: "s", known: ["error", "accuracy"]),
            "the table of s has no column 'eror'; did you mean 'error'?"
        ),
        (
            .unknownMetric("eror", known: ["error", "accuracy"]),
            "there is no metric 'eror'; did you mean 'error'?"
        ),
        (
            .unknownMetric("zzzzzz", known: ["error", "accuracy"]),
            "there is no metric 'zzzzzz'; give some of error,accuracy"
        ),
        (
            .unknownStudy("toy", sweep: "s", known: ["mcsimclr", "command"]),
            "sweep 's' is of the study 'toy', which this program does not have; it has mcsimclr, "
                + "command: use the program that has run it"
        ),
        (
            .noPublishedValues(sweep: "s"),
            "sweep 's' has no published values; add a section 'paper' to its file "
                + "(sweeps/FORMAT.md) and run it again: nothing is trained twice"
        ),
        (
            .noClaims(sweep: "s"),
            "sweep 's' claims nothing; add a section 'claims' to its file (sweeps/FORMAT.md) and run it "
                + "again: nothing is trained twice, but what is claimed after a look has wider intervals"
        ),
        (
            .claimOfOneFigure(claim: "raw gains", evaluation: "raw", rows: ["all", "none"]),
            "claims.raw gains compares raw of 'all' and of 'none', but what these differ in does not reach "
                + "it: it is one figure; name another row or evaluation"
        ),
        (
            .claimWithoutSeeds(claim: "raw beats mean", evaluations: ["raw", "mean"]),
            "claims.raw beats mean compares raw and mean, in which no seed changes anything: there would be one "
                + "difference and no interval; the table has both figures, and 'table --clips' their intervals "
                + "over the test items"
        ),
        (
            .noSubsets(sweep: "s"),
            "s has not every subset of a setting, so nothing can be attributed; write "
                + "design: powerset"
        ),
        (
            .noPivot(sweep: "rt60", varied: ["rt60"]),
            "a pivot table takes a sweep that varies two settings; rt60 varies rt60: write two "
                + "under 'parameters', or leave out --pivot"
        ),
        (
            .nothingTuned(row: "none", sweep: "s.tuning"),
            "no point of 'none' was finished, so that it has no best one; "
                + "'ablate status s.tuning' says why they failed"
        ),
        (
            .notYetMade(title: "scenes of the test split"),
            "this needs scenes of the test split, which has not been made yet: it is shown when the "
                + "run has got that far"
        ),
        (
            .notTuned(sweep: "s"),
            "the rows of s are not tuned: write a section 'tune' (sweeps/FORMAT.md)"
        ),
        (
            .nothingToShow(sweep: "s"),
            "there is nothing to see or hear of s: its study shows nothing, or its files are gone from "
                + "the cache; run it again"
        ),
    ]

    @Test("says what, the value and what to do", arguments: messages.indices)
    func message(index: Int) {
        #expect("\(Self.messages[index].error)" == Self.messages[index].text)
    }

    @Test("each error has its message above")
    func complete() {
        // A new case does not compile until it is counted.
        let cases = Set(
            Self.messages.map { message in
                switch message.error {
                case .cannotWrite: 0
                case .folderTaken: 1
                case .badPayload: 2
                case .unknownRow: 3
                case .unknownColumn: 4
                case .unknownMetric: 5
                case .unknownStudy: 6
                case .noPublishedValues: 7
                case .noSubsets: 8
                case .noPivot: 9
                case .nothingTuned: 10
                case .notTuned: 11
                case .nothingToShow: 12
                case .notYetMade: 13
                case .noClaims: 14
                case .claimOfOneFigure: 15
                case .claimWithoutSeeds: 16
                }
            })
        #expect(cases == Set(0..<17))
    }
}
