/// Something that a sweep file says and that changes nothing, though it is no fault: an evaluation, a
/// scale or an override left it without a reader.
public enum SweepRemark: Sendable, Hashable {
    /// A swept setting whose values make no rows; `reading` are the evaluations that would read it.
    case sweptInVain(key: String, values: Int, reading: [String])
    /// Settings of base.
    case givenInVain(keys: [String], reading: [String])
    /// A setting of base that no row has a use for, beside its other settings.
    case withoutEffect(key: String, value: String)
    case exclusionWithoutMatch(rule: String)
    /// Rows that the settings of `baseline` leave alone: they fit them too, or none that fits is like them.
    case comparedWithNone(rows: [String])
    /// Points of `tune` as many as the combinations of its values or more, which leave some out.
    case valuesNotDrawn(points: Int, distinct: Int, of: Int)
    /// A key of the data that has another name now.
    case formerKey(String, now: String)
}

extension SweepRemark: CustomStringConvertible {
    /// `finetuning_steps is read by no evaluation of this sweep: 5 values become 1; add finetune ...`
    public var description: String {
        switch self {
        case .sweptInVain(let key, let values, let reading):
            "\(key) is \(Self.notRead(reading)): \(values) values become 1" + Self.remedy(reading)
        case .givenInVain(let keys, let reading):
            keys.joined(separator: ", ") + (keys.count == 1 ? " is " : " are ")
                + Self.notRead(reading) + Self.remedy(reading)
        case .withoutEffect(let key, let value):
            "\(key) \(value) has no effect in any row"
        case .exclusionWithoutMatch(let rule):
            "the rule \(rule) of exclude leaves out no row"
        case .comparedWithNone(let rows):
            rows.prefix(5).map { "“\($0)”" }.joined(separator: ", ")
                + (rows.count > 5
                    ? " and \(rows.count - 5) more are" : rows.count == 1 ? " is" : " are")
                + " compared with no other row; name in 'baseline' what else the row has that "
                + "\(rows.count == 1 ? "it is" : "they are") to be compared with"
        case .valuesNotDrawn(let points, let distinct, let combinations):
            "tune draws \(points) points at random, which are \(distinct) of the \(combinations) combinations of "
                + "its values; points: all tries each once"
        case .formerKey(let former, let key):
            "data.\(former) is called data.\(key) now: the old name still works"
        }
    }

    private static func notRead(_ reading: [String]) -> String {
        reading.isEmpty ? "not read with these data" : "read by no evaluation of this sweep"
    }

    private static func remedy(_ reading: [String]) -> String {
        reading.isEmpty ? "" : "; add \(reading.joined(separator: " or ")) to evaluation"
    }
}
