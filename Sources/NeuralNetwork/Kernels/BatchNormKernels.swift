/// Means and sums of squared deviations from them. Shape: z [positions, stride].
func channelMoments(
    _ z: UnsafePointer<Float>, positions: Int, stride: Int,
    mean: UnsafeMutablePointer<Float>, squares: UnsafeMutablePointer<Float>
) {
    for first in Swift.stride(from: 0, to: stride, by: 16) {
        var total = Vector()
        for position in 0..<positions { total += load(z + position * stride + first) }
        let center = total / Float(positions)
        var sum = Vector()
        for position in 0..<positions {
            let deviation = load(z + position * stride + first) - center
            sum = sum.addingProduct(deviation, deviation)
        }
        store(center, mean + first)
        store(sum, squares + first)
    }
}

/// What normalisation, pooling and rectifier leave for the backward pass of one example.
struct PooledTargets {
    /// The block's output, in its own layout.
    let output: UnsafeMutablePointer<Float>
    let layout: MapLayout
    /// The place of the largest number in its window. Shape: [height, width, stride].
    let choices: UnsafeMutablePointer<UInt8>
    /// The normalised input there; nil where it follows from the output.
    let peaks: UnsafeMutablePointer<Float>?
    /// Whether a backward pass will follow: choices and peaks are left out otherwise.
    let isKept: Bool
}

/// The numbers of a normalisation, by channel.
struct Normalisation {
    let scale: UnsafePointer<Float>
    let shift: UnsafePointer<Float>
    let mean: UnsafePointer<Float>
    let inverseDeviation: UnsafePointer<Float>

    struct Lanes {
        let scale: Vector
        let shift: Vector
        let mean: Vector
        let inverseDeviation: Vector
    }

    /// Those of 16 channels.
    @inline(__always)
    func lanes(_ channel: Int) -> Lanes {
        Lanes(
            scale: load(scale + channel), shift: load(shift + channel),
            mean: load(mean + channel), inverseDeviation: load(inverseDeviation + channel))
    }
}

/// Normalises, pools and rectifies one window of 16 channels. (Pooling before the rectifier gives the
/// same numbers and gradients, with less to rectify.)
///
/// Strides are floats from column to column, pitches from row to row.
@inline(__always)
func poolWindow(
    _ window: UnsafePointer<Float>, stride: Int, pitch: Int, pool: (height: Int, width: Int),
    lanes: Normalisation.Lanes, y: Int, x: Int, channel: Int, into targets: PooledTargets
) {
    var peak = load(window)
    var largest = lanes.shift.addingProduct(peak, lanes.scale)
    var choice = SIMD16<Int32>()
    var place: Int32 = 0
    for row in 0..<pool.height {
        for column in 0..<pool.width {
            let value = load(window + row * pitch + column * stride)
            let normalised = lanes.shift.addingProduct(value, lanes.scale)
            let isLarger = normalised .> largest
            largest.replace(with: normalised, where: isLarger)
            peak.replace(with: value, where: isLarger)
            choice.replace(with: SIMD16(repeating: place), where: isLarger)
            place += 1
        }
    }
    let layout = targets.layout
    let target = (y * layout.width + x) * layout.stride + channel
    store(
        largest.replacing(with: 0, where: largest .< 0),
        targets.output + layout.offset(y, x) + channel)
    guard targets.isKept else { return }
    if let peaks = targets.peaks {
        store((peak - lanes.mean) * lanes.inverseDeviation, peaks + target)
    }
    UnsafeMutableRawPointer(targets.choices + target).storeBytes(
        of: SIMD16<UInt8>(truncatingIfNeeded: choice), as: SIMD16<UInt8>.self)
}

