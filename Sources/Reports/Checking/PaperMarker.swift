import Foundation

/// A comment of ours in a paper.
enum PaperMarker: Hashable {
    case begin(String)
    case end
    /// The keys of the columns of the rows that follow, where they are not all.
    case columns([String])
    /// Reads like one of the others, but is none.
    case unknown(String)

    /// From a line, or its end, that begins with a percent sign, or is one comment of HTML.
    init?(_ text: String) {
        let trimmed = text.drop(while: \.isWhitespace)
        guard trimmed.first == "%" else {
            self.init(html: text)
            return
        }
        self.init(comment: String(trimmed.drop { $0 == "%" }))
    }

    /// From a line that is a comment of HTML.
    init?(html line: String) {
        let trimmed = line.drop(while: \.isWhitespace)
        guard trimmed.hasPrefix("<!--") else { return nil }
        var comment = trimmed.dropFirst(4)
        if let end = comment.range(of: "-->") { comment = comment[..<end.lowerBound] }
        self.init(comment: String(comment))
    }

    /// From what stands within a comment.
    init?(comment: String) {
        let words = comment.split(whereSeparator: \.isWhitespace).map(String.init)
        guard let first = words.first?.lowercased(), first == "ablate" || first == "ablate:",
            words.count > 1
        else { return nil }
        let second = words[1].lowercased()
        switch second {
        case "end": self = .end
        case "columns": self = .columns(Array(words[2...]))
        case "table" where words.count > 2: self = .begin(words[2...].joined(separator: " "))
        default:
            // Other words may be about ablations.
            guard ["tab", "col", "end", "begin"].contains(where: second.hasPrefix) else {
                return nil
            }
            self = .unknown(words.joined(separator: " "))
        }
    }
}
