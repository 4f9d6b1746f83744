import Files
import Foundation
package import Sweeps

/// How files of others may spell the values of a setting: YAML, JSON, Python and people each have their ways for
/// sets, truth values and numbers. What may be two values is told, not chosen.
package struct SettingSpelling {
    package enum Match: Hashable {
        case value(SettingValue)
        case ambiguous([SettingValue])
        case none
    }

    private let kind: SettingKind

    package init(_ kind: SettingKind) { self.kind = kind }

    /// Which of the values that rows have is meant.
    ///
    /// - Parameters:
    ///   - written: as the file has it; a text of a table, of whatever kind in a journal.
    ///   - values: different ones.
    package func match(_ written: SettingValue, among values: [SettingValue]) -> Match {
        let readings = readings(of: written)
        let found = values.filter { readings.contains(kind.canonical($0) ?? $0) }
        if found.count < 2 { return found.first.map { .value($0) } ?? .none }
        // As we would write it ourselves comes before what it may mean elsewhere.
        let exact = found.filter { value in
            written == value
                || [value.description, value.canonicalJSON].contains(written.text ?? "")
        }
        return exact.count == 1 ? .value(exact[0]) : .ambiguous(found)
    }

    /// All that may be meant, in the one form that equal values share.
    private func readings(of written: SettingValue) -> Set<SettingValue> {
        var found: Set<SettingValue> = []
        func add(_ value: SettingValue?) {
            if let value = value.flatMap(kind.canonical) { found.insert(value) }
        }
        guard let text = written.text else {
            add(written)
            for text in Self.texts(of: written) { spelt(text).forEach(add) }
            return found
        }
        add(written)
        add(try? JSONDecoder().decode(SettingValue.self, from: Data(text.utf8)))
        spelt(text).forEach(add)
        if Self.nothing.contains(text.lowercased()) { found.insert(.null) }
        return found
    }

    private static let nothing: Set = ["", "null", "none", "nan", "~"]

    /// A value of a journal, as its text would be in a table.
    private static func texts(of value: SettingValue) -> [String] {
        switch value {
        case .boolean(let truth): [truth ? "true" : "false"]
        case .integer, .number: [value.description]
        default: []
        }
    }

    private func spelt(_ text: String) -> [SettingValue] {
        let bare = Self.unquoted(text)
        switch kind {
        case .boolean:
            let word = bare.lowercased()
            if ["true", "yes", "on", "1", "1.0", "t", "y"].contains(word) {
                return [.boolean(true)]
            }
            if ["false", "no", "off", "0", "0.0", "f", "n"].contains(word) {
                return [.boolean(false)]
            }
            return []
        case .integer, .number: return Double(decimal: bare).map { [.number($0)] } ?? []
        case .choice(let options):
            let number = Double(decimal: bare)
            return options.filter { option in
                option == bare || option.lowercased() == bare.lowercased()
                    || number.map { $0 == Double(decimal: option) } ?? false
            }.map { .text($0) }
        case .subset(let options, let later):
            return sets(text, options, later)
        case .range: return Self.range(text).map { [$0] } ?? []
        case .text: return [.text(bare)]
        case .either(let kinds): return kinds.flatMap { SettingSpelling($0).spelt(text) }
        case .list, .map: return []
        }
    }

    // MARK: Sets

    /// `[flip, crop]`, `["flip", "crop"]`, `('flip', 'crop')`, `{'flip'}`, `flip+crop`, `flip, crop`, `none`, `all`.
    private func sets(
        _ text: String, _ options: [String], _ later: Set<String>
    ) -> [SettingValue] {
        if ["none", "set()", "frozenset()"].contains(text.lowercased()) { return [.list([])] }
        var found: [SettingValue] = []
        if text.lowercased() == "all" {
            found.append(.list(options.filter { !later.contains($0) }.map { .text($0) }))
        }
        let (inner, isBracketed) = Self.unbracketed(text)
        if isBracketed, inner.isEmpty { return [.list([])] }
        /// An option, also where somebody writes it with a capital.
        func option(_ word: String) -> String? {
            let word = Self.unquoted(word)
            if options.contains(word) { return word }
            let alike = options.filter { $0.lowercased() == word.lowercased() }
            return alike.count == 1 ? alike[0] : nil
        }
        func add(_ words: [String]) {
            let chosen = words.compactMap(option)
            if chosen.count == words.count, !chosen.isEmpty {
                found.append(.list(chosen.map { .text($0) }))
            }
        }
        add([inner])
        for separator: Character in [",", "+", ";", "|", "&", "/", " "] {
            // Python writes a comma behind the only element of a tuple.
            let words = inner.split(separator: separator).map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            if inner.contains(separator) { add(words) }
        }
        return found
    }

    // MARK: Parts

    private static func range(_ text: String) -> SettingValue? {
        let (inner, _) = unbracketed(text)
        if let one = Double(decimal: inner) { return .number(one) }
        for separator in [",", ";", "..", " to ", " - ", " "] {
            let ends = inner.components(separatedBy: separator).compactMap {
                Double(decimal: $0.trimmingCharacters(in: .whitespaces))
            }
            if ends.count == 2, inner.components(separatedBy: separator).count == 2 {
                return .list(ends.map { .number($0) })
            }
        }
        return nil
    }

    private static func unbracketed(_ text: String) -> (inner: String, isBracketed: Bool) {
        var text = text.trimmingCharacters(in: .whitespaces)
        for call in ["frozenset", "set", "tuple", "list"] where text.hasPrefix(call + "(") {
            text = String(text.dropFirst(call.count))
        }
        var isBracketed = false
        while let first = text.first, let last = text.last, text.count > 1,
            ["[]", "()", "{}"].contains("\(first)\(last)")
        {
            text = String(text.dropFirst().dropLast()).trimmingCharacters(in: .whitespaces)
            isBracketed = true
        }
        return (text, isBracketed)
    }

    private static func unquoted(_ text: String) -> String {
        guard let quote = text.first, text.count > 1, text.last == quote, "'\"".contains(quote)
        else { return text }
        return String(text.dropFirst().dropLast())
    }
}
