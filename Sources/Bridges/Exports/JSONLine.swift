import Reports

extension JSONText {
    /// The value on one line, without spaces.
    ///
    /// - Parameter spelling: of a number that is not finite, for which JSON has no word.
    func line(notFinite spelling: (Double) -> String = { _ in "null" }) -> String {
        switch self {
        case .null: "null"
        case .boolean(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .number(let value): value.isFinite ? "\(value)" : spelling(value)
        case .text(let value): Self.quoted(value)
        case .array(let values):
            "[" + values.map { $0.line(notFinite: spelling) }.joined(separator: ",") + "]"
        case .object(let members):
            "{"
                + members.map { Self.quoted($0.0) + ":" + $0.1.line(notFinite: spelling) }
                .joined(separator: ",") + "}"
        }
    }

    /// As Python writes them, and reads them in JSON.
    static func pythonSpelling(_ value: Double) -> String {
        value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity"
    }
}
