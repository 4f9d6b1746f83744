/// Values that a setting could be swept over: allowed, different, its default among them.
public enum ExampleValues {
    public static func of(_ descriptor: SettingDescriptor) -> [SettingValue] {
        let standard = descriptor.defaultValue
        let others = of(descriptor.kind, near: standard)
        // "not given" is the default of many: it can be swept, but shows nothing.
        return (standard == .null ? [] : [standard])
            + others.filter { $0 != standard }.prefix(standard == .null ? 2 : 3)
    }

    private static func of(_ kind: SettingKind, near value: SettingValue) -> [SettingValue] {
        switch kind {
        case .boolean: return [.boolean(true), .boolean(false)]
        case .integer(let bounds):
            let number = value.integer ?? max(bounds.lowerBound, min(1, bounds.upperBound))
            return near(number).filter(bounds.contains).map { .integer($0) }
        case .number(let bounds):
            let number = value.number ?? max(bounds.lowerBound, min(1, bounds.upperBound))
            return [number, number / 2, min(2 * number, bounds.upperBound)]
                .filter(bounds.contains).map { .number($0) }
        case .choice(let options): return options.map { .text($0) }
        case .subset(let options, _):
            // A default that has members may be what every value must have.
            let given = value.list ?? []
            let more = options.lazy.map { SettingValue.text($0) }.first { !given.contains($0) }
            return (given.isEmpty ? [.list([])] : []) + [.list(given + [more].compactMap { $0 })]
        case .range(let bounds):
            let low = value.list?.first?.number ?? max(0, bounds.lowerBound)
            let high = value.list?.last?.number ?? min(1, bounds.upperBound)
            return [low, high].filter(bounds.contains).map {
                .list([.number($0), .number($0)])
            }
        case .either(let kinds):
            return kinds.flatMap { inner in
                let fits = inner.canonical(value) != nil
                return of(inner, near: fits ? value : .null)
            }
        case .list, .map, .text: return []
        }
    }

    private static func near(_ number: Int) -> [Int] {
        number < 2 ? [number, number + 1] : [number, number / 2, number &* 2]
    }
}
