import Platform

/// What became of the recordings of a package.
public struct PoolCounts: Sendable, Hashable {
    /// Why a recording is not in the pool, in the order in which it is looked at.
    public enum Reason: Int, Sendable, Hashable, CaseIterable {
        case unreadable
        case tooLong
        case tooShort
        case silent
        case copyOfLabelled
        case copyInPool
        /// There are enough of the package.
        case beyond
    }

    public let package: UnlabelledPool.Package
    /// Recordings that the package has.
    public let found: Int
    public internal(set) var taken = 0
    public internal(set) var leftOut: [Reason: Int] = [:]
    /// The most that were to be taken.
    let limit: Int

    init(_ package: UnlabelledPool.Package, found: Int, limit: Int) {
        self.package = package
        self.found = found
        self.limit = limit
    }

    /// "hedgewars-data: 520 of 962 recordings; left out: 12 too short, 3 silent".
    public var sentence: String {
        let reasons = leftOutTexts
        return "\(package.name): \(taken) of \(Count.text(found, "recording"))"
            + (reasons.isEmpty ? "" : "; left out: \(reasons.joined(separator: ", "))")
    }

    /// "12 too short", for each reason that there was.
    var leftOutTexts: [String] {
        Reason.allCases.compactMap { reason in
            guard let count = leftOut[reason], count > 0 else { return nil }
            return "\(count) " + text(reason, count)
        }
    }

    private func text(_ reason: Reason, _ count: Int) -> String {
        let copies = Count.word(count, "near-copy", "near-copies")
        return switch reason {
        case .unreadable: "unreadable"
        case .tooLong: "longer than \(Int(UnlabelledPool.longest)) s"
        case .tooShort: "shorter than \(InstrumentLibrary.shortest) s"
        case .silent: "silent"
        case .copyOfLabelled: "\(copies) of labelled clips"
        case .copyInPool: "\(copies) of others in the pool"
        case .beyond: "beyond \(limit) a package"
        }
    }
}
