import Foundation

extension Stream {
    /// Uniform in [0, 1), 53 bits.
    public mutating func uniform() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// Uniform in `range`; a range of one point gives that point.
    public mutating func uniform(in range: ClosedRange<Double>) -> Double {
        range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
    }

    /// Uniform among 0 ..< `count`, without bias (Lemire 2019, doi:10.1145/3230636).
    public mutating func index(below count: Int) -> Int {
        precondition(count > 0, "there is nothing to choose from")
        return Int(next(upperBound: UInt64(count)))
    }

    /// True with the given probability.
    public mutating func bernoulli(_ probability: Double) -> Bool {
        uniform() < probability
    }

    /// Standard normal, by Box and Muller (two uniforms a number: no state, so that streams stay
    /// comparable).
    public mutating func normal() -> Double {
        let radius = (-2 * log(1 - uniform())).squareRoot()
        return radius * cos(2 * .pi * uniform())
    }

    /// 0 ..< `count` in random order (Fisher and Yates).
    public mutating func permutation(_ count: Int) -> [Int] {
        var order = Array(0..<count)
        for last in stride(from: count - 1, to: 0, by: -1) {
            order.swapAt(last, index(below: last + 1))
        }
        return order
    }
}
