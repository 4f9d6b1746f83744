/// One thing that is wrong with a sweep file or with an override.
public struct SweepFault: Sendable, Hashable, CustomStringConvertible {
    /// The file's name, or `-S key=value` for a fault in an override.
    public var file: String
    /// From 1; nil where the fault is the whole file's or an override's.
    public var line: Int?
    /// From 1, in characters.
    public var column: Int?
    /// What is wrong, the value, and the rule.
    public var message: String
    /// The right name nearest to the wrong one, where there is one.
    public var suggestion: String?

    /// `sweeps/x.yaml:7:13: temperature is -0.1, but must be a number from 0.001 to 10`
    public var description: String {
        var place = file
        if let line { place += ":\(line)" }
        if let column { place += ":\(column)" }
        let remedy = suggestion.map { "; did you mean '\($0)'?" } ?? ""
        return "\(place): \(message)\(remedy)"
    }
}

/// Everything that is wrong with a sweep file, at once, in the order of the file.
///
/// Of very many the first are listed, the others counted.
public struct SweepFaults: Error, Sendable, CustomStringConvertible {
    /// No more are put into words.
    static let maximum = 50

    public var faults: [SweepFault]
    /// How many there are beyond ``faults``.
    public var more = 0

    /// A line for each fault.
    public var description: String {
        (faults.map(\.description) + (more > 0 ? ["and \(more) more faults"] : []))
            .joined(separator: "\n")
    }
}

/// Collects faults while a file is read.
struct FaultList {
    let fileName: String
    let overrides: [String]
    private var found: [(problem: SweepProblem, origin: Origin)] = []
    /// How many were counted alone: a file of rubbish has one at every byte.
    private var uncollected = 0
    private static let collectedAtMost = 10_000

    init(fileName: String, overrides: [String]) {
        self.fileName = fileName
        self.overrides = overrides
    }

    var isEmpty: Bool { found.isEmpty }
    var count: Int { found.count + uncollected }

    mutating func add(_ problem: SweepProblem, at origin: Origin) {
        if found.count < Self.collectedAtMost {
            found.append((problem, origin))
        } else {
            uncollected += 1
        }
    }

    mutating func removeLast(downTo count: Int) {
        uncollected = max(0, count - found.count)
        found.removeLast(max(0, found.count - count))
    }

    /// Whether one of the faults from the `start`-th on is at `origin` itself.
    func hasFault(at origin: Origin, from start: Int) -> Bool {
        found.dropFirst(start).contains { $0.origin == origin }
    }

    /// In the order of the file, overrides last, none twice.
    var faults: SweepFaults {
        func rank(_ origin: Origin) -> (Int, Int, Int) {
            switch origin {
            case .wholeFile: (0, 0, 0)
            case .file(let line, let column): (1, line, column)
            case .override(let index): (2, index, 0)
            }
        }
        let ordered = found.enumerated().sorted {
            let (left, right) = (rank($0.element.origin), rank($1.element.origin))
            return left == right ? $0.offset < $1.offset : left < right
        }
        var seen: Set<SweepFault> = []
        var faults: [SweepFault] = []
        for (place, (_, entry)) in ordered.enumerated() {
            // Words take time: a nearest name is looked for in each.
            if faults.count == SweepFaults.maximum {
                return SweepFaults(faults: faults, more: ordered.count - place + uncollected)
            }
            let fault = fault(entry.problem, at: entry.origin)
            if seen.insert(fault).inserted { faults.append(fault) }
        }
        return SweepFaults(faults: faults, more: uncollected)
    }

    private func fault(_ problem: SweepProblem, at origin: Origin) -> SweepFault {
        var fault = SweepFault(
            file: fileName, message: Self.printable(problem.message, limit: 2000),
            suggestion: problem.suggestion)
        switch origin {
        case .wholeFile: break
        case .file(let line, let column): (fault.line, fault.column) = (line, column)
        case .override(let index):
            fault.file = Self.printable("-S \(overrides[index])", limit: 200)
        }
        return fault
    }

    /// The text as a terminal may have it: without control characters, cut off where it is long.
    private static func printable(_ text: String, limit: Int) -> String {
        var printable = ""
        for scalar in text.unicodeScalars.prefix(limit) {
            let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            if isControl {
                printable += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            } else {
                printable.unicodeScalars.append(scalar)
            }
        }
        return text.unicodeScalars.count > limit ? printable + "..." : printable
    }
}
