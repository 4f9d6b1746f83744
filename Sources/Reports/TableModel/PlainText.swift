/// Text from outside made safe for one line of anything.
enum PlainText {
    /// Line breaks and tabs become spaces; other control characters, which could steer a terminal,
    /// become U+FFFD; marks that turn the writing direction are dropped.
    static func oneLine(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x09, 0x0A, 0x0D, 0x85, 0x2028, 0x2029:
                if result.last != " " { result.append(" ") }
            case 0x00...0x1F, 0x7F...0x9F: result.append("\u{FFFD}")
            case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF: continue
            default: result.append(scalar)
            }
        }
        return String(result)
    }
}
