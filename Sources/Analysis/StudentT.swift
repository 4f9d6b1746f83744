import Foundation

/// Student's t distribution.
public struct StudentT: Sendable, Hashable {
    public let degreesOfFreedom: Double

    /// `degreesOfFreedom` must be positive.
    public init(degreesOfFreedom: Double) {
        precondition(degreesOfFreedom > 0, "Student's t needs positive degrees of freedom")
        self.degreesOfFreedom = degreesOfFreedom
    }

    /// The probability of a value of at most `t`.
    public func cumulative(_ t: Double) -> Double {
        let tail = upperTail(abs(t))
        return t > 0 ? 1 - tail : tail
    }

    /// The probability of a value at least as far from zero as `t`: the two-sided p-value.
    public func twoSided(_ t: Double) -> Double {
        min(1, 2 * upperTail(abs(t)))
    }

    /// The value that is not exceeded with the given probability, in (0, 1).
    ///
    /// Relative error below 1e-10, tested against scipy.
    public func quantile(_ probability: Double) -> Double {
        precondition(probability > 0 && probability < 1, "a quantile's probability is in (0, 1)")
        if probability == 0.5 { return 0 }
        let tail = min(probability, 1 - probability)
        let magnitude = upperQuantile(tail)
        return probability < 0.5 ? -magnitude : magnitude
    }

    /// P(T > t) for t >= 0.
    private func upperTail(_ t: Double) -> Double {
        let squares = t * t
        guard squares.isFinite else { return 0 }
        let sum = degreesOfFreedom + squares
        return 0.5
            * regularizedIncompleteBeta(
                degreesOfFreedom / sum, complement: squares / sum, a: degreesOfFreedom / 2, b: 0.5)
    }

    private func density(_ t: Double) -> Double {
        let half = degreesOfFreedom / 2
        let logarithm =
            logGamma(half + 0.5) - logGamma(half) - 0.5 * log(degreesOfFreedom * .pi)
            - (half + 0.5) * log1p(t * t / degreesOfFreedom)
        return exp(logarithm)
    }

    /// The t > 0 whose upper tail is `tail` < 0.5: a bracket, then Newton kept inside it.
    private func upperQuantile(_ tail: Double) -> Double {
        var low = 0.0
        var high = 1.0
        while upperTail(high) > tail {
            low = high
            high *= 2
        }
        var t = 0.5 * (low + high)
        for _ in 0..<200 {
            let excess = upperTail(t) - tail
            if excess > 0 { low = t } else { high = t }
            let slope = density(t)
            var next = slope > 0 ? t + excess / slope : 0.5 * (low + high)
            if !(next > low && next < high) { next = 0.5 * (low + high) }
            if abs(next - t) <= 1e-15 * t { return next }
            t = next
        }
        return t
    }
}
