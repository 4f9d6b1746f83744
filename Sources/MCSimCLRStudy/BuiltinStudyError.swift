import Sweeps

/// What can be wrong with files of the built-in study: what, the value, what to do.
public enum BuiltinStudyError: Error, Equatable, CustomStringConvertible {
    case noHeads(database: String, isOfOtherEncoder: Bool)
    case noValidation(data: String)
    case unreadableDefinition
    case noEncoder(row: String, sweep: String, reason: String)
    /// `known`: the settings that there are; none where it is one, and has no two values to try. `advice`: on a
    /// word that other tools have for it.
    case cannotVary(String, known: [String], advice: String?)

    public var description: String {
        switch self {
        case .noEncoder(let row, let sweep, let reason):
            "'\(row)' of \(sweep) has no encoder here: \(reason)"
        case .cannotVary(let key, _, let advice?):
            "there is no setting '\(key)': \(advice)"
        case .cannotVary(let key, let known, nil):
            known.isEmpty
                ? "'\(key)' has no values that could be chosen for you; leave --vary out, and write values "
                    + "under 'parameters' ('settings \(key)' says which)"
                : "there is no setting '\(key)'; "
                    + (NearestName.of(key, in: known).map { "did you mean '\($0)'?" }
                        ?? "'settings' lists all")
        case .unreadableDefinition:
            "what the store says of the sweep's embeddings cannot be read: run its file again"
        case .noValidation(let data):
            "tune chooses by the validation split, and \(data) has no clip in it; give it some "
                + "(data.validation_fraction, or 'validation' in a manifest)"
        case .noHeads(let database, let isOfOtherEncoder):
            isOfOtherEncoder
                ? "the probes of this encoder in \(database) were fitted when it had other weights: "
                    + "another build or machine made it anew; run its sweep again with --fresh"
                : "\(database) has no heads of a linear probe of this encoder; run its sweep with "
                    + "'probe' among the evaluations, or name its results folder with --results"
        }
    }
}
