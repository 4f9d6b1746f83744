/// Which images of a source count.
public enum ImageSet: Sendable, Hashable {
    /// Those whose sound reaches the array's centre within that many seconds.
    case within(seconds: Double)
    /// Those of at most that many reflections.
    case order(Int)
}

/// The images along one axis of a room, from far on one side to far on the other.
///
/// Image i has been reflected |i| times: it lies at i L + s for an even i, at (i + 1) L - s for an
/// odd one (Allen and Berkley 1979, doi:10.1121/1.382599).
struct ImageAxis {
    /// The lowest index.
    let first: Int
    /// Positions of the images. Units: metres.
    let positions: [Double]
    /// Reflection factors, reflection^|i|.
    let gains: [Float]

    init(length: Double, source: Double, reflection: Double, reach: Int) {
        first = -reach
        positions = (-reach...reach).map { index in
            index.isMultiple(of: 2)
                ? Double(index) * length + source : Double(index + 1) * length - source
        }
        var powers = [1.0]
        for _ in 0..<reach { powers.append(powers[powers.count - 1] * reflection) }
        gains = (-reach...reach).map { Float(powers[abs($0)]) }
    }

    /// Places in `positions` that lie within `radius` of `centre`.
    func places(within radius: Double, of centre: Double) -> Range<Int> {
        guard radius >= 0 else { return 0..<0 }
        let lower = lowerBound(centre - radius)
        var upper = lower
        let limit = centre + radius
        // Positions are at most one room length apart on average, so guess, then correct.
        if positions.count > 1, let last = positions.last {
            let spacing = (last - positions[0]) / Double(positions.count - 1)
            upper = min(
                max(lower, lower + Int((limit - positions[0]) / spacing) - lower), positions.count)
        }
        while upper < positions.count, positions[upper] <= limit { upper += 1 }
        while upper > lower, positions[upper - 1] > limit { upper -= 1 }
        return lower..<max(lower, upper)
    }

    private func lowerBound(_ value: Double) -> Int {
        var (low, high) = (0, positions.count)
        while low < high {
            let middle = (low + high) / 2
            if positions[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
