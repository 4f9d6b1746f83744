package import ResultsStore

/// The curves of a stage while it runs, as far as they are worth keeping: what is seen at each save, and
/// every other save as soon as there would be too many points.
package struct LiveCurves {
    /// Of all curves of a stage together.
    package static let mostPoints = 500

    /// What the store is to be told.
    package enum Change: Sendable, Hashable {
        case nothing
        /// Beside what it has.
        case added([String: [CurvePoint]])
        /// In place of what it has.
        case replaced([String: [CurvePoint]])
    }

    private struct Moment {
        var step: Int
        var values: [String: Double]
    }

    private var moments: [Moment] = []
    private var isFirst = true
    private var saves = 0
    /// Only each so many-th save adds a point.
    private var stride = 1

    package init() {}

    /// Learns how far the stage is; to be asked once a save.
    package mutating func take(_ progress: StageProgress?) -> Change {
        let values = progress?.values.filter(\.value.isFinite) ?? [:]
        // An earlier attempt may have left some.
        if values.isEmpty { return beginning([:]) ?? .nothing }
        guard let progress, progress.step > moments.last?.step ?? .min else { return .nothing }
        saves += 1
        guard (saves - 1) % stride == 0 else { return .nothing }
        moments.append(Moment(step: progress.step, values: values))
        if moments.reduce(0, { $0 + $1.values.count }) > Self.mostPoints {
            moments = moments.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
            stride *= 2
            return .replaced(Self.curves(moments))
        }
        let added = Self.curves(moments.suffix(1))
        return beginning(added) ?? .added(added)
    }

    private mutating func beginning(_ curves: [String: [CurvePoint]]) -> Change? {
        guard isFirst else { return nil }
        isFirst = false
        return .replaced(curves)
    }

    private static func curves(_ moments: some Sequence<Moment>) -> [String: [CurvePoint]] {
        var curves: [String: [CurvePoint]] = [:]
        for moment in moments {
            for (name, value) in moment.values {
                curves[name, default: []].append(CurvePoint(step: moment.step, value: value))
            }
        }
        return curves
    }
}
