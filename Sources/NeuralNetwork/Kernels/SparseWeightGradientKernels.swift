/// The part of a weight gradient that comes from the pooled gradient: for each output channel the sum
/// of the patches at the places that were the largest of their pooling windows.
///
/// The places are first gathered by channel, without those that the rectifier shut, for a band of rows
/// whose patches stay in the first-level cache. Each channel has a sum of its own, over the examples in their order.
final class SparseWeightGradient {
    private let kernelSize: Int
    /// Floats of one kernel row of a patch, rounded up to whole vectors.
    let lineWidth: Int
    private static let cacheFloats = 6144

    init(inputs: Int, kernelSize: Int) {
        self.kernelSize = kernelSize
        lineWidth = paddedChannels(kernelSize * inputs)
    }

    /// Shape: gradient [pooled height, pooled width, stride] without border, zero where the rectifier
    /// was shut; result [outputs, kernelSize, lineWidth], of which those of `channels` change.
    func add(
        _ map: UnsafePointer<Float>, _ layout: MapLayout, gradient: UnsafePointer<Float>,
        targets: PooledTargets, channels: Range<Int>, pool: (height: Int, width: Int),
        into result: UnsafeMutablePointer<Float>
    ) {
        let outputs = channels.count
        let pooled = targets.layout
        let bandRows = max(
            1, min(pooled.height, (Self.cacheFloats / layout.pitch - 2) / pool.height))
        let room = bandRows * pooled.width
        withUnsafeTemporaryAllocation(of: Float.self, capacity: outputs * (room + 1)) { values in
            withUnsafeTemporaryAllocation(
                of: Int32.self, capacity: outputs * (room + 2) + pool.height * pool.width
            ) { integers in
                let offsets = integers.baseAddress!
                let counts = offsets + outputs * (room + 1)
                let places = counts + outputs
                for place in 0..<pool.height * pool.width {
                    places[place] = Int32(
                        place / pool.width * layout.pitch + place % pool.width * layout.stride)
                }
                for first in stride(from: 0, to: pooled.height, by: bandRows) {
                    let rows = first..<min(first + bandRows, pooled.height)
                    for channel in 0..<outputs { counts[channel] = 0 }
                    gather(
                        rows, layout, gradient: gradient, targets: targets, channels: channels,
                        pool: pool, places: places, room: room + 1, values: values.baseAddress!,
                        offsets: offsets, counts: counts)
                    for channel in 0..<outputs {
                        accumulate(
                            map, pitch: layout.pitch,
                            values: values.baseAddress! + channel * (room + 1),
                            offsets: offsets + channel * (room + 1), count: Int(counts[channel]),
                            into: result + (channels.lowerBound + channel) * kernelSize * lineWidth)
                    }
                }
            }
        }
    }

    private func gather(
        _ rows: Range<Int>, _ layout: MapLayout, gradient: UnsafePointer<Float>,
        targets: PooledTargets, channels: Range<Int>, pool: (height: Int, width: Int),
        places: UnsafePointer<Int32>, room: Int, values: UnsafeMutablePointer<Float>,
        offsets: UnsafeMutablePointer<Int32>, counts: UnsafeMutablePointer<Int32>
    ) {
        let pooled = targets.layout
        let reach = kernelSize / 2
        let outputs = channels.count
        for y in rows {
            for x in 0..<pooled.width {
                let corner = Int32(
                    layout.offset(y * pool.height - reach, x * pool.width - reach))
                let line = (y * pooled.width + x) * pooled.stride + channels.lowerBound
                for channel in 0..<outputs {
                    let value = gradient[line + channel]
                    let count = counts[channel]
                    let place = channel * room + Int(count)
                    // Written always, kept only when not zero: no branch to mispredict.
                    values[place] = value
                    offsets[place] = corner &+ places[Int(targets.choices[line + channel])]
                    counts[channel] = count &+ (value == 0 ? 0 : 1)
                }
            }
        }
    }

    private func accumulate(
        _ map: UnsafePointer<Float>, pitch: Int, values: UnsafePointer<Float>,
        offsets: UnsafePointer<Int32>, count: Int, into result: UnsafeMutablePointer<Float>
    ) {
        forEachGroup(lineWidth) { first, width in
            var row = 0
            while row < kernelSize {
                let source = map + row * pitch + first
                let target = result + row * lineWidth + first
                let isThree = row + 3 <= kernelSize
                switch (width, isThree) {
                case (64, true):
                    three(FourVectors.self, source, pitch, values, offsets, count, target)
                case (32, true):
                    three(TwoVectors.self, source, pitch, values, offsets, count, target)
                case (_, true):
                    three(OneVector.self, source, pitch, values, offsets, count, target)
                case (64, false): one(FourVectors.self, source, values, offsets, count, target)
                case (32, false): one(TwoVectors.self, source, values, offsets, count, target)
                default: one(OneVector.self, source, values, offsets, count, target)
                }
                row += isThree ? 3 : 1
            }
        }
    }

    /// Three kernel rows at once, for enough sums in flight.
    private func three<G: VectorGroup>(
        _ type: G.Type, _ source: UnsafePointer<Float>, _ pitch: Int,
        _ values: UnsafePointer<Float>, _ offsets: UnsafePointer<Int32>, _ count: Int,
        _ target: UnsafeMutablePointer<Float>
    ) {
        var r0 = G(UnsafePointer(target))
        var r1 = G(UnsafePointer(target + lineWidth))
        var r2 = G(UnsafePointer(target + 2 * lineWidth))
        let second = source + pitch
        let third = source + 2 * pitch
        for index in 0..<count {
            let offset = Int(offsets[index])
            let value = values[index]
            r0.add(value, G(source + offset))
            r1.add(value, G(second + offset))
            r2.add(value, G(third + offset))
        }
        r0.store(target)
        r1.store(target + lineWidth)
        r2.store(target + 2 * lineWidth)
    }

    private func one<G: VectorGroup>(
        _ type: G.Type, _ source: UnsafePointer<Float>, _ values: UnsafePointer<Float>,
        _ offsets: UnsafePointer<Int32>, _ count: Int, _ target: UnsafeMutablePointer<Float>
    ) {
        var sum = G(UnsafePointer(target))
        for index in 0..<count { sum.add(values[index], G(source + Int(offsets[index]))) }
        sum.store(target)
    }
}
