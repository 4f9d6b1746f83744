/// Text for a terminal.
public enum TerminalText {
    /// The text without what could steer a terminal: control characters other than line breaks and
    /// tabs become U+FFFD, marks that turn the writing direction are dropped.
    public static func harmless(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { isHarmful($0) }) else { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if !isHarmful(scalar) {
                result.append(scalar)
            } else if scalar.value < 0xA0 {
                result.append("\u{FFFD}")
            }
        }
        return String(result)
    }

    /// A text of the user's that may be of any length, as a message shows it.
    public static func cut(_ text: String) -> String {
        text.utf8.count <= 100 ? text : text.prefix(97) + "..."
    }

    private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A: false
        case 0x00...0x1F, 0x7F...0x9F: true
        // Embeddings, overrides and isolates of writing directions.
        case 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
