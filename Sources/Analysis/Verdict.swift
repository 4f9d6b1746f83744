/// What a simultaneous interval lets one say of a difference, and nothing more.
///
/// The interval holds the true difference; each verdict is true wherever in the interval it lies. `d` is
/// the smallest effect that matters; without it none is ever found to be absent.
public enum Verdict: String, Sendable, Hashable, Codable, CaseIterable {
    /// Better, by `d` at least.
    case clearlyBetter
    /// Better than no difference.
    case better
    /// Better, but by less than `d`.
    case barelyBetter
    /// No effect beyond `d` in either direction.
    case negligible
    /// Worse, but by less than `d`.
    case barelyWorse
    case worse
    /// Worse, by `d` at least.
    case clearlyWorse
    /// The interval bears none of these out, or there is none.
    case undecided

    /// - Parameters:
    ///   - interval: of the difference.
    ///   - smallest: `d`, positive, in the same unit; nil where nobody has said.
    ///   - higherIsBetter: which way the figure improves.
    public init(_ interval: ConfidenceInterval?, smallest: Double?, higherIsBetter: Bool) {
        guard let interval else {
            self = .undecided
            return
        }
        let (low, high) =
            higherIsBetter
            ? (interval.lower, interval.upper) : (-interval.upper, -interval.lower)
        let (isBetter, isWorse) =
            higherIsBetter
            ? (interval.isAboveZero, interval.isBelowZero)
            : (interval.isBelowZero, interval.isAboveZero)
        if let smallest {
            if low >= smallest {
                self = .clearlyBetter
            } else if high <= -smallest {
                self = .clearlyWorse
            } else if low > -smallest, high < smallest {
                self = isBetter ? .barelyBetter : isWorse ? .barelyWorse : .negligible
            } else {
                self = isBetter ? .better : isWorse ? .worse : .undecided
            }
            return
        }
        self = isBetter ? .better : isWorse ? .worse : .undecided
    }

    public var isDecided: Bool { self != .undecided }

    /// Whether the figure is better, by however little.
    public var isBetter: Bool {
        switch self {
        case .clearlyBetter, .better, .barelyBetter: true
        default: false
        }
    }

    public var isWorse: Bool {
        switch self {
        case .clearlyWorse, .worse, .barelyWorse: true
        default: false
        }
    }
}
