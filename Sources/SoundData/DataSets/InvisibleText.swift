/// Characters of names that nobody sees, or that change how others are shown.
enum InvisibleText {
    /// The text with such characters, line breaks among them, written out as in `dog\u{200B}`: two
    /// texts that differ are shown differently.
    static func escaped(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { isInvisible($0) || $0 == "\\" }) else {
            return text
        }
        var result = String.UnicodeScalarView()
        var last: Unicode.Scalar?
        let scalars = Array(text.unicodeScalars)
        for (index, scalar) in scalars.enumerated() {
            defer { last = scalar }
            if scalar == "\\", scalars[(index + 1)...].starts(with: ["u", "{"]) {
                // What is written like an escape is none.
                result.append(contentsOf: "\\\\".unicodeScalars)
            } else if isInvisible(scalar), !joins(scalar, after: last) {
                let number = String(scalar.value, radix: 16, uppercase: true)
                result.append(contentsOf: "\\u{\(number)}".unicodeScalars)
            } else {
                result.append(scalar)
            }
        }
        return String(result)
    }

    /// The text without such characters: what a reader sees of it.
    static func visible(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.compactMap { scalar in
                    guard isInvisible(scalar) else { return scalar }
                    return scalar.properties.isWhitespace ? " " : nil
                }))
    }

    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.value >= 0x7F || scalar.value < 0x20 else { return false }
        let properties = scalar.properties
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator:
            return true
        // Blanks that look like the blank, but for the wide one of Asian scripts.
        case .spaceSeparator: return scalar != "\u{3000}"
        default: return properties.isDefaultIgnorableCodePoint || scalar == "\u{2800}"
        }
    }

    /// Whether a character of no width of its own does what it is for: it joins or parts the letters of
    /// scripts that have such forms, or chooses the look of a sign.
    private static func joins(_ scalar: Unicode.Scalar, after last: Unicode.Scalar?) -> Bool {
        guard let last else { return false }
        switch scalar.value {
        case 0x200C, 0x200D:
            return (0x0600...0x0DFF).contains(last.value) || isSign(last)
        case 0xFE0F: return isSign(last)
        default: return false
        }
    }

    private static func isSign(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value == 0xFE0F || (scalar.value > 0x2000 && scalar.properties.isEmoji)
    }
}
