import Foundation

/// A cell without its markup.
struct PrintedCell {
    var text = ""
    /// What stands raised beside it: the marks of footnotes and stars.
    var raised = ""
    /// How many columns it spans.
    var span = 1
    /// Whether a figure of it is bold.
    var isBold = false

    init(_ scalars: some Sequence<Unicode.Scalar>) {
        var reader = MarkupReader(Array(scalars))
        reader.read()
        self = reader.cell
    }

    fileprivate init() {}
}

/// Reads a cell of LaTeX or Markdown: commands go, of their arguments those that are printed stay.
private struct MarkupReader {
    private let scalars: [Unicode.Scalar]
    private var index = 0
    private var isInStars = false
    private(set) var cell = PrintedCell()

    init(_ scalars: [Unicode.Scalar]) { self.scalars = scalars }

    /// What becomes of the arguments: `o`, in brackets, and `p`, in parentheses, go where there are
    /// any; `d` goes; `k` is kept; `r` is raised; `n` is the number of columns. What is not listed
    /// prints all its arguments.
    private static let arguments: [String: String] = [
        "cellcolor": "odoo", "rowcolor": "odoo", "columncolor": "odoo", "color": "od",
        "textcolor": "odk", "colorbox": "odk", "fcolorbox": "oddk", "arrayrulecolor": "od",
        "hspace": "d", "vspace": "d", "rule": "odd", "cline": "d", "hhline": "d",
        "cmidrule": "opd", "toprule": "o", "midrule": "o", "bottomrule": "o", "addlinespace": "o",
        "specialrule": "ddd", "noalign": "d", "setlength": "dd", "fontsize": "dd",
        "multicolumn": "ndk", "multirow": "ododok", "makecell": "ok", "thead": "ok",
        "shortstack": "ok", "scalebox": "dok", "raisebox": "dook", "rotatebox": "odk",
        "resizebox": "ddk", "makebox": "ook", "framebox": "ook", "parbox": "ooodk",
        "adjustbox": "dk", "phantom": "d", "hphantom": "d", "vphantom": "d", "cite": "ood",
        "citep": "ood", "citet": "ood", "parencite": "ood", "textcite": "ood",
        "autocite": "ood", "ref": "d", "cref": "d", "Cref": "d", "autoref": "d", "eqref": "d",
        "pageref": "d", "label": "d", "footnote": "od", "footnotemark": "o", "footnotetext": "od",
        "tnote": "d", "caption": "od", "captionof": "dod", "num": "ok", "SI": "okd", "qty": "okd",
        "si": "od", "unit": "od", "SetCell": "od", "SetRow": "od", "includegraphics": "od",
        "href": "dk", "begin": "d", "end": "d", "ablate": "oddk", "textsuperscript": "r",
        "rowstyle": "d",
    ]

    private static let signs: [String: String] = [
        "pm": "±", "textpm": "±", "minus": "-", "textminus": "-", "textendash": "-",
        "textemdash": "-", "times": "×", "circ": "°", "degree": "°", "textdegree": "°",
        "textless": "<", "textgreater": ">", "textbar": "|", "textbackslash": "\\",
        "textasciitilde": "~", "textasciicircum": "^", "textunderscore": "_",
        "thinspace": "\u{2009}",
        "ast": "*", "star": "*", "quad": " ", "qquad": " ", "space": " ",
    ]

    private static let entities = [
        "minus": "-", "ndash": "-", "mdash": "-", "plusmn": "±", "nbsp": " ", "thinsp": "\u{2009}",
        "lt": "<", "gt": ">", "amp": "&", "deg": "°", "#8722": "-",
    ]

    mutating func read() {
        while index < scalars.count {
            let scalar = scalars[index]
            index += 1
            switch scalar {
            case "\\": readCommand()
            case "{", "}", "$": continue
            case "~": cell.text += " "
            case "^": readRaised()
            case "_":
                // Part of a name such as probe_within_10; otherwise it lowers what follows.
                let isNamed =
                    index < scalars.count
                    && (scalars[index].properties.isAlphabetic
                        || scalars[index].properties.numericType != nil
                            && cell.text.last?.isLetter == true)
                cell.text += isNamed ? "_" : " "
            case "<": readTag()
            case "&": readEntity()
            case "*" where readStars(): continue
            default: cell.text.unicodeScalars.append(scalar)
            }
        }
    }

    // MARK: Commands

    private mutating func readCommand() {
        var end = index
        while end < scalars.count, scalars[end].isASCII, scalars[end].properties.isAlphabetic {
            end += 1
        }
        guard end > index else {
            guard index < scalars.count else { return }
            let sign = scalars[index]
            index += 1
            switch sign {
            case ",": cell.text += "\u{2009}"
            case ";", ":", " ", "\n", "/": cell.text += " "
            case "!": return
            default: cell.text.unicodeScalars.append(sign)
            }
            return
        }
        let name = String(String.UnicodeScalarView(scalars[index..<end]))
        index = end
        if let sign = Self.signs[name] ?? LaTeXText.sign(ofCommand: name) {
            cell.text += sign
            skipBlanks()
            return
        }
        skipBlanks()
        if Self.boldCommands.contains(name) { noteBold(isSwitch: name.hasPrefix("bf")) }
        guard let arguments = Self.arguments[name] else { return }
        if index < scalars.count, scalars[index] == "*", name != "textsuperscript" { index += 1 }
        for kind in arguments { readArgument(kind) }
    }

