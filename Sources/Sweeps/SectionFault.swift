/// What is wrong with a section of a sweep file that its study alone can find, once it has looked at what the
/// section names, or at what its stages leave.
public struct SectionFault: Error, Hashable, CustomStringConvertible {
    public var section: String
    /// The key of the section that it is about; nil for all of it.
    public var entry: String?
    /// What is wrong, the value, and what to do.
    public var message: String

    public init(_ message: String, section: String, entry: String? = nil) {
        self.section = section
        self.entry = entry
        self.message = message
    }

    public var description: String { message }
}

/// Where sections are in a file of which a study may find a fault, and their entries.
struct SectionOrigins: Sendable {
    private var origins: [String: (section: Origin, entries: [String: Origin])] = [:]

    init(_ root: SourceNode?, _ sections: [String]) {
        for section in sections {
            guard let node = root?[section] else { continue }
            let entries = (node.entries ?? []).map { ($0.key, $0.value.origin) }
            origins[section] = (
                node.origin, Dictionary(entries, uniquingKeysWith: { first, _ in first })
            )
        }
    }

    /// The whole file where it does not say.
    func origin(of fault: SectionFault) -> Origin {
        guard let (section, entries) = origins[fault.section] else { return .wholeFile }
        return fault.entry.flatMap { entries[$0] } ?? section
    }
}

extension SweepFile {
    /// A fault of a section as one of the file, with its place.
    package func faults(of fault: SectionFault) -> SweepFaults {
        var faults = FaultList(fileName: fileName, overrides: overrides)
        faults.add(.conflict(fault.message), at: sectionOrigins.origin(of: fault))
        return faults.faults
    }
}
