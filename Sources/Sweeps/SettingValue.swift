/// The value of one setting: what a sweep file can say and a trial can read.
///
/// Whole numbers are equal to the number that they stand for (`.integer(1) == .number(1)`), so that
/// `1` and `1.0` in a sweep file never make two configurations.
public indirect enum SettingValue: Sendable {
    case null
    case boolean(Bool)
    case integer(Int)
    case number(Double)
    case text(String)
    case list([SettingValue])
    case map([String: SettingValue])
}

extension SettingValue {
    /// The truth value, where it is one.
    public var boolean: Bool? {
        if case .boolean(let value) = self { value } else { nil }
    }

    /// The whole number, where it is one (`2.0` is).
    public var integer: Int? {
        switch self {
        case .integer(let value): value
        case .number(let value): Int(exactly: value)
        default: nil
        }
    }

    /// The number, whole or not.
    public var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    /// The text, where it is one.
    public var text: String? {
        if case .text(let value) = self { value } else { nil }
    }

    /// The elements, where it is a list.
    public var list: [SettingValue]? {
        if case .list(let values) = self { values } else { nil }
    }

    /// The entries, where it is a map.
    public var map: [String: SettingValue]? {
        if case .map(let entries) = self { entries } else { nil }
    }

    /// The texts of a list of texts, as a subset setting has it.
    public var texts: [String]? {
        guard let list else { return nil }
        let texts = list.compactMap(\.text)
        return texts.count == list.count ? texts : nil
    }

    /// The two ends of a range setting, `[low, high]`.
    public var range: ClosedRange<Double>? {
        guard let list, list.count == 2, let low = list[0].number, let high = list[1].number,
            low <= high
        else { return nil }
        return low...high
    }
}

extension SettingValue: Hashable {
    public static func == (left: SettingValue, right: SettingValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.boolean(let a), .boolean(let b)): a == b
        case (.integer(let a), .integer(let b)): a == b
        case (.number(let a), .number(let b)): a == b
        case (.integer(let a), .number(let b)), (.number(let b), .integer(let a)):
            Int(exactly: b) == a
        case (.text(let a), .text(let b)): a == b
        case (.list(let a), .list(let b)): a == b
        case (.map(let a), .map(let b)): a == b
        default: false
        }
    }

    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .boolean(let value): hasher.combine(value)
        case .integer(let value): hasher.combine(value)
        case .number(let value):
            if let whole = Int(exactly: value) {
                hasher.combine(whole)
            } else {
                hasher.combine(value)
            }
        case .text(let value): hasher.combine(value)
        case .list(let values): hasher.combine(values)
        case .map(let entries): hasher.combine(entries)
        }
    }
}
