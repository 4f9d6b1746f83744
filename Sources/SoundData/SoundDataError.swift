import Platform

/// What can be wrong with a data set, a clip or a bank. Wording: ``description``.
public enum SoundDataError: Error, Sendable, Hashable {
    // Settings
    case unknownSource(String)
    case pathNotGiven(source: String)
    case fractions(validation: Double, test: Double)
    case clipsOutOfRange(Int, classes: Int)
    case classesOutOfRange(Int)
    case foldOutOfRange(Int, folds: Int, source: String)
    case bankSetting(name: String, value: String, rule: String)

    // Data sets
    case folderNotFound(path: String, source: String)
    case fileNotFound(path: String, source: String)
    case noClassFolders(path: String, manifest: String?)
    case manifestIsFolder(path: String, manifest: String?)
    case table(path: String, problem: TableProblem)
    case groupsInTwoSplits([GroupClash])
    case clipsListedTwice([RepeatedClip])
    case layout(source: String, path: String, missing: String, found: String? = nil)
    case noReadableClips(path: String, leftOut: [LeftOutClip], hint: String?)
    case noClips(split: Split, name: String, leftOut: [LeftOutClip], hint: String?)
    case classesWithoutTraining([String], name: String)
    case oneClass(String, name: String)

    // Recordings from installed packages
    case packagesMissing([String])
    case folderNotEmpty(path: String)

    // Clips
    case unreadable(UnreadableClip)
    case changed(path: String)

    // Banks
    case cancelled
    case diskFull(path: String, bytes: Int)
    case fileTooLarge(path: String, bytes: Int)
    case fileSystem(path: String, operation: String, reason: String)
    case notABank(path: String)
    case bankMissing(path: String)
    case bankDamaged(path: String, reason: String)
    case bankOfOtherContent(path: String, found: String, expected: String)
}

extension SoundDataError {
    /// How many clips were lost to what, and where the missing ones may be.
    fileprivate static func losses(_ leftOut: [LeftOutClip], _ hint: String?) -> String {
        guard let first = leftOut.first else { return "" }
        let items = LeftOutSummary(leftOut).items
        var text = ": "
        if items.count == 1, first.fault == .unreadable {
            text += "\(leftOut.count) could not be read, first '\(first.path)' (\(first.reason))"
        } else if items.count == 1, first.fault == .missing {
            text +=
                "\(leftOut.count) of \(leftOut.count) files are missing, the first: "
                + "'\(first.path)' (\(first.reason))"
        } else {
            text +=
                "all \(leftOut.count) are left out, "
                + items.map {
                    "\($0.count) \($0.fault.text), the first: '\($0.first.path)' (\($0.first.reason))"
                }
                .joined(separator: "; ")
        }
        if let hint { text += "; there is '\(hint)': move the folders, or correct the paths" }
        return text
    }
}

/// A group that has clips in two splits.
public struct GroupClash: Sendable, Hashable {
    public var group: String
    public var first: Split
    public var second: Split

    public init(group: String, first: Split, second: Split) {
        self.group = group
        self.first = first
        self.second = second
    }
}

/// A file that is listed twice, and what the two entries say of it.
public struct RepeatedClip: Sendable, Hashable {
    public var first: String
    public var second: String
    /// In which respect the entries differ, such as "training and test"; nil where they do not.
    public var difference: String?

    public init(first: String, second: String, difference: String?) {
        self.first = first
        self.second = second
        self.difference = difference
    }

    init(_ first: ClipCandidate, _ second: ClipCandidate) {
        self.init(first: first.identifier, second: second.identifier, difference: nil)
        if let one = first.split, let other = second.split, one != other {
            difference = "\(one.rawValue) and \(other.rawValue)"
        } else if first.label != second.label {
            difference = "'\(first.label)' and '\(second.label)'"
        }
    }

    fileprivate var text: String {
        let names = first == second ? "'\(first)'" : "'\(second)' is '\(first)'"
        return names + (difference.map { " (\($0))" } ?? "")
    }
}

/// What is wrong with a table that lists clips.
public enum TableProblem: Sendable, Hashable {
    case notText
    case empty
    case unclosedQuote(line: Int)
    case textAfterQuote(line: Int)
    case fieldCount(line: Int, found: Int, expected: Int)
    case missingColumn(String, found: [String])
    case emptyField(line: Int, column: String)
    case unknownSplit(line: Int, value: String)
    case notANumber(line: Int, column: String, value: String)
    case foldOutOfRange(line: Int, value: String, folds: Int)
    case notInRange(line: Int, column: String, value: String, range: ClosedRange<Int>)
    /// A number that nothing can have, in the unit that the column is in.
    case impossible(
        line: Int, column: String, value: String, range: ClosedRange<Double>, unit: String)
    /// A table without header, whose columns are known by their order; `advice` says what other table it
    /// may be.
    case columns(line: Int, found: Int, wanted: [String], advice: String?)
}

