import Digests
import Foundation
import GRDB

/// Where a stage stands, whichever sweep asks.
public enum StageStatus: Int, Sendable, Hashable {
    case pending = 0
    case finished = 1
    case failed = 2
}

/// What the store knows about the stages of a plan, by their positions in it.
public struct StageLookup: Sendable {
    public var statuses: [StageStatus]
    /// Reasons of the failed ones.
    public var reasons: [Int: String]
    /// Zero for a stage that no sweep has registered.
    package var rows: [StageRow]
    /// News that are later than this lookup have a higher number.
    package var mark: Int64
}

extension ResultsStore {
    /// Looks up every stage of a plan, registered or not.
    public func lookUp(_ stages: [Stage]) throws -> StageLookup {
        try read { database in
            var lookup = StageLookup(
                statuses: Array(repeating: .pending, count: stages.count), reasons: [:],
                rows: Array(repeating: 0, count: stages.count), mark: 0)
            lookup.mark =
                try Int64.fetchOne(database, sql: "SELECT COALESCE(MAX(id), 0) FROM attempts") ?? 0
            try Self.forEachStage(stages, database) { index, row, status in
                lookup.rows[index] = row
                lookup.statuses[index] = StageStatus(rawValue: status) ?? .pending
                if lookup.statuses[index] == .failed {
                    lookup.reasons[index] = try String.fetchOne(
                        database, sql: "SELECT reason FROM stages WHERE id = ?", arguments: [row])
                }
            }
            return lookup
        }
    }

    static func identifiers(of stages: [Stage], _ database: Database) throws -> [Digest: Int64] {
        var identifiers: [Digest: Int64] = [:]
        identifiers.reserveCapacity(stages.count)
        try forEachStage(stages, database) { index, row, _ in identifiers[stages[index].id] = row }
        return identifiers
    }

    /// A plan that covers much of the table is read in one pass, a small one stage by stage.
    private static func forEachStage(
        _ stages: [Stage], _ database: Database,
        _ body: (_ index: Int, _ row: Int64, _ status: Int) throws -> Void
    ) throws {
        let total = try Int.fetchOne(database, sql: "SELECT COALESCE(MAX(id), 0) FROM stages") ?? 0
        if total == 0 { return }
        guard stages.count * 8 > total else {
            let statement = try database.cachedStatement(
                sql: "SELECT id, \(presentStatus) FROM stages WHERE digest = ?")
            for (index, stage) in stages.enumerated() {
                let row = try Row.fetchOne(statement, arguments: [stage.id.description])
                if let row { try body(index, row[0], row[1]) }
            }
            return
        }
        var positions: [Digest: Int] = [:]
        positions.reserveCapacity(stages.count)
        for (index, stage) in stages.enumerated() { positions[stage.id] = index }
        let rows = try Row.fetchCursor(
            database, sql: "SELECT id, \(presentStatus), digest FROM stages")
        while let row = try rows.next() {
            let digest = try row.withUnsafeData(atIndex: 2) { $0.flatMap(Digest.init(utf8:)) }
            if let digest, let index = positions[digest] { try body(index, row[0], row[1]) }
        }
    }
}

extension Digest {
    /// Reads 32 hexadecimal digits without making a string of them.
    init?(utf8 bytes: Data) {
        guard bytes.count == 32 else { return nil }
        var words: (UInt64, UInt64) = (0, 0)
        for (position, byte) in bytes.enumerated() {
            let digit: UInt64
            switch byte {
            case 0x30...0x39: digit = UInt64(byte - 0x30)
            case 0x61...0x66: digit = UInt64(byte - 0x57)
            default: return nil
            }
            if position < 16 {
                words.0 = words.0 << 4 | digit
            } else {
                words.1 = words.1 << 4 | digit
            }
        }
        self.init(high: words.0, low: words.1)
    }
}
