// Inner loops over feature maps, on raw memory. Callers guarantee the sizes.

/// Adds each channel's sum and sum of squares to its moments. Shape of map: [channels, frames x bins].
func gatherMoments(of map: UnsafeBufferPointer<Float>, into moments: inout [ChannelMoments]) {
    let size = map.count / moments.count
    let together = moments.count / 4 * 4
    // Four channels side by side: a channel's sum goes value by value, and waits for each.
    for channel in stride(from: 0, to: together, by: 4) {
        var sum = SIMD4<Double>()
        var sumOfSquares = SIMD4<Double>()
        let first = channel * size
        for index in first..<first + size {
            let value = SIMD4<Double>(
                SIMD4<Float>(
                    map[index], map[index + size], map[index + 2 * size], map[index + 3 * size]))
            sum += value
            sumOfSquares += value * value
        }
        for lane in 0..<4 {
            moments[channel + lane].add(
                sum: sum[lane], sumOfSquares: sumOfSquares[lane], count: size)
        }
    }
    for channel in together..<moments.count {
        var sum = 0.0
        var sumOfSquares = 0.0
        for index in channel * size..<(channel + 1) * size {
            let value = Double(map[index])
            sum += value
            sumOfSquares += value * value
        }
        moments[channel].add(sum: sum, sumOfSquares: sumOfSquares, count: size)
    }
}

/// y = (x - mean) * scale
struct AffineMap {
    let mean: Float
    let scale: Float

    @inline(__always)
    func callAsFunction(_ value: Float) -> Float { (value - mean) * scale }
}

extension AffineMap {
    /// How a channel's map becomes the network's input: mel maps are raised by `gain` decibels, GCC
    /// maps know no level.
    init(
        _ normalisation: ChannelNormalisation, channel: Int, microphones: Int, gain: Float
    ) {
        self.init(
            mean: normalisation.mean[channel] - (channel < microphones ? gain : 0),
            scale: normalisation.scale[channel])
    }
}

/// target = map(source)
func normalise(
    _ source: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>, count: Int,
    _ map: AffineMap
) {
    for index in 0..<count { target[index] = map(source[index]) }
}

/// Reverses every row in place.
func reverseRows(_ values: UnsafeMutablePointer<Float>, rows: Int, bins: Int) {
    for row in 0..<rows {
        let start = values + row * bins
        for bin in 0..<bins / 2 {
            let first = start[bin]
            start[bin] = start[bins - 1 - bin]
            start[bins - 1 - bin] = first
        }
    }
}

/// Mean of the squares of `count` values.
func power(_ samples: UnsafePointer<Float>, count: Int) -> Double {
    var lanes = SIMD16<Float>.zero
    var index = 0
    var total = 0.0
    // Blocks of 64 vectors keep the single-precision sums short.
    while index + 1024 <= count {
        for _ in 0..<64 {
            let values = UnsafeRawPointer(samples + index).loadUnaligned(as: SIMD16<Float>.self)
            lanes.addProduct(values, values)
            index += 16
        }
        total += Double(lanes.sum())
        lanes = .zero
    }
    for rest in index..<count { total += Double(samples[rest] * samples[rest]) }
    return total / Double(max(1, count))
}

/// target += gain * source
func addScaled(
    _ source: UnsafePointer<Float>, gain: Float, to target: UnsafeMutablePointer<Float>, count: Int
) {
    for index in 0..<count { target[index] += gain * source[index] }
}
