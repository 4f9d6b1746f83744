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

    /// Bounds nearer to zero than this are zero: only rounding parts them from it.
    public static let roundOff = 5e-10

    /// Whether zero lies outside.
    public var excludesZero: Bool { lower > Self.roundOff || upper < -Self.roundOff }

    /// Whether `value` lies within, bounds included.
    public func contains(_ value: Double) -> Bool {
        lower <= value && value <= upper
    }
}
