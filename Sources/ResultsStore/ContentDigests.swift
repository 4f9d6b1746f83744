import Digests
import GRDB

/// What names the results of a finished stage, so that a value that changes on the disk is seen.
///
/// Names and values in any order, counted in by a sum: rows come back in the order that a query likes.
struct ContentDigest {
    private var high: UInt64 = 0
    private var low: UInt64 = 0
    private var count: UInt64 = 0

    var isEmpty: Bool { count == 0 }

    /// NULL stands for what is no number; SQLite knows one zero.
    mutating func add(_ name: String, _ value: Double) {
        add(name, value.isNaN ? "-" : String((value == 0 ? 0 : value).bitPattern, radix: 16))
    }

    mutating func add(_ name: String, _ text: String) {
        var hasher = DigestHasher()
        hasher.update("\(name.utf8.count):\(name)")
        hasher.update(text)
        let digest = hasher.finalize()
        (high, low, count) = (high &+ digest.high, low &+ digest.low, count + 1)
    }

    mutating func add(_ name: String, _ point: CurvePoint) {
        add("\(name)\u{0}\(point.step)", point.value)
    }

    /// The digest that the store keeps.
    var text: String {
        Digest(of: "\(Digest(high: high, low: low)) \(count)").description
    }
}

/// The digests of a stage's results; nil for those of before schema 4.
struct ContentDigests {
    var metrics: String?
    var details: String?
    var curves: String?

    static let columns = ["metrics_digest", "details_digest", "curves_digest"]

    init(_ result: StageResult) {
        var metrics = ContentDigest()
        for (name, value) in result.metrics { metrics.add(name, value) }
        var details = ContentDigest()
        for (name, text) in result.details { details.add(name, text) }
        var curves = ContentDigest()
        for (name, points) in result.curves {
            // Of two values of a step the last one stays.
            var values: [Int: Double] = [:]
            for point in points { values[point.step] = point.value }
            for (step, value) in values { curves.add(name, CurvePoint(step: step, value: value)) }
        }
        (self.metrics, self.details, self.curves) = (metrics.text, details.text, curves.text)
    }

    /// Throws: an error of SQLite's kind "corrupt" where what was read is not what was written.
    static func check(_ found: ContentDigest, _ kept: String?, _ what: String) throws {
        guard let kept, kept != found.text else { return }
        throw DatabaseError(
            resultCode: .SQLITE_CORRUPT,
            message: "\(what) are not those that were written: one of them has changed, or is gone")
    }
}
