import ArgumentParser

/// Options that are numbers: what is not a number, or beyond sense, is refused before anything runs.
package enum OptionRange {
    /// Throws: `ValidationError` for a value outside of the range, NaN among them.
    package static func check<Value: Comparable & CustomStringConvertible>(
        _ name: String, _ value: Value?, _ range: ClosedRange<Value>
    ) throws {
        guard let value, !range.contains(value) else { return }
        throw ValidationError(
            "\(name) is \(value), but must be from \(range.lowerBound) to \(range.upperBound)")
    }
}
