extension SettingKind {
    /// What a value must be, in words that follow "must be": "a number from 0 to 1".
    func rule(unit: String? = nil) -> String {
        let suffix = unit.map { " \($0)" } ?? ""
        switch self {
        case .boolean: return "true or false"
        case .integer(let bounds):
            let low = bounds.lowerBound == .min ? nil : String(bounds.lowerBound)
            let high = bounds.upperBound == .max ? nil : String(bounds.upperBound)
            return "a whole number" + Self.words(from: low, to: high) + suffix
        case .number(let bounds):
            return "a number" + Self.words(bounds) + suffix
        case .choice(let options):
            return options.count == 1 ? options[0] : "one of " + options.joined(separator: ", ")
        case .subset(let options, _):
            return "a list of any of " + options.joined(separator: ", ")
        case .range(let bounds):
            return "[low, high] or one number" + Self.words(bounds) + suffix
        case .list(let element, let count):
            let size =
                if count.lowerBound == count.upperBound {
                    " of \(count.lowerBound)"
                } else if count.upperBound == .max {
                    count.lowerBound == 0 ? "" : " of \(count.lowerBound) or more"
                } else {
                    " of \(count.lowerBound) to \(count.upperBound)"
                }
            return "a list\(size), each \(element.rule(unit: unit))"
        case .map(let descriptors):
            return "a map of " + descriptors.map(\.key).joined(separator: ", ")
        case .either(let kinds):
            return kinds.map { $0.rule(unit: unit) }.joined(separator: ", or ")
        case .text: return "a text"
        }
    }

    private static func words(_ bounds: ClosedRange<Double>) -> String {
        let low = bounds.lowerBound.isFinite ? SettingValue.shortest(bounds.lowerBound) : nil
        let isBounded = bounds.upperBound < .greatestFiniteMagnitude
        let high = isBounded ? SettingValue.shortest(bounds.upperBound) : nil
        return words(from: bounds.lowerBound == -.greatestFiniteMagnitude ? nil : low, to: high)
    }

    private static func words(from low: String?, to high: String?) -> String {
        switch (low, high) {
        case (let low?, let high?): " from \(low) to \(high)"
        case (let low?, nil): " of at least \(low)"
        case (nil, let high?): " of at most \(high)"
        case (nil, nil): ""
        }
    }
}
