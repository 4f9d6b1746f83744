import Platform

/// What keeps results from leaving or coming in: what, the value, what to do.
package enum BridgesError: Error, Equatable, CustomStringConvertible {
    case unwritable(path: String, reason: String)
    case notAnExport(path: String)
    case otherExport(path: String, sweep: String)
    case unknownObjective(String, sweep: String, known: [String])
    case noObjective(sweep: String)
    case notAJournal(path: String, line: Int)
    case otherStudy(path: String, study: String)
    case journalLocked(path: String)

    package var description: String {
        switch self {
        case .unwritable(let path, let reason):
            "\(path) cannot be written: \(reason); name another place with -o"
        case .notAnExport(let path):
            "\(path) holds something that no export has left, and is not written over; name another folder "
                + "with -o"
        case .otherExport(let path, let sweep):
            "\(path) holds an export of another sweep, plan or form than \(sweep) is now; name another folder "
                + "with -o, or remove it"
        case .unknownObjective(let name, let sweep, let known):
            "\(sweep) has no figure '\(name)' that is better higher or lower; it has "
                + known.joined(separator: ", ")
        case .noObjective(let sweep):
            "no figure of \(sweep) says which values are better, and a study of Optuna has a direction: give "
                + "one 'better: higher' or 'better: lower', or export --to csv"
        case .notAJournal(let path, let line):
            "\(path):\(line): no line of a journal of Optuna; name another file with -o"
        case .otherStudy(let path, let study):
            "\(path) has a study '\(study)' that was not exported from this plan of the sweep; name another "
                + "file with -o, or export the plan as NAME@1 ('\(ProgramName.current) history')"
        case .journalLocked(let path):
            "\(path) is locked by another process, by \(path).lock; try again, or remove the lock where that "
                + "process has died"
        }
    }
}
