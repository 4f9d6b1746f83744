import Foundation

extension PairedDifference {
    /// Hedges' g_z: ``effectSize`` without its bias upwards in small samples (Hedges 1981,
    /// doi:10.3102/10769986006002107); nil for fewer than three pairs.
    public var correctedEffectSize: Double? {
        guard let effectSize, summary.count > 2 else { return nil }
        let degrees = Double(summary.count - 1)
        let correction =
            exp(logGamma(degrees / 2) - logGamma((degrees - 1) / 2)) / (degrees / 2).squareRoot()
        return effectSize * correction
    }
}