    private static let boldCommands: Set = [
        "textbf", "mathbf", "bm", "boldsymbol", "pmb", "bfseries", "bf", "bftab",
    ]

    /// Notes what a command for bold type is in front of: a group, or all that follows.
    private mutating func noteBold(isSwitch: Bool) {
        let start = index
        let bold = isSwitch ? Array(scalars[index...]) : group()
        index = start
        if PrintedCell(bold).text.contains(where: \.isNumber) { cell.isBold = true }
    }

    /// Two stars open bold type in front of something, and close it behind.
    private mutating func readStars() -> Bool {
        guard index < scalars.count, scalars[index] == "*" else { return false }
        let isOpening =
            index + 1 < scalars.count && !scalars[index + 1].properties.isWhitespace
            && cell.text.allSatisfy(\.isWhitespace)
        guard isOpening || isInStars else { return false }
        index += 1
        if isOpening {
            let rest = String(String.UnicodeScalarView(scalars[index...]))
            let bold = rest.range(of: "**").map { rest[..<$0.lowerBound] } ?? rest[...]
            if bold.contains(where: \.isNumber) { cell.isBold = true }
        }
        isInStars = isOpening
        return true
    }

    private mutating func readArgument(_ kind: Character) {
        switch kind {
        case "o": _ = delimited("[", "]")
        case "p": _ = delimited("(", ")")
        case "d": _ = group()
        case "n":
            // What no table has is taken for a slip, lest it be added up.
            let columns = Int(String(String.UnicodeScalarView(group()))) ?? 1
            cell.span = min(max(1, columns), 10_000)
        case "r": addRaised(PrintedCell(group()))
        default:
            let inner = PrintedCell(group())
            cell.text += inner.text
            cell.raised += inner.raised
            cell.span = max(cell.span, inner.span)
            cell.isBold = cell.isBold || inner.isBold
        }
    }

    private mutating func skipBlanks() {
        while index < scalars.count, scalars[index].properties.isWhitespace { index += 1 }
    }

    /// A group in braces, else the next sign or command.
    private mutating func group() -> [Unicode.Scalar] {
        skipBlanks()
        guard index < scalars.count else { return [] }
        if scalars[index] == "{" { return delimited("{", "}") }
        let start = index
        index += 1
        if scalars[start] == "\\" {
            while index < scalars.count, scalars[index].properties.isAlphabetic { index += 1 }
        }
        return Array(scalars[start..<index])
    }

    /// What stands between two signs; nothing where the first is not there.
    private mutating func delimited(
        _ open: Unicode.Scalar, _ close: Unicode.Scalar
    ) -> [Unicode.Scalar] {
        var end = index
        while end < scalars.count, scalars[end].properties.isWhitespace { end += 1 }
        guard end < scalars.count, scalars[end] == open else { return [] }
        let start = end + 1
        var depth = 0
        while end < scalars.count {
            if scalars[end] == "\\" {
                end += 2
                continue
            }
            if scalars[end] == open { depth += 1 }
            if scalars[end] == close { depth -= 1 }
            end += 1
            if depth == 0 {
                index = end
                return Array(scalars[start..<(end - 1)])
            }
        }
        return []
    }

    // MARK: Raised signs

    /// A number with a point is no mark of a footnote.
    private mutating func addRaised(_ inner: PrintedCell) {
        let text = inner.text + inner.raised
        if PrintedText.numbers(text).contains(where: { $0.text.contains(".") || $0.isUnreadable }) {
            cell.text += " " + text
        } else {
            cell.raised += text
        }
    }

    private mutating func readRaised() {
        guard index < scalars.count else {
            cell.text += "^"
            return
        }
        switch scalars[index] {
        case "{": addRaised(PrintedCell(delimited("{", "}")))
        case "*":
            cell.raised += "*"
            index += 1
        case "\\" where index + 1 < scalars.count && scalars[index + 1].properties.isAlphabetic:
            return
        default: cell.text += "^"
        }
    }

    /// A tag of HTML goes; what `sup` holds is raised.
    private mutating func readTag() {
        let rest = String(String.UnicodeScalarView(scalars[index...]))
        guard let tag = rest.prefixMatch(of: #/\/?([a-zA-Z][a-zA-Z0-9]*)[^<>]*>/#) else {
            cell.text += "<"
            return
        }
        index += tag.0.unicodeScalars.count
        if ["b", "strong"].contains(tag.1.lowercased()), !tag.0.hasPrefix("/"),
            rest[tag.range.upperBound...].prefix(while: { $0 != "<" }).contains(where: \.isNumber)
        {
            cell.isBold = true
        }
        guard tag.1.lowercased() == "sup", !tag.0.hasPrefix("/") else { return }
        let inner = rest[tag.range.upperBound...]
        guard let end = inner.range(of: "</sup>") else { return }
        let raised = inner[..<end.lowerBound]
        addRaised(PrintedCell(raised.unicodeScalars))
        index += raised.unicodeScalars.count + 6
    }

    private mutating func readEntity() {
        let rest = String(String.UnicodeScalarView(scalars[index...].prefix(10)))
        guard let entity = rest.prefixMatch(of: #/(#?[a-z0-9]+);/#),
            let sign = Self.entities[String(entity.1)]
        else {
            cell.text += "&"
            return
        }
        cell.text += sign
        index += entity.0.unicodeScalars.count
    }
}
