import Foundation

/// Text for LaTeX that compiles with pdflatex and no package beyond the standard classes.
enum LaTeXText {
    /// Every special character replaced by a command; characters that no standard font has, by
    /// their code.
    static func escape(_ text: String) -> String {
        var escaped = ""
        var last: Unicode.Scalar?
        for scalar in PlainText.oneLine(text).unicodeScalars {
            // Two hyphens, as of an option, would become a dash.
            if scalar == "-", last == "-" { escaped += "{}" }
            last = scalar
            if let command = commands[scalar] {
                escaped += command
            } else if scalar.value < 0x80 || isAccentedLatin(scalar) {
                escaped.unicodeScalars.append(scalar)
            } else {
                escaped += "\\texttt{U+\(String(format: "%04X", scalar.value))}"
            }
        }
        return escaped
    }

    /// Latin-1 letters and Latin Extended-A, which LaTeX composes by itself (UTF-8 is its input
    /// encoding since 2018).
    private static func isAccentedLatin(_ scalar: Unicode.Scalar) -> Bool {
        let letters = (0xC0...0x17E).contains(scalar.value)
        // Multiplication and division signs are commands; these few letters need the T1 encoding.
        let others: Set<UInt32> = [
            0xD0, 0xF0, 0xDE, 0xFE, 0x110, 0x111, 0x126, 0x127, 0x138,
            0x149, 0x14A, 0x14B, 0x166, 0x167, 0x17F, 0x104, 0x105, 0x118, 0x119, 0x12E, 0x12F,
            0x172, 0x173, 0x132, 0x133, 0x13F, 0x140,
        ]
        return letters && !others.contains(scalar.value)
    }

    /// What a command of ours stands for, so that labels can be read back; nil for any other.
    static func sign(ofCommand name: String) -> String? { signs[name] }

    private static let signs: [String: String] = {
        var signs: [String: String] = [:]
        for (scalar, command) in commands {
            guard let match = command.wholeMatch(of: #/\$?\\([a-zA-Z]+)(?:\$|\{\})/#) else {
                continue
            }
            signs[String(match.1)] = String(scalar)
        }
        return signs
    }()

    private static let commands: [Unicode.Scalar: String] = {
        var commands: [Unicode.Scalar: String] = [
            "\\": "\\textbackslash{}", "&": "\\&", "%": "\\%", "$": "\\$", "#": "\\#",
            "_": "\\_", "{": "\\{", "}": "\\}", "~": "\\textasciitilde{}",
            "^": "\\textasciicircum{}", "<": "\\textless{}", ">": "\\textgreater{}",
            "|": "\\textbar{}", "\"": "''", "`": "\\`{}", "[": "{[}", "]": "{]}",
            "*": "*", "\u{A0}": "~", "\u{2013}": "--", "\u{2014}": "---", "\u{2212}": "$-$",
            "\u{2018}": "`", "\u{2019}": "'", "\u{201C}": "``", "\u{201D}": "''",
            "\u{2026}": "\\ldots{}", "\u{2022}": "$\\bullet$", "\u{B0}": "$^\\circ$",
            "\u{B1}": "$\\pm$", "\u{D7}": "$\\times$", "\u{F7}": "$\\div$", "\u{B7}": "$\\cdot$",
            "\u{B2}": "$^2$", "\u{B3}": "$^3$", "\u{B5}": "$\\mu$", "\u{2264}": "$\\leq$",
            "\u{2265}": "$\\geq$", "\u{2260}": "$\\neq$", "\u{2248}": "$\\approx$",
            "\u{221E}": "$\\infty$", "\u{2192}": "$\\rightarrow$", "\u{2190}": "$\\leftarrow$",
            "\u{2191}": "$\\uparrow$", "\u{2193}": "$\\downarrow$", "\u{221A}": "$\\surd$",
            "\u{2020}": "$\\dagger$", "\u{2021}": "$\\ddagger$", "\u{DF}": "\\ss{}",
            "\u{A3}": "\\pounds{}", "\u{A7}": "\\S{}", "\u{A9}": "\\copyright{}",
            "\u{2032}": "$'$", "\u{2009}": "\\,", "\u{202F}": "\\,",
        ]
        let greek = [
            "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa",
            "lambda", "mu", "nu", "xi", "", "pi", "rho", "", "sigma", "tau", "upsilon", "phi",
            "chi", "psi", "omega",
        ]
        for (offset, name) in greek.enumerated() where !name.isEmpty {
            commands[Unicode.Scalar(UInt16(0x3B1 + offset))!] = "$\\\(name)$"
        }
        let capitals: [(UInt16, String)] = [
            (0x393, "Gamma"), (0x394, "Delta"), (0x398, "Theta"), (0x39B, "Lambda"), (0x39E, "Xi"),
            (0x3A0, "Pi"), (0x3A3, "Sigma"), (0x3A6, "Phi"), (0x3A8, "Psi"), (0x3A9, "Omega"),
        ]
        for (value, name) in capitals { commands[Unicode.Scalar(value)!] = "$\\\(name)$" }
        return commands
    }()
}
