import Foundation

/// The normal distribution with mean 0 and variance 1.
public enum StandardNormal {
    /// The probability of a value of at most `z`.
    public static func cumulative(_ z: Double) -> Double {
        0.5 * erfc(-z / 2.squareRoot())
    }

    /// The probability of a value at least as far from zero as `z`.
    public static func twoSided(_ z: Double) -> Double {
        erfc(abs(z) / 2.squareRoot())
    }

    /// The value that is not exceeded with the given probability, in (0, 1).
    ///
    /// Newton's steps on the logarithm of the tail, from a crude start; relative error below 1e-12.
    public static func quantile(_ probability: Double) -> Double {
        precondition(probability > 0 && probability < 1, "a quantile's probability is in (0, 1)")
        if probability == 0.5 { return 0 }
        let tail = min(probability, 1 - probability)
        // log(tail) is concave in z, so that Newton from the left of the root cannot overshoot much.
        var z = max(0, (-2 * log(2 * tail)).squareRoot() - 0.5)
        for _ in 0..<60 {
            let upper = cumulative(-z)
            let density = exp(-0.5 * z * z) / (2 * Double.pi).squareRoot()
            let step = (log(upper) - log(tail)) * upper / density
            z += step
            if abs(step) <= 1e-15 * max(1, abs(z)) { break }
        }
        return probability < 0.5 ? -z : z
    }
}
