import ArgumentParser
import Foundation

/// The part of a document that a measurement replaces.
package struct MeasuredPart {
    package static let begin = "<!-- measured -->"
    package static let end = "<!-- end of what was measured -->"

    /// With the mark.
    package let before: Substring
    /// With the mark.
    package let after: Substring

    /// Throws: `ValidationError` where the marks are not there, or the wrong way round.
    package init(of text: String) throws {
        guard let begin = text.range(of: Self.begin), let end = text.range(of: Self.end),
            begin.upperBound < end.lowerBound
        else { throw ValidationError("there is no line \(Self.begin) before a line \(Self.end)") }
        before = text[..<begin.upperBound]
        after = text[end.lowerBound...]
    }
}
