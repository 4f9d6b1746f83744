import Foundation

/// The names and values of an address.
package struct Query: Sendable {
    private let values: [String: String]

    package init(_ values: [String: String]) { self.values = values }

    /// - Parameter text: what an address has behind its question mark, as forms write it: a space may be
    ///   `+` as well as `%20` (https://url.spec.whatwg.org/#urlencoded-parsing). Of equal names the first
    ///   counts.
    package init(encoded text: String) {
        func decoded(_ part: Substring?) -> String {
            let spaced = String(part ?? "").replacing("+", with: " ")
            return spaced.removingPercentEncoding ?? spaced
        }
        values = Dictionary(
            text.split(separator: "&").map { pair in
                let parts = pair.split(
                    separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                return (decoded(parts.first), decoded(parts.dropFirst().first))
            }, uniquingKeysWith: { first, _ in first })
    }

    package subscript(name: String) -> String? { values[name] }

    func flag(_ name: String) -> Bool { values[name] == "1" }

    /// A number within bounds; the default where there is none.
    func number(_ name: String, _ range: ClosedRange<Int>, default value: Int) -> Int {
        min(max(values[name].flatMap(Int.init) ?? value, range.lowerBound), range.upperBound)
    }

    /// Equal for equal questions.
    var key: String {
        values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "&")
    }

    var all: [String: String] { values }
}