extension SoundDataError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unknownSource(let name):
            let names = DataSource.allCases.map(\.rawValue).joined(separator: ", ")
            return "data.source is '\(name)', but must be one of \(names)"
        case .pathNotGiven(let source):
            return "data.source '\(source)' needs data.path: give it in the sweep file or with "
                + "-S data.path=..."
        case .fractions(let validation, let test):
            return "data.validation_fraction \(validation) and data.test_fraction \(test) leave no "
                + "training clips or no test clips: choose them so that validation >= 0, test > 0 "
                + "and their sum < 1"
        case .clipsOutOfRange(let count, let classes):
            return "data.clips is \(count), but must be from \(3 * classes) (three clips for "
                + "each of \(classes) classes) to 1000000"
        case .classesOutOfRange(let count):
            return "data.classes is \(count), but must be from 2 to \(SoundEvents.names.count)"
        case .foldOutOfRange(let fold, let folds, let source):
            return "data.fold is \(fold), but \(source) has folds 1 to \(folds)"
        case .bankSetting(let name, let value, let rule):
            return "\(name) is \(value), but must be \(rule)"
        case .folderNotFound(let path, let source):
            return
                "no folder at '\(path)': data.path must name the folder of the \(source) data set"
        case .fileNotFound(let path, let source):
            return "no file at '\(path)': data.path must name the \(source) file"
        case .noClassFolders(let path, let manifest?):
            return
                "no class folders in '\(path)', but a list: write data: {source: manifest, path: "
                + "\(path)/\(manifest)}"
        case .manifestIsFolder(let path, let manifest?):
            return
                "data.path is the folder '\(path)', but must be the list of its clips: write path: "
                + "\(path)/\(manifest)"
        case .manifestIsFolder(let path, nil):
            return
                "data.path is the folder '\(path)', but must be a CSV file with the columns path and "
                + "label; for a folder of each class write data: {source: folder, path: \(path)}"
        case .noClassFolders(let path, nil):
            return "no class folders in '\(path)': put the clips of each class in a folder of the "
                + "class's name, as in \(path)/dog/bark1.wav"
        case .table(let path, let problem):
            return "\(path)\(problem.text)"
        case .groupsInTwoSplits(let clashes):
            let remedy = "give all clips of a group the same split"
            let examples = clashes.prefix(3).map {
                "'\($0.group)' (\($0.first.rawValue) and \($0.second.rawValue))"
            }
            guard clashes.count > 1 else {
                let clash = clashes.first
                return "group '\(clash?.group ?? "")' has clips in both "
                    + "\(clash?.first.rawValue ?? "") and \(clash?.second.rawValue ?? ""): \(remedy)"
            }
            return
                "\(Count.text(clashes.count, "group has", "groups have")) clips in two splits, such as "
                + examples.joined(separator: ", ") + ": \(remedy)"
        case .clipsListedTwice(let clips):
            let examples = clips.prefix(3).map(\.text).joined(separator: ", ")
            guard clips.count > 1 else {
                return clips.allSatisfy { $0.first == $0.second }
                    ? "clip \(examples) is listed twice: remove one of the lines"
                    : "one file is listed twice, \(examples): remove one of the lines"
            }
            return
                "\(Count.text(clips.count, "file is", "files are")) listed twice, such as \(examples): keep one entry of each"
        case .layout(let source, let path, let missing, let found):
            return "'\(path)' is not laid out like \(source): '\(missing)' is missing; "
                + "data.path must name the folder that holds it"
                + (found.map { ", such as '\(path)/\($0)'" } ?? "")
        case .noReadableClips(let path, let leftOut, let hint):
            return "no readable clips in '\(path)'" + Self.losses(leftOut, hint)
                + (leftOut.contains { $0.fault != .unreadable }
                    ? "" : "; give wav, flac or ogg files")
        case .noClips(let split, let name, let leftOut, let hint):
            let text = "data set '\(name)' has no clips for \(split.rawValue)"
            guard leftOut.isEmpty else { return text + Self.losses(leftOut, hint) }
            return text + ": give it more clips or groups, or a split column that names this split"
        case .classesWithoutTraining(let classes, let name):
            let names = classes.prefix(3).map { "'\($0)'" }.joined(separator: ", ")
            return
                "data set '\(name)' has \(classes.count == 1 ? "a class" : "\(classes.count) classes") "
                + "without training clips, \(names)\(classes.count > 3 ? ", ..." : ""): nothing can be "
                + "learnt of it; give it training clips or remove it"
        case .oneClass(let label, let name):
            return
                "data set '\(name)' has one class to learn from, '\(label)', which leaves nothing to tell "
                + "apart; give it training clips of two or more"
        case .packagesMissing(let names):
            return "not installed: \(names.joined(separator: ", ")); run apt-get install "
                + names.joined(separator: " ")
        case .folderNotEmpty(let path):
            return "folder '\(path)' is not empty: remove it, or choose another"
        case .unreadable(let clip):
            // Some reasons hold their remedy.
            return "cannot read '\(clip.path)': \(clip.reason)"
                + (clip.reason.contains("; ") ? "" : "; repair or remove the file")
        case .changed(let path):
            return "'\(path)' has changed since the data set was looked at: start the run again"
        case .cancelled:
            return "stopped before the bank was complete; the next run goes on from here"
        case .diskFull(let path, let bytes):
            return "no room for '\(path)', which needs \(bytes / 1_000_000) MB: free some space, "
                + "or choose another folder with --results"
        case .fileTooLarge(let path, let bytes):
            return "'\(path)' needs \(bytes / 1_000_000) MB, more than a file of this process may "
                + "have: raise the limit on the size of files ('ulimit -f')"
        case .fileSystem(let path, let operation, let reason):
            return "cannot \(operation) '\(path)': \(reason); check the folder and its permissions"
        case .notABank(let path):
            return
                "'\(path)' is a link, a folder or no regular file, where a bank is to be written: "
                + "remove it"
        case .bankMissing(let path):
            return "no bank at '\(path)': it must be built first"
        case .bankDamaged(let path, let reason):
            return "bank '\(path)' is damaged (\(reason)): it must be rebuilt"
        case .bankOfOtherContent(let path, let found, let expected):
            return "bank '\(path)' holds \(found), not \(expected): it must be rebuilt"
        }
    }
}

