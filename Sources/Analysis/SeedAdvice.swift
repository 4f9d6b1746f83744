/// How many pairs a new plan, fixed beforehand, would need to settle a comparison.
public struct SeedAdvice: Sendable, Hashable, Codable {
    /// Pairs that there are.
    public var pairs: Int
    /// Pairs in all that would find an effect of the observed size with the power wanted; nil where
    /// the effect is too small for any reasonable number, or unknown.
    public var pairsNeeded: Int?
    /// The effect size that the advice rests on, Hedges' g_z.
    public var effectSize: Double?
    /// Whether the comparison is settled as it stands: corrected p-value at most the level.
    public var isSettled: Bool

    /// Whether the pairs that there are should have sufficed for the observed size, and did not: they
    /// then say nothing of how many would.
    public var contradictsItself: Bool { !isSettled && (pairsNeeded ?? .max) <= pairs }

    /// Advice on one difference among `comparisons`, with its p-value after correction.
    ///
    /// The effect is taken as observed, shrunk by Hedges' correction; with a few pairs it is known
    /// poorly, and the advice with it. Seeds added to the same comparison after a look at it make its
    /// p-value too small, so that the number is for a plan of its own.
    public init(
        _ difference: PairedDifference, adjustedPValue: Double, comparisons: Int,
        power: Double = 0.8, level: Double = 0.05, maximum: Int = 1_000
    ) {
        pairs = difference.summary.count
        effectSize = difference.correctedEffectSize
        isSettled = adjustedPValue <= level
        if let effectSize, effectSize != 0 {
            pairsNeeded = PairedPower.pairsNeeded(
                effectSize: effectSize, power: power, level: level, comparisons: comparisons,
                maximum: maximum)
        }
    }
}
