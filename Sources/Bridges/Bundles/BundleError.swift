import Platform

/// What is wrong with a bundle, or keeps one from being made or reproduced: what, the value, what to do.
package enum BundleError: Error, Equatable, CustomStringConvertible {
    case noMemory
    case unwritable(path: String, reason: String)
    case unreadable(path: String, reason: String)
    case exists(path: String)
    case damaged(path: String, detail: String)
    case otherSweep(file: String, sweep: String)
    case nothingFinished(sweep: String)
    case noModels(sweep: String)
    case unknownRow(String, known: [String])
    case programs(commands: [String])
    case withoutPrograms(sweep: String, reason: String)
    case tuned(sweep: String)
    case recordingElsewhere(String, list: String)
    case noRecordings(sweep: String)
    case otherData(found: String, wanted: String, data: String, notes: [String])

    package var description: String {
        switch self {
        case .noMemory: "there is no memory for an archive; end other programs"
        case .unwritable(let path, let reason):
            "\(path) cannot be written: \(reason); name another place with -o"
        case .unreadable(let path, let reason): "\(path) cannot be read: \(reason); check the path"
        case .exists(let path):
            "\(path) is there already and is not replaced; name another place with -o, or remove it"
        case .damaged(let path, let detail):
            "\(path) is no bundle that can be trusted: \(detail); ask for it once more, nothing of it was kept"
        case .otherSweep(let file, let sweep):
            "\(file) is no longer what \(sweep) in the store was computed from; run it first, or bundle the sweep "
                + "by its name, without its programs"
        case .nothingFinished(let sweep):
            "no trial of \(sweep) is finished, so that there is nothing to hand over; run it first"
        case .noModels(let sweep):
            "the study of \(sweep) hands over no encoders; leave --encoders out"
        case .unknownRow(let row, let known):
            "the bundle has no row '\(row)'; its rows are "
                + known.map { "'\($0)'" }.joined(separator: ", ")
        case .programs(let commands):
            "the bundle runs programs of whoever made it, with all that you may do:\n"
                + commands.map { "  \($0)" }.joined(separator: "\n")
                + "\nlook at them (tar --zstd -xf BUNDLE), then allow it with --run-programs"
        case .withoutPrograms(let sweep, let reason):
            "the bundle of \(sweep) brings none of the programs that it runs, and they are not here: \(reason); ask "
                + "for one that was made of the sweep's file, which brings them"
        case .tuned(let sweep):
            "the rows of \(sweep) were tuned, and what they chose follows from a run of the whole: unpack the bundle "
                + "and run its sweep file"
        case .recordingElsewhere(let name, let list):
            "\(name) does not lie below the folder of \(list), so that no bundle can have it in its place; copy it "
                + "there, or leave --audio out"
        case .noRecordings(let sweep):
            "the data of \(sweep) are no files that are there; leave --audio out"
        case .otherData(let found, let wanted, let data, let notes):
            "the data here are others than those of the bundle (\(data)): their digest is \(found), and was "
                + "\(wanted)"
                + (notes.isEmpty
                    ? "" : " (here alone: \(notes.prefix(3).joined(separator: "; ")))")
                + "; name those that it was computed from with --data"
        }
    }
}
