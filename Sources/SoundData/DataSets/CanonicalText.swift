import Foundation

/// The one spelling of a name that can be written in several ways.
enum CanonicalText {
    /// Unicode's composed form (NFC); bytes that are no characters, and characters that nobody sees,
    /// are written out.
    static func normalised(_ text: String) -> String {
        FilePath.shown(InvisibleText.escaped(text)).precomposedStringWithCanonicalMapping
    }

    /// A text without the white space around it; characters of no width are none.
    static func unpadded(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(scalars[first...last])
    }

    /// The same without white space around it; a text of nothing else stays as it is.
    static func trimmed(_ text: String) -> String {
        let trimmed = unpadded(text)
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