/// Normalises, pools and rectifies rows of one example.
///
/// Shape: z [rows * pool height, width, stride] without border; windows that do not fit are dropped.
func normalisePoolRectify(
    _ z: UnsafePointer<Float>, width: Int, rows: Range<Int>, pool: (height: Int, width: Int),
    norm: Normalisation, into targets: PooledTargets
) {
    // Windows of known size are unrolled.
    switch pool {
    case (2, 4): poolRows(z, width: width, rows: rows, pool: (2, 4), norm: norm, into: targets)
    case (2, 2): poolRows(z, width: width, rows: rows, pool: (2, 2), norm: norm, into: targets)
    default: poolRows(z, width: width, rows: rows, pool: pool, norm: norm, into: targets)
    }
}

@inline(__always)
private func poolRows(
    _ z: UnsafePointer<Float>, width: Int, rows: Range<Int>, pool: (height: Int, width: Int),
    norm: Normalisation, into targets: PooledTargets
) {
    let layout = targets.layout
    let stride = layout.stride
    for y in rows {
        let line = z + (y - rows.lowerBound) * pool.height * width * stride
        for channel in Swift.stride(from: 0, to: stride, by: 16) {
            let lanes = norm.lanes(channel)
            for x in 0..<layout.width {
                poolWindow(
                    line + x * pool.width * stride + channel, stride: stride,
                    pitch: width * stride, pool: pool, lanes: lanes, y: y, x: x,
                    channel: channel, into: targets)
            }
        }
    }
}

/// Clears the gradient of one example where the rectifier was shut, and adds to the sums of the
/// gradient and of its product with the normalised input (or with the output, where no peaks were
/// kept), for some channels: from a multiple of 16 to another. Shape: gradient [height, width, stride], as
/// the targets'.
func rectifierAndSums(
    _ gradient: UnsafeMutablePointer<Float>, targets: PooledTargets, channels: Range<Int>,
    sum: UnsafeMutablePointer<Float>, productSum: UnsafeMutablePointer<Float>
) {
    let layout = targets.layout
    let stride = layout.stride
    for y in 0..<layout.height {
        for first in Swift.stride(from: channels.lowerBound, to: channels.upperBound, by: 16) {
            var total = load(sum + first)
            var products = load(productSum + first)
            for x in 0..<layout.width {
                let place = (y * layout.width + x) * stride + first
                let output = load(targets.output + layout.offset(y, x) + first)
                let value = load(gradient + place).replacing(with: 0, where: output .<= 0)
                store(value, gradient + place)
                total += value
                products = products.addingProduct(
                    value, targets.peaks.map { load($0 + place) } ?? output)
            }
            store(total, sum + first)
            store(products, productSum + first)
        }
    }
}

/// BatchNorm's gradient of one example's input: an affine function of z everywhere, and the pooled
/// gradient where the largest numbers came from.
///
/// Shape: z [height, width, stride] without border; result in `layout`, whose border is left alone.
func normalisationBackward(
    _ z: UnsafePointer<Float>, gradient: UnsafePointer<Float>, targets: PooledTargets,
    pool: (height: Int, width: Int), scale: UnsafePointer<Float>,
    constant: UnsafePointer<Float>, slope: UnsafePointer<Float>,
    into result: UnsafeMutablePointer<Float>, layout: MapLayout
) {
    let stride = layout.stride
    for y in 0..<layout.height {
        let line = result + layout.offset(y, 0)
        let values = z + y * layout.width * stride
        for x in 0..<layout.width {
            for first in Swift.stride(from: 0, to: stride, by: 16) {
                let place = x * stride + first
                store(
                    load(constant + first).addingProduct(
                        load(slope + first), load(values + place)), line + place)
            }
        }
    }
    let pooled = targets.layout
    for y in 0..<pooled.height {
        for x in 0..<pooled.width {
            let place = (y * pooled.width + x) * stride
            let window = result + layout.offset(y * pool.height, x * pool.width)
            for channel in 0..<pooled.channels {
                let choice = Int(targets.choices[place + channel])
                let row = choice / pool.width
                let column = choice - row * pool.width
                window[row * layout.pitch + column * stride + channel] +=
                    scale[channel] * gradient[place + channel]
            }
        }
    }
}
