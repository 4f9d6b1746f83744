import Platform
import Sweeps

/// What can be wrong between a sweep, its study and its tables: what, the value, what to do.
public enum StudiesError: Error, Equatable, CustomStringConvertible {
    case cannotWrite(path: String, reason: String)
    case folderTaken(path: String, sweep: String)
    case badPayload(kind: String)
    case unknownRow(String, sweep: String, known: [String])
    case unknownColumn(String, sweep: String, known: [String])
    case unknownMetric(String, known: [String])
    case unknownStudy(String, sweep: String, known: [String])
    case noPublishedValues(sweep: String)
    case noClaims(sweep: String)
    case claimOfOneFigure(claim: String, evaluation: String, rows: [String])
    case claimWithoutSeeds(claim: String, evaluations: [String])
    case noSubsets(sweep: String)
    case noPivot(sweep: String, varied: [String])
    case nothingTuned(row: String, sweep: String)
    case notTuned(sweep: String)
    case nothingToShow(sweep: String)
    case notYetMade(title: String)

    public var description: String {
        switch self {
        case .cannotWrite(let path, let reason):
            "cannot write \(path): \(reason); choose another folder with --results"
        case .folderTaken(let path, let sweep):
            "\(path) is not a folder, or a file of the database: the tables of '\(sweep)' cannot lie "
                + "there; choose another name with --name, or another folder with --results"
        case .unknownRow(let row, let sweep, let known):
            "the table of \(sweep) has no row '\(row)'; \(Self.suggestion(row, known, "rows"))"
        case .unknownColumn(let column, let sweep, let known):
            "the table of \(sweep) has no column '\(column)'; "
                + Self.suggestion(column, known, "columns")
        case .unknownMetric(let metric, let known):
            "there is no metric '\(metric)'; "
                + (NearestName.of(metric, in: known).map { "did you mean '\($0)'?" }
                    ?? "give some of \(known.joined(separator: ","))")
        case .unknownStudy(let study, let sweep, let known):
            "sweep '\(sweep)' is of the study '\(study)', which this program does not have; it has "
                + known.joined(separator: ", ") + ": use the program that has run it"
        case .noPublishedValues(let sweep):
            "sweep '\(sweep)' has no published values; add a section 'paper' to its file "
                + "(sweeps/FORMAT.md) and run it again: nothing is trained twice"
        case .claimOfOneFigure(let claim, let evaluation, let rows):
            "claims.\(claim) compares \(evaluation) of \(rows.map { "'\($0)'" }.joined(separator: " and of ")), but "
                + "what these differ in does not reach it: it is one figure; name another row or evaluation"
        case .claimWithoutSeeds(let claim, let evaluations):
            "claims.\(claim) compares \(evaluations.joined(separator: " and ")), in which no seed changes anything: "
                + "there would be one difference and no interval; the table has both figures, and 'table --clips' "
                + "their intervals over the test items"
        case .noClaims(let sweep):
            "sweep '\(sweep)' claims nothing; add a section 'claims' to its file (sweeps/FORMAT.md) and run "
                + "it again: nothing is trained twice, but what is claimed after a look has wider intervals"
        case .noSubsets(let sweep):
            "\(sweep) has not every subset of a setting, so nothing can be attributed; write "
                + "design: powerset"
        case .noPivot(let sweep, let varied):
            "a pivot table takes a sweep that varies two settings; \(sweep) varies "
                + (varied.isEmpty ? "none" : varied.joined(separator: ", "))
                + ": write two under 'parameters', or leave out --pivot"
        case .nothingTuned(let row, let sweep):
            "no point of '\(row)' was finished, so that it has no best one; "
                + "'\(ProgramName.current) status \(sweep)' says why they failed"
        case .notTuned(let sweep):
            "the rows of \(sweep) are not tuned: write a section 'tune' (sweeps/FORMAT.md)"
        case .nothingToShow(let sweep):
            "there is nothing to see or hear of \(sweep): its study shows nothing, or its files are gone "
                + "from the cache; run it again"
        case .notYetMade(let title):
            "this needs \(title), which has not been made yet: it is shown when the run has got that far"
        case .badPayload(let kind):
            "the settings of a \(kind) stage cannot be read; they were written by another version: run them with "
                + "that one, or into another folder with --results"
        }
    }

    /// The name that was probably meant, else all there are.
    private static func suggestion(_ wrong: String, _ known: [String], _ what: String) -> String {
        if let nearest = NearestName.of(wrong, in: known) { return "did you mean '\(nearest)'?" }
        guard known.count > 8 else {
            return "its \(what) are " + known.map { "'\($0)'" }.joined(separator: ", ")
        }
        return "of \(known.count) \(what) the nearest are "
            + NearestName.ranked(wrong, known).prefix(6).map { "'\($0)'" }.joined(separator: ", ")
    }
}
