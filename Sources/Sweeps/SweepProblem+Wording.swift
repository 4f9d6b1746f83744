import Platform

extension SweepProblem {
    /// What is wrong, the value, and the rule.
    var message: String {
        switch self {
        case .unreadable(let reason):
            return "cannot be read: \(reason)"
        case .tooLarge(let limit):
            return "has more than \(limit / 1_000_000) MB: too much for a sweep file"
        case .notUTF8(let offset):
            return "is not UTF-8 text: byte \(offset + 1) fits no character; save it as UTF-8"
        case .empty:
            return "says nothing: a sweep needs at least 'parameters' or 'base'"
        case .controlCharacter(let value):
            return "character U+\(Self.hexadecimal(value)) has no place in YAML; remove it"
        case .tab:
            return "a tab in the indentation: YAML indents with spaces alone"
        case .yaml(let problem, let context):
            let hint =
                problem.contains("cannot start any token")
                ? "; put a text that begins with %, @ or ` in quotes"
                : problem.contains("did not find expected key")
                    ? "; the keys of one map begin in the same column" : ""
            return "is not YAML: \(problem)" + (context.map { " (\($0))" } ?? "") + hint
        case .tooMuch(let depth, let nodes):
            return "more than \(depth) levels or \(nodes) values: too much for a sweep file"
        case .unknownTag(let tag):
            return "the tag '\(tag)' has no meaning here; remove it"
        case .keyNotText:
            return "a key is a list or a map, but must be a text"
        case .mergeNotMap(let found):
            return "<< is \(found), but must be an alias of a map"
        case .duplicateKey(let key, let line):
            return "'\(TerminalText.cut(key))' is given twice"
                + (line.map { ", first in line \($0)" } ?? "") + "; remove one"
        case .missingBlank(let blank):
            return Self.remedy(blank)
        case .twoSpellings(let text):
            return
                "'\(TerminalText.cut(text))' looks like a text before it, but is written with other characters (an "
                + "accented letter in one, or as letter and accent): write both alike"
        case .notAMap(let place, let found):
            let blank = MissingBlank(found).map { "; " + Self.remedy($0) } ?? ""
            return "\(place) is \(found), but must be a map of keys and values" + blank
        case .unknownKey(let key, let place, let allowed, let belongs):
            if let belongs { return "'\(key)' does not belong in \(place), but in \(belongs)" }
            return "unknown key '\(TerminalText.cut(key))' in \(place)"
                + Self.list(
                    allowed, unless: suggestion, near: key,
                    all: place == "the sweep file" ? "sweeps/FORMAT.md has all" : nil)
        case .unknownName(let name, let what, let allowed):
            return "unknown \(what) '\(TerminalText.cut(name))'"
                + Self.list(allowed, unless: suggestion)
        case .badName(let name):
            return "name is '\(TerminalText.cut(name))', but must be \(SweepNameRule.text)"
        case .value(let name, let found, let rule, _):
            return "\(name) is \(found), but must be \(rule)"
        case .repeatedItem(let name, let item):
            return "\(name) has \(item) twice; remove one"
        case .emptyList(let name, let remedy):
            return "\(name) is an empty list; \(remedy)"
        case .rangeReversed(let name, let found):
            return "\(name) is \(found), but its low end must not be above its high end"
        case .optionWhereSubset(let name, let option):
            return "a value of \(name) is \(option), but must be a list: write [\(option)]"
        case .foreignWord(let word, let place, let advice):
            return "there is no '\(TerminalText.cut(word))' in \(place): \(advice)"
        case .interpolation(let name, let found):
            return
                "\(name) is \(found), but nothing is put in for ${...} here: write the value, or "
                + "name it once (&name) and refer to it (*name)"
        case .conflictingKeys(let first, let second, let name):
            return "\(name) has both '\(first)' and '\(second)'; keep one"
        case .conflict(let message):
            return message
        case .missing(let key, let place, let remedy):
            return "\(place) has no '\(key)'; \(remedy)"
        case .setMissing(let design, let subsets):
            return "the design \(design) needs a set to work on: "
                + (subsets.isEmpty
                    ? "no setting is one; take another design, such as one_factor"
                    : "write of: and one of " + subsets.joined(separator: ", "))
        case .setSeveral(let design, let name, let count):
            return
                "\(name) has \(Count.text(count, "value")), but the design \(design) works on one set: list "
                + "its options ([a, b, c]) or one set ([[a, b, c]])"
        case .setEmpty(let design, let name):
            return "\(name) is empty, but the design \(design) needs a set of at least one option"
        case .setTooLarge(let design, let count, let limit):
            return "the design \(design) has a set of \(count) options, but at most \(limit) are "
                + "allowed: it has a row for each subset"
        case .intervalNeedsRandom(let name):
            return "\(name) has min and max, which only the design random can draw from; "
                + "give values: [...]"
        case .intervalKind(let name, let rule):
            return "\(name) must be \(rule), which has no min and max to draw between; "
                + "give values: [...]"
        case .unequalLengths(let lengths):
            return "the parameters of the design zip must have equally many values, or one: "
                + lengths.map { "\($0.key) has \($0.count)" }.joined(separator: ", ")
        case .tooFewPoints(let found, let wanted):
            return "points is \(wanted), but the parameters make no more than \(found) different "
                + Count.word(found, "row") + "; ask for fewer"
        case .nothingLeft:
            return "exclude leaves no row; remove a rule"
        case .overrideWithoutEquals:
            return "must be key=value, as in -S seeds=3 or -S data.path=/recordings"
        case .overridePath(let path, let allowed, _):
            return "there is no '\(TerminalText.cut(path))' to set"
                + Self.list(allowed, unless: suggestion, near: path)
        case .overrideOfParameter(let key):
            return "\(key) is swept under parameters, so that base has no say; "
                + "write -S parameters.\(key)=[...] for other values"
        case .overrideComment(let comment):
            return
                "what follows ' #' is a comment to YAML and would be lost: '\(TerminalText.cut(comment))'; "
                + "leave it out, or put the value in quotes: -S 'key=\"...\"'"
        case .dataNotRead(let key, let found, let chosen, let reading):
            return "\(key) is \(TerminalText.cut(found)), but nothing reads it with "
                + chosen.joined(separator: ", ") + "; "
                + (reading.isEmpty
                    ? "remove it"
                    : "remove it, or write " + reading.joined(separator: ", or "))
        case .withoutEffect(let key, let found):
            return "\(key) is \(found), but has no effect in any row beside the other settings; "
                + "remove it, or give the setting that it belongs to"
        case .exclusionWithoutMatch(let rule):
            return
                "the rule \(rule) of exclude leaves out no row; remove it, or write settings that "
                + "a row has"
        case .tooManyRows(let count, let limit):
            return "the sweep has \(count) trials, but at most \(limit) are allowed"
        case .baselineNotThere(let found, let isLabel, let rows):
            return "baseline is \(found), but no row "
                + (isLabel ? "has this label" : "has these settings") + "; the rows are "
                + Self.some(rows)
        }
    }

