import Foundation

/// The one spelling of a name that can be written in several ways.
enum CanonicalText {
    /// Unicode's composed form (NFC); bytes that are no characters are shown as such.
    static func normalised(_ text: String) -> String {
        FilePath.shown(text).precomposedStringWithCanonicalMapping
    }

    /// The same without white space around it; a text of nothing else stays as it is.
    static func trimmed(_ text: String) -> String {
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        return normalised(trimmed.isEmpty ? text : trimmed)
    }

    /// A path without `.`, `..` and empty components.
    static func path(_ path: String) -> String {
        var parts: [Substring] = []
        let isAbsolute = path.hasPrefix("/")
        for part in path.split(separator: "/") where part != "." {
            if part == "..", let last = parts.last, last != ".." {
                parts.removeLast()
            } else if part != ".." || !isAbsolute {
                parts.append(part)
            }
        }
        return (isAbsolute ? "/" : "") + parts.joined(separator: "/")
    }
}
