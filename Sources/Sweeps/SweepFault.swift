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
public struct SweepFaults: Error, Sendable, CustomStringConvertible {
    public var faults: [SweepFault]

    /// A line for each fault.
    public var description: String {
        faults.map(\.description).joined(separator: "\n")
    }
}

/// Collects faults while a file is read.
struct FaultList {
    let fileName: String
    let overrides: [String]
    private var found: [(problem: SweepProblem, origin: Origin)] = []

    init(fileName: String, overrides: [String]) {
        self.fileName = fileName
        self.overrides = overrides
    }

    var isEmpty: Bool { found.isEmpty }
    var count: Int { found.count }

    mutating func add(_ problem: SweepProblem, at origin: Origin) {
        found.append((problem, origin))
    }

    mutating func removeLast(downTo count: Int) {
        found.removeLast(found.count - count)
    }

    /// Whether one of the faults from the `start`-th on is at `origin` itself.
    func hasFault(at origin: Origin, from start: Int) -> Bool {
        found[start...].contains { $0.origin == origin }
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
        let faults = ordered.map { fault($0.element.problem, at: $0.element.origin) }
        return SweepFaults(faults: faults.filter { seen.insert($0).inserted })
    }

    private func fault(_ problem: SweepProblem, at origin: Origin) -> SweepFault {
        var fault = SweepFault(
            file: fileName, message: problem.message, suggestion: problem.suggestion)
        switch origin {
        case .wholeFile: break
        case .file(let line, let column): (fault.line, fault.column) = (line, column)
        case .override(let index): fault.file = "-S \(overrides[index])"
        }
        return fault
    }
}
