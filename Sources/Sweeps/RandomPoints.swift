import Foundation
import Randomness

/// Draws points of parameters: those of the design random, and those of `tune`, which may list them too.
struct RandomPoints {
    private let parameters: [ParameterSection]
    private let seed: UInt64
    /// Of the streams.
    private let name: String
    private let table: SettingsTable

    init(_ design: ResolvedDesign, table: SettingsTable) {
        self.init(
            parameters: design.parameters, seed: design.section.seed, name: "random design",
            table: table)
    }

    init(parameters: [ParameterSection], seed: UInt64, name: String, table: SettingsTable) {
        self.parameters = parameters
        self.seed = seed
        self.name = name
        self.table = table
    }

    /// More different points than this cannot be drawn; infinite where a number varies continuously.
    var distinctPoints: Double {
        parameters.reduce(1) { product, parameter in
            guard let interval = parameter.interval else {
                return product * Double(Self.values(of: parameter).count)
            }
            guard case .integer = parameter.descriptor.kind else { return .infinity }
            return product * (interval.bounds.upperBound - interval.bounds.lowerBound + 1)
        }
    }

    /// The settings of the `index`-th draw.
    ///
    /// Each parameter has a stream of its own, so that another parameter does not change its values.
    func point(_ index: Int) -> [SettingsTable.Change] {
        parameters.compactMap { parameter in
            guard let position = table.position(of: parameter.key) else { return nil }
            var stream = Randomness.Stream(seed, "\(name)/\(parameter.key)", index)
            if let interval = parameter.interval {
                let value = draw(interval, kind: parameter.descriptor.kind, from: &stream)
                return .init(position: position, value: value)
            }
            let chosen = stream.index(below: parameter.candidates.count)
            return .init(position: position, value: parameter.candidates[chosen].value)
        }
    }

    /// Every combination of the values, each once, the last parameter's changing first; of parameters that are lists.
    var everyPoint: [[SettingsTable.Change]] {
        parameters.reduce([[]]) { points, parameter in
            guard let position = table.position(of: parameter.key) else { return points }
            return points.flatMap { point in
                Self.values(of: parameter).map { point + [.init(position: position, value: $0)] }
            }
        }
    }

    /// Those listed, each once however it is written.
    private static func values(of parameter: ParameterSection) -> [SettingValue] {
        var known: Set<SettingValue> = []
        return parameter.candidates.map {
            parameter.descriptor.kind.canonical($0.value) ?? $0.value
        }
        .filter { known.insert($0).inserted }
    }

    /// A whole number where the setting is one; else four digits, so that a label tells all.
    private func draw(
        _ interval: ParameterSection.Interval, kind: SettingKind,
        from stream: inout Randomness.Stream
    ) -> SettingValue {
        let (low, high) = (interval.bounds.lowerBound, interval.bounds.upperBound)
        if case .integer = kind {
            // Every whole number has its full share: the ends too.
            let drawn = uniform(
                in: (low - 0.5)...(high + 0.5), isLogarithmic: interval.isLogarithmic, &stream)
            return .integer(Int(min(max(drawn.rounded(), low), high)))
        }
        let drawn = uniform(in: low...high, isLogarithmic: interval.isLogarithmic, &stream)
        guard drawn != 0 else { return .number(min(max(0, low), high)) }
        let step = pow(10, 3 - floor(log10(abs(drawn))))
        let rounded = (drawn * step).rounded() / step
        return .number(min(max(rounded.isFinite ? rounded : drawn, low), high))
    }

    private func uniform(
        in bounds: ClosedRange<Double>, isLogarithmic: Bool, _ stream: inout Randomness.Stream
    ) -> Double {
        guard isLogarithmic, bounds.lowerBound > 0 else { return stream.uniform(in: bounds) }
        return exp(stream.uniform(in: log(bounds.lowerBound)...log(bounds.upperBound)))
    }
}