extension TableProblem {
    /// `90`, `0.01`.
    private static func text(_ bound: Double) -> String {
        Int(exactly: bound).map(String.init) ?? "\(bound)"
    }

    fileprivate var text: String {
        switch self {
        case .notText: ": not UTF-8 text; save it as a CSV file"
        case .empty: ": empty; the first line must name the columns"
        case .unclosedQuote(let line): ":\(line): a quoted field is never closed; add the quote"
        case .textAfterQuote(let line):
            ":\(line): text after a closing quote; double the quotes inside a quoted field"
        case .impossible(let line, let column, let value, let range, let unit):
            ":\(line): \(column) is '\(value)', but must be from \(Self.text(range.lowerBound)) to "
                + "\(Self.text(range.upperBound)) \(unit); correct the line, or take it out"
        case .columns(let line, let found, let wanted, let advice):
            ":\(line): \(found) fields, but must have \(wanted.count): \(wanted.joined(separator: ", "))"
                + (advice.map { "; \($0)" } ?? "")
        case .fieldCount(let line, let found, let expected):
            ":\(line): \(found) fields, but the header has \(expected); quote fields that hold commas"
        case .missingColumn(let name, let found) where found.count == 1 && found[0].contains(";"):
            ":1: no column '\(name)': the columns are parted by semicolons; part them by commas"
        case .missingColumn(let name, let found) where found.count == 1 && found[0].contains("\t"):
            ":1: no column '\(name)': the columns are parted by tabs; part them by commas"
        case .missingColumn(let name, let found):
            ":1: no column '\(name)' among \(found.joined(separator: ", ")); add it"
        case .emptyField(let line, let column): ":\(line): \(column) is empty; fill it in"
        case .unknownSplit(let line, let value):
            ":\(line): split is '\(value)', but must be pretraining (or unlabelled), training, validation or test"
        case .notANumber(let line, let column, let value):
            ":\(line): \(column) is '\(value)', but must be a number"
        case .foldOutOfRange(let line, let value, let folds):
            ":\(line): fold is '\(value)', but must be from 1 to \(folds)"
        case .notInRange(let line, let column, let value, let range):
            ":\(line): \(column) is '\(value)', but must be a whole number from \(range.lowerBound) to "
                + "\(range.upperBound)"
        }
    }
}
