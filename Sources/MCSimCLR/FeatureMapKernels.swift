// Inner loops over feature maps, on raw memory. Callers guarantee the sizes.

/// Adds each channel's sum and sum of squares to its moments. Shape of map: [channels, frames x bins].
func gatherMoments(of map: UnsafeBufferPointer<Float>, into moments: inout [ChannelMoments]) {
    let size = map.count / moments.count
    for channel in moments.indices {
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

/// Positions and weights of a linear interpolation that stretches a window over `count` points.
struct Stretch {
    var lower: [Int32]
    var upper: [Int32]
    var fraction: [Float]

    /// The points of the axis that the interpolation reads.
    var reach: Range<Int> {
        // Positions ascend.
        Int(lower.first ?? 0)..<Int(upper.last ?? -1) + 1
    }

    /// Point k of the result lies at window.start + (k + 1/2) window.length / count - 1/2, kept
    /// within the window and the axis.
    init(_ window: CropWindow, over count: Int) {
        lower = []
        upper = []
        fraction = []
        lower.reserveCapacity(count)
        upper.reserveCapacity(count)
        fraction.reserveCapacity(count)
        let step = window.length / Double(count)
        let last = min(window.start + window.length, Double(count)) - 1
        for index in 0..<count {
            let centre = window.start + (Double(index) + 0.5) * step - 0.5
            let position = max(window.start, min(centre, max(last, window.start)))
            let below = min(Int(position), count - 1)
            lower.append(Int32(below))
            upper.append(Int32(min(below + 1, count - 1)))
            fraction.append(Float(position - Double(below)))
        }
    }
}

/// Crops one channel, stretches the crop to full size, in time and, where `columns` is given, along
/// the bins, and normalises it. `row` is scratch space for one frame.
func crop(
    _ source: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>, frames: Int,
    bins: Int, rows: Stretch, columns: Stretch?, row: UnsafeMutablePointer<Float>,
    _ map: AffineMap
) {
    for frame in 0..<frames {
        let first = source + Int(rows.lower[frame]) * bins
        let second = source + Int(rows.upper[frame]) * bins
        let weight = rows.fraction[frame]
        let to = target + frame * bins
        guard let columns else {
            for bin in 0..<bins { to[bin] = map(first[bin] + (second[bin] - first[bin]) * weight) }
            continue
        }
        for bin in 0..<bins { row[bin] = map(first[bin] + (second[bin] - first[bin]) * weight) }
        // Pointers taken once a row: the compiler cannot know that `to` leaves the arrays alone.
        columns.lower.withUnsafeBufferPointer { lower in
            columns.upper.withUnsafeBufferPointer { upper in
                columns.fraction.withUnsafeBufferPointer { fraction in
                    for bin in 0..<bins {
                        let low = row[Int(lower[bin])]
                        to[bin] = low + (row[Int(upper[bin])] - low) * fraction[bin]
                    }
                }
            }
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