    /// The right name nearest to the wrong one.
    var suggestion: String? {
        switch self {
        case .unknownKey(let key, _, let allowed, let belongs):
            belongs == nil ? NearestName.of(key, in: allowed) : nil
        case .unknownName(let name, _, let allowed): NearestName.of(name, in: allowed)
        case .overridePath(let path, let allowed, let meant):
            meant ?? NearestName.of(path, in: allowed)
        case .value(_, _, _, let nearest): nearest
        case .baselineNotThere(let found, true, let rows): NearestName.of(found, in: rows)
        default: nil
        }
    }

    /// The names allowed, where no single one is near.
    private static func list(
        _ names: [String], unless suggestion: String?, near wrong: String? = nil,
        all: String? = nil
    ) -> String {
        guard suggestion == nil else { return "" }
        if let wrong, names.count > listedAtMost {
            return "; of \(names.count) the nearest are "
                + NearestName.ranked(wrong, names).prefix(6).joined(separator: ", ")
                + " (\(all ?? "the command 'settings' lists all"))"
        }
        return names.isEmpty ? "; there are none" : "; there are " + some(names, limit: 40)
    }

    /// More names than these are no help.
    private static let listedAtMost = 20

    private static func some(_ names: [String], limit: Int = 6) -> String {
        let quoted = names.prefix(limit).joined(separator: ", ")
        return names.count <= limit ? quoted : "\(quoted), ... (\(names.count) in all)"
    }

    private static func remedy(_ blank: MissingBlank) -> String {
        "a blank is missing after the colon: write '\(TerminalText.cut(blank.key)): \(blank.value)'"
    }

    private static func hexadecimal(_ value: UInt32) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
