import Foundation

/// A reader of files, as the fuzzer drives it: some files that it takes, and how it reads one.
struct FuzzedReader: Sendable {
    let name: String
    /// The file's name, of which the ending may matter.
    let fileName: String
    /// One input in so many is this reader's.
    let share: Double
    /// Valid files, made in the folder given.
    let seeds: @Sendable (URL) throws -> [[UInt8]]
    /// Makes a file that is digested, and so refused at the first changed byte, whole again, as who
    /// means harm would; the bytes themselves where nothing is digested.
    var seal: @Sendable ([UInt8]) -> [UInt8] = { $0 }
    /// Reads the file at this place; throws what the user would be told.
    let read: @Sendable (URL) throws -> Void

    static let all: [FuzzedReader] = sounds + numbers + texts

    static func named(_ name: String) -> FuzzedReader? { all.first { $0.name == name } }
}

/// What came out of a file that cannot be right.
struct FuzzFinding: Error, CustomStringConvertible {
    let description: String
}
