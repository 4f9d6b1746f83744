import Foundation
import ResultsStore

/// What the page is told, as JSON. The page and this program are one: its shape is no interface.
enum JSONAnswer {
    static func data(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        // The same answer is the same text: the page draws nothing anew for it.
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return try encoder.encode(value)
    }

    /// In the place of an answer: the page shows the words.
    struct Fault: Encodable {
        var fault: String
    }
}

/// A name with what it stands for.
struct NamedText: Encodable {
    var name: String
    var value: String

    init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// Where trials stand.
struct TrialCounts: Encodable {
    var finished: Int
    var running: Int
    var failed: Int
    var pending: Int
    var total: Int

    init(_ counts: StatusCounts) {
        finished = counts[.finished]
        running = counts[.running]
        failed = counts[.failed] + counts[.blocked]
        pending = counts[.pending]
        total = counts.total
    }
}
