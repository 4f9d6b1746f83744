import Sweeps

// MARK: Settings of one value, which goes to one place

extension Setting {
    /// The place in the typed settings that a value goes to.
    typealias Place<Value> = any WritableKeyPath<Target, Value> & Sendable

    /// - Parameter read: nil for a value of another kind, which is a fault of ours: values are checked.
    private init<Value>(
        _ key: String, _ kind: SettingKind, default value: SettingValue, _ place: Place<Value>,
        readBy: Set<StageKind>, _ summary: String, unit: String?,
        read: @escaping @Sendable (SettingValue) -> Value?
    ) {
        self.init(key, kind, default: value, readBy: readBy, summary, unit: unit) { value, target in
            guard let typed = read(value) else {
                preconditionFailure("setting \(key) is \(value)")
            }
            target[keyPath: place] = typed
        }
    }

    static func boolean(
        _ key: String, default value: Bool, _ place: Place<Bool>, readBy: Set<StageKind>,
        _ summary: String
    ) -> Self {
        Self(
            key, .boolean, default: .boolean(value), place, readBy: readBy, summary, unit: nil,
            read: { $0.boolean })
    }

    static func integer(
        _ key: String, _ bounds: ClosedRange<Int>, default value: Int, _ place: Place<Int>,
        readBy: Set<StageKind>, _ summary: String, unit: String? = nil
    ) -> Self {
        Self(
            key, .integer(bounds), default: .integer(value), place, readBy: readBy, summary,
            unit: unit, read: { $0.integer })
    }

    static func number(
        _ key: String, _ bounds: ClosedRange<Double>, default value: Double, _ place: Place<Double>,
        readBy: Set<StageKind>, _ summary: String, unit: String? = nil
    ) -> Self {
        Self(
            key, .number(bounds), default: .number(value), place, readBy: readBy, summary,
            unit: unit, read: { $0.number })
    }

    /// A number, or a word for none.
    static func number(
        _ key: String, _ bounds: ClosedRange<Double>, or word: String, _ place: Place<Double?>,
        readBy: Set<StageKind>, _ summary: String, unit: String? = nil
    ) -> Self {
        Self(
            key, .either([.choice([word]), .number(bounds)]), default: .text(word), place,
            readBy: readBy, summary, unit: unit, read: { .some($0.number) })
    }

    /// A whole number, or a word for none.
    static func integer(
        _ key: String, _ bounds: ClosedRange<Int>, or word: String, _ place: Place<Int?>,
        readBy: Set<StageKind>, _ summary: String, unit: String? = nil
    ) -> Self {
        Self(
            key, .either([.choice([word]), .integer(bounds)]), default: .text(word), place,
            readBy: readBy, summary, unit: unit, read: { .some($0.integer) })
    }

    static func range(
        _ key: String, _ bounds: ClosedRange<Double>, default value: ClosedRange<Double>,
        _ place: Place<ClosedRange<Double>>, readBy: Set<StageKind>, _ summary: String,
        unit: String? = nil
    ) -> Self {
        Self(
            key, .range(bounds),
            default: .list([.number(value.lowerBound), .number(value.upperBound)]), place,
            readBy: readBy, summary, unit: unit, read: { $0.rangeOrPoint })
    }

    /// A range of its own, or "same": that of another setting.
    static func range(
        _ key: String, _ bounds: ClosedRange<Double>, orSameAs other: String,
        _ place: Place<ClosedRange<Double>?>, readBy: Set<StageKind>, _ summary: String,
        unit: String? = nil
    ) -> Self {
        Self(
            key, .either([.choice(["same"]), .range(bounds)]), default: .text("same"), place,
            readBy: readBy, summary, unit: unit, read: { .some($0.rangeOrPoint) }
        ).standing(for: other)
    }

    static func integers(
        _ key: String, _ bounds: ClosedRange<Int>, default values: [Int], _ place: Place<[Int]>,
        readBy: Set<StageKind>, _ summary: String
    ) -> Self {
        Self(
            key, .list(.integer(bounds), count: values.count...values.count),
            default: .list(values.map { .integer($0) }), place, readBy: readBy, summary,
            unit: nil, read: { $0.list?.compactMap(\.integer) })
    }

    /// One of the cases of an enumeration.
    static func choice<Value>(
        _ key: String, default value: Value, _ place: Place<Value>, readBy: Set<StageKind>,
        _ summary: String
    ) -> Self where Value: RawRepresentable<String> & CaseIterable & Sendable {
        Self(
            key, .choice(Value.allCases.map(\.rawValue)), default: .text(value.rawValue), place,
            readBy: readBy, summary, unit: nil, read: { $0.text.flatMap(Value.init) })
    }

    /// Any of the cases of an enumeration. Those of the default are what `all` stands for: cases that came
    /// later must be named.
    static func subset<Value>(
        _ key: String, default values: [Value], _ place: Place<[Value]>, readBy: Set<StageKind>,
        _ summary: String
    ) -> Self where Value: RawRepresentable<String> & CaseIterable & Sendable {
        let (options, standing) = (Value.allCases.map(\.rawValue), values.map(\.rawValue))
        return Self(
            key, .subset(options, later: Set(options).subtracting(standing)),
            default: .list(standing.map { .text($0) }), place, readBy: readBy, summary,
            unit: nil, read: { $0.texts?.compactMap(Value.init) })
    }
}

extension SettingValue {
    /// A range written as [low, high], or as one number.
    fileprivate var rangeOrPoint: ClosedRange<Double>? { number.map { $0...$0 } ?? range }
}
