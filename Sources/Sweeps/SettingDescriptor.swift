/// One setting that a sweep file may name: its key, what values it takes, its default, and when it
/// has an effect at all.
public struct SettingDescriptor: Sendable {
    public var key: String
    public var kind: SettingKind
    public var defaultValue: SettingValue
    /// The value by which all is as it was before there was this setting, where it came later: while it
    /// has that value it is left out of digests and of what is stored, so that results from before are
    /// still found. It is the default for ever.
    public var neutralValue: SettingValue?
    /// The key that a setting of the data had before: files that say it are still read, with a remark, and
    /// what is stored and digested keeps it.
    public var formerKey: String?
    /// One line for a person.
    public var summary: String
    /// What it is about, as a heading of lists: "Scenes"; empty where there is no more than one list.
    public var group = ""
    public var unit: String?
    /// False where the setting has no effect beside these others; it then goes back to its default,
    /// so that configurations that differ in it alone are one.
    public var appliesWhen: (@Sendable ([String: SettingValue]) -> Bool)?
    /// The value that the other settings imply where this one has no effect: to give it is not in vain.
    public var implied: (@Sendable ([String: SettingValue]) -> SettingValue?)?
    /// How a row's label names a value ("tau 0.1"); nil gives "key value".
    ///
    /// For a subset it is given lists, whole ones and lists of one option. For a setting whose key
    /// starts with an option of a subset (`channel_drop_probability`), it names the value behind the
    /// option ("p = 0.1").
    public var label: (@Sendable (SettingValue) -> String)?

    public init(
        key: String, kind: SettingKind, defaultValue: SettingValue, summary: String,
        unit: String? = nil, neutralValue: SettingValue? = nil, formerKey: String? = nil,
        appliesWhen: (@Sendable ([String: SettingValue]) -> Bool)? = nil,
        implied: (@Sendable ([String: SettingValue]) -> SettingValue?)? = nil,
        label: (@Sendable (SettingValue) -> String)? = nil
    ) {
        self.key = key
        self.kind = kind
        self.defaultValue = defaultValue
        self.summary = summary
        self.unit = unit
        self.neutralValue = neutralValue
        self.formerKey = formerKey
        self.appliesWhen = appliesWhen
        self.implied = implied
        self.label = label
    }

    /// The key under which values are stored and digested.
    public var storedKey: String { formerKey ?? key }

    /// What a value must be, as messages have it: "a number from 0 to 1".
    public var rule: String { kind.rule(unit: unit) }
}

/// The values that a setting takes.
public indirect enum SettingKind: Sendable {
    case boolean
    case integer(ClosedRange<Int>)
    case number(ClosedRange<Double>)
    /// One of these texts.
    case choice([String])
    /// Any of these texts, none twice; their order has no meaning and is that of this list.
    /// `all` and `none` are understood. `all`, and designs over the set where a file lists nothing, are
    /// without those that came later, so that they stay what they were.
    case subset([String], later: Set<String> = [])
    /// `[low, high]` within these bounds; one number is a range of one point.
    case range(ClosedRange<Double>)
    case list(SettingKind, count: ClosedRange<Int>)
    /// Settings of their own, each with its default.
    case map([SettingDescriptor])
    /// The first of these kinds that the value fits.
    case either([SettingKind])
    case text
}

extension SettingKind {
    /// The value in the one form that equal values share: subsets in their canonical order, ranges
    /// as two numbers, maps completed with defaults. Nil where the value does not fit.
    ///
    /// Null fits everywhere: it stands for a setting that is not given.
    package func canonical(_ value: SettingValue) -> SettingValue? {
        switch (self, value) {
        case (_, .null): return .null
        case (.boolean, .boolean): return value
        case (.integer(let bounds), _):
            guard let whole = value.integer, bounds.contains(whole) else { return nil }
            return .integer(whole)
        case (.number(let bounds), _):
            guard let number = value.number, bounds.contains(number) else { return nil }
            return .number(number)
        case (.choice(let options), .text(let text)):
            return options.contains(text) ? value : nil
        case (.subset(let options, _), .list(let values)):
            let chosen = values.compactMap(\.text)
            guard chosen.count == values.count, Set(chosen).count == chosen.count,
                chosen.allSatisfy(options.contains)
            else { return nil }
            return .list(options.filter(chosen.contains).map { .text($0) })
        case (.range(let bounds), _):
            let ends = value.number.map { $0...$0 } ?? value.range
            guard let ends, bounds.contains(ends.lowerBound), bounds.contains(ends.upperBound)
            else { return nil }
            return .list([.number(ends.lowerBound), .number(ends.upperBound)])
        case (.list(let element, let count), .list(let values)):
            let elements = values.compactMap(element.canonical)
            guard elements.count == values.count, count.contains(elements.count) else { return nil }
            return .list(elements)
        case (.map(let descriptors), .map(let entries)):
            guard entries.keys.allSatisfy({ key in descriptors.contains { $0.key == key } })
            else { return nil }
            return canonicalMap(entries, of: descriptors)
        case (.either(let kinds), _):
            for kind in kinds {
                if let canonical = kind.canonical(value) { return canonical }
            }
            return nil
        case (.text, .text): return value
        default: return nil
        }
    }

    private func canonicalMap(
        _ entries: [String: SettingValue], of descriptors: [SettingDescriptor]
    ) -> SettingValue? {
        var complete: [String: SettingValue] = [:]
        for descriptor in descriptors {
            let given = entries[descriptor.key] ?? descriptor.defaultValue
            guard let value = descriptor.kind.canonical(given) else { return nil }
            complete[descriptor.key] = value
        }
        descriptors.resetWithoutEffect(in: &complete)
        return .map(complete)
    }
}

extension [SettingDescriptor] {
    /// Puts every setting that has no effect beside the others back to its default.
    ///
    /// Returns: the keys that were put back. Settings only ever go back to defaults, so that it ends.
    @discardableResult
    func resetWithoutEffect(in settings: inout [String: SettingValue]) -> [String] {
        var reset: [String] = []
        var isChanged = true
        while isChanged {
            isChanged = false
            for descriptor in self {
                guard let applies = descriptor.appliesWhen,
                    settings[descriptor.key] != descriptor.defaultValue, !applies(settings)
                else { continue }
                settings[descriptor.key] = descriptor.defaultValue
                reset.append(descriptor.key)
                isChanged = true
            }
        }
        return reset
    }
}
