/// Two bounds between which the true value lies with the stated confidence.
public struct ConfidenceInterval: Sendable, Hashable, Codable {
    public var lower: Double
    public var upper: Double
    /// The confidence, such as 0.95.
    public var level: Double

    public init(lower: Double, upper: Double, level: Double = 0.95) {
        self.lower = lower
        self.upper = upper
        self.level = level
    }

    /// In another unit: both bounds times a positive factor.
    public func scaled(by factor: Double) -> ConfidenceInterval {
        ConfidenceInterval(lower: lower * factor, upper: upper * factor, level: level)
    }

    /// Bounds nearer to zero than this share of the interval are zero: only rounding parts them from it.
    private var roundOff: Double { Summary.roundOff * max(abs(lower), abs(upper)) }

    /// Whether all of it lies above zero.
    public var isAboveZero: Bool { lower > roundOff }

    /// Whether all of it lies below zero.
    public var isBelowZero: Bool { upper < -roundOff }

    /// Whether zero lies outside.
    public var excludesZero: Bool { isAboveZero || isBelowZero }

    /// Whether `value` lies within, bounds included.
    public func contains(_ value: Double) -> Bool {
        lower <= value && value <= upper
    }
}
