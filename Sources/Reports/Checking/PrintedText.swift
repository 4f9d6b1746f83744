import Foundation

/// Reads labels and numbers back from LaTeX and Markdown.
enum PrintedText {
    /// A number as it is printed.
    struct Number: Hashable {
        /// With its sign, without marks between thousands.
        var text: String
        /// Whether it can be read in two ways, or in none: `52,2`, `5e1`.
        var isUnreadable = false
    }

    /// What remains of a label: letters, digits and signs that no format escapes, so that all
    /// formats of a label read alike.
    static func label(_ text: String) -> String {
        var text = text
        for (written, sign) in [
            ("---", "—"), ("--", "–"), ("''", "\""), ("“", ""), ("”", "\""), ("‘", ""), ("’", "'"),
        ] {
            text.replace(written, with: sign)
        }
        // What no standard font has stands by its code.
        text.replace(#/U\+([0-9A-F]{4,6})/#) { match in
            UInt32(match.1, radix: 16).flatMap(Unicode.Scalar.init).map { String($0) }
                ?? String(match.0)
        }
        text.removeAll { "\\{}$*`".contains($0) }
        return Table.typed(text)
    }

    /// The numbers of a text without markup, in order.
    static func numbers(_ text: String) -> [Number] {
        var plain = text.replacing("+/-", with: "±").replacing("+-", with: "±")
        // A thin or hard space between three digits and one to three others parts thousands.
        plain.replace(#/(\d)[\u{2009}\u{202F}\u{A0}](?=\d{3}(?:\D|$))/#) { "\($0.1)," }
        // Digits in other forms are digits: full-width ones, raised ones.
        plain = plain.precomposedStringWithCompatibilityMapping
        plain.replace(#/[\u{2010}-\u{2015}\u{2212}\-]+/#, with: "-")
        // Exponents as ours are written: "1.20e+150".
        return plain.matches(
            of:
                #/([-+]?)\s*(\d\.\d{2}e[-+]\d{2,3}|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d*\.\d+|\d+)/#
        ).map {
            let digits = $0.2.replacing(",", with: "")
            let rest = plain[$0.range.upperBound...]
            let isCommaInNumber =
                !digits.contains(".") && rest.prefixMatch(of: #/,\d/#) != nil
            let hasExponent = rest.prefixMatch(of: #/[eE][-+]?\d/#) != nil
            return Number(
                text: $0.1 + (digits.hasPrefix(".") ? "0" : "") + digits,
                isUnreadable: isCommaInNumber || hasExponent)
        }
    }

    /// Digits after the point.
    static func decimals(of printed: String) -> Int {
        guard let point = printed.firstIndex(of: ".") else { return 0 }
        return printed.distance(from: point, to: printed.endIndex) - 1
    }

    /// Whether a printed number is `value` rounded to the digits printed.
    static func agrees(_ printed: String, _ value: Double) -> Bool {
        let digits = printed.hasPrefix("+") ? String(printed.dropFirst()) : printed
        guard !digits.contains("e") else {
            return NumberText.fixed(value, decimals: NumberText.mostDecimals + 1) == digits
        }
        return NumberText.fixed(value, decimals: decimals(of: printed)) == digits
    }
}
