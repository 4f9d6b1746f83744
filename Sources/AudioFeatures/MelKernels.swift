/// Mel bands in decibels of sixteen frames at once.
struct MelKernels {
    private let bands: Int
    /// The frequencies of each band, and where its weights start.
    private let ranges: [(first: Int, end: Int, weights: Int)]
    private let weights: AlignedBuffer

    init(_ settings: FeatureSettings) {
        let filters = MelFilterBank(settings)
        bands = settings.melBands
        var weights: [Float] = []
        ranges = (0..<settings.melBands).map { band in
            let range = filters.frequencies(of: band)
            let start = weights.count
            weights += range.map { Float(filters.weight(band: band, frequency: $0)) }
            return (range.lowerBound, range.upperBound, start)
        }
        self.weights = AlignedBuffer(weights)
    }

    /// Shape: power [frequencies, 16]; out [bands, 16]. Units of out: dB.
    func callAsFunction(
        _ power: UnsafePointer<Float>, into out: UnsafeMutablePointer<Float>
    ) {
        var out = out
        ranges.withUnsafeBufferPointer { ranges in
            for range in ranges {
                var weight = UnsafePointer(weights.start + range.weights)
                var value = power + 16 * range.first
                let end = power + 16 * range.end
                // Two sums, so that neither waits for the other.
                var (even, odd) = (Lanes(repeating: 0), Lanes(repeating: 0))
                while value + 16 < end {
                    even = even.addingProduct(Lanes(at: value), Lanes(repeating: weight[0]))
                    odd = odd.addingProduct(Lanes(at: value + 16), Lanes(repeating: weight[1]))
                    value += 32
                    weight += 2
                }
                if value < end {
                    even = even.addingProduct(Lanes(at: value), Lanes(repeating: weight[0]))
                }
                DecibelKernels.decibels(even + odd).store(to: out)
                out += 16
            }
        }
    }
}
