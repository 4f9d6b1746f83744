import Platform

/// Sums of patches and of products of their elements over all positions of a batch:
/// sum(p) patch and sum(p) patch patch^T.
///
/// With them the mean and variance of a convolution's result, and the affine part of its weight
/// gradient, need no pass over the result. The products depend only on the shift between two elements
/// when the patches' centres run over all positions at which a patch touches the map; the ring of
/// centres outside the map is subtracted afterwards.
///
/// Sums over examples are taken in their order, whatever the number of threads: what an example gives is computed by
/// itself and then added, and each sum that goes on from example to example belongs to one thread.
///
/// Needs a border of zeros of kernelSize - 1 around the map.
final class PatchCorrelation {
    private let channels: Int
    private let kernelSize: Int
    /// Elements of a patch, in the order kernel row, kernel column, channel.
    let length: Int
    /// Shape: [length, length], symmetric.
    private(set) var products: [Double]
    private(set) var sums: [Double]
    // By shift down (0 ..< kernelSize): [channels, shift right (2 kernelSize - 1), channels].
    private let lineWidth: Int
    private var shifted: [Double]
    private var totals: [Double]
    /// By example of those that are taken at once. Shape: [examples, kernelSize * channels, lineWidth].
    private let exampleShifted = Tensor([0])
    /// Sums of a line of the map. Shape: [examples, height, channels padded].
    private let lineTotals = Tensor([0])
    private let ring: Tensor
    private let ringSums: Tensor
    private let segmentWidth: Int

    init(channels: Int, kernelSize: Int) {
        self.channels = channels
        self.kernelSize = kernelSize
        length = kernelSize * kernelSize * channels
        lineWidth = paddedChannels((2 * kernelSize - 1) * channels)
        segmentWidth = paddedChannels(kernelSize * channels)
        products = Array(repeating: 0, count: length * length)
        sums = Array(repeating: 0, count: length)
        shifted = Array(repeating: 0, count: kernelSize * channels * lineWidth)
        totals = Array(repeating: 0, count: channels)
        ring = Tensor([
            kernelSize * kernelSize * kernelSize * channels, segmentWidth,
        ])
        ringSums = Tensor([kernelSize, segmentWidth])
    }

    func compute(_ input: ActivationMap, _ team: ThreadTeam) {
        for index in shifted.indices { shifted[index] = 0 }
        for index in totals.indices { totals[index] = 0 }
        ring.fill(0)
        ringSums.fill(0)
        let threads = team.likelyThreads
        let atOnce = threads == 1 ? 1 : min(8 * threads, input.examples)
        exampleShifted.resize([atOnce, kernelSize * channels, lineWidth])
        lineTotals.resize([atOnce, input.layout.height, paddedChannels(channels)])
        for first in stride(from: 0, to: input.examples, by: atOnce) {
            add(input, first..<min(first + atOnce, input.examples), team)
        }
        combine(team)
    }

    private func add(_ input: ActivationMap, _ examples: Range<Int>, _ team: ThreadTeam) {
        let layout = input.layout
        let pairs = kernelSize * kernelSize
        team.perform(pairs + examples.count) { [self] item, _ in
            if item < pairs {
                let (row, other) = item.quotientAndRemainder(dividingBy: kernelSize)
                for example in examples {
                    addRing(input.pointer(example), layout, row: row, other: other)
                }
            } else {
                let place = item - pairs
                let map = UnsafePointer(input.pointer(examples.lowerBound + place))
                correlate(map, layout, place)
                sumLines(map, layout, place)
            }
        }
        let lines = kernelSize * channels
        shifted.withUnsafeMutableBufferPointer { shifted in
            totals.withUnsafeMutableBufferPointer { totals in
                guard let shifted = shifted.baseAddress, let totals = totals.baseAddress else {
                    return
                }
                team.perform(lines + 1) { [self] line, _ in
                    for place in 0..<examples.count {
                        if line == lines {
                            addTotals(layout, place, to: totals)
                        } else {
                            addLine(line, place, to: shifted + line * lineWidth)
                        }
                    }
                }
            }
        }
    }

    /// Products of one example's positions with those at each shift.
    private func correlate(_ map: UnsafePointer<Float>, _ layout: MapLayout, _ place: Int) {
        let reach = kernelSize - 1
        let grid = PositionGrid(lines: layout.height, count: layout.width)
        let size = kernelSize * channels * lineWidth
        let target = exampleShifted.base + place * size
        target.update(repeating: 0, count: size)
        for down in 0..<kernelSize {
            // Straight to the right the shifts are symmetric: half of them suffice.
            let first = down == 0 ? 0 : -reach
            let used = (reach - first + 1) * channels
            outerProduct(
                map + layout.offset(0, 0), stride: layout.stride, pitch: layout.pitch,
                rows: channels, map + layout.offset(down, first), stride: layout.stride,
                pitch: layout.pitch, columns: paddedChannels(used), over: grid,
                into: target + down * channels * lineWidth, resultStride: lineWidth)
        }
    }

    private func addLine(_ line: Int, _ place: Int, to target: UnsafeMutablePointer<Double>) {
        let source = exampleShifted.base + (place * kernelSize * channels + line) * lineWidth
        for index in 0..<lineWidth { target[index] += Double(source[index]) }
    }

    private func sumLines(_ map: UnsafePointer<Float>, _ layout: MapLayout, _ place: Int) {
        let width = paddedChannels(channels)
        for first in stride(from: 0, to: channels, by: 16) {
            for y in 0..<layout.height {
                let line = map + layout.offset(y, 0) + first
                var even = Vector()
                var odd = Vector()
                for x in stride(from: 0, to: layout.width - 1, by: 2) {
                    even += load(line + x * layout.stride)
                    odd += load(line + (x + 1) * layout.stride)
                }
                if layout.width % 2 == 1 { even += load(line + (layout.width - 1) * layout.stride) }
                store(
                    even + odd, lineTotals.base + (place * layout.height + y) * width + first)
            }
        }
    }

    private func addTotals(
        _ layout: MapLayout, _ place: Int, to totals: UnsafeMutablePointer<Double>
    ) {
        let width = paddedChannels(channels)
        for y in 0..<layout.height {
            let line = lineTotals.base + (place * layout.height + y) * width
            for channel in 0..<channels { totals[channel] += Double(line[channel]) }
        }
    }

    /// Patches whose centre lies outside the map but which touch it: the products of one of their rows with another.
    private func addRing(
        _ map: UnsafePointer<Float>, _ layout: MapLayout, row: Int, other: Int
    ) {
        let reach = kernelSize / 2
        let (height, width) = (layout.height, layout.width)
        // Above and below: whole lines; left and right: columns of the map's height.
        for distance in 1...max(1, reach) where distance <= reach {
            let whole = width + 2 * reach
            func add(y: Int, x: Int, dy: Int, dx: Int, count: Int) {
                addRingLine(
                    map, layout, row: row, other: other, y: y, x: x, dy: dy, dx: dx, count: count)
            }
            add(y: -distance, x: -reach, dy: 0, dx: 1, count: whole)
            add(y: height - 1 + distance, x: -reach, dy: 0, dx: 1, count: whole)
            add(y: 0, x: -distance, dy: 1, dx: 0, count: height)
            add(y: 0, x: width - 1 + distance, dy: 1, dx: 0, count: height)
        }
    }

    private func addRingLine(
        _ map: UnsafePointer<Float>, _ layout: MapLayout, row: Int, other: Int, y: Int, x: Int,
        dy: Int, dx: Int, count: Int
    ) {
        let reach = kernelSize / 2
        let segment = kernelSize * channels
        let step = dy * layout.pitch + dx * layout.stride
        // A horizontal line meets the map only in those rows of its patches that lie inside.
        let v = y + row - reach
        if dy == 0 && !(0..<layout.height).contains(v) { return }
        let a = map + layout.offset(v, x - reach)
        if other == 0 {
            for first in stride(from: 0, to: segmentWidth, by: 16) {
                let target = ringSums.base + row * segmentWidth + first
                var sum = load(target)
                for position in 0..<count { sum += load(a + position * step + first) }
                store(sum, target)
            }
        }
        let u = y + other - reach
        if dy == 0 && !(0..<layout.height).contains(u) { return }
        outerProduct(
            a, stride: step, pitch: 0, rows: segment,
            map + layout.offset(u, x - reach), stride: step, pitch: 0,
            columns: segmentWidth, over: PositionGrid(lines: 1, count: count),
            into: ring.base + (row * kernelSize + other) * segment * segmentWidth,
            resultStride: segmentWidth)
    }

    private func combine(_ team: ThreadTeam) {
        products.withUnsafeMutableBufferPointer { products in
            sums.withUnsafeMutableBufferPointer { sums in
                guard let products = products.baseAddress, let sums = sums.baseAddress else {
                    return
                }
                team.perform(length) { [self] row, _ in combine(row, products, sums) }
            }
        }
    }

    private func combine(
        _ row: Int, _ products: UnsafeMutablePointer<Double>, _ sums: UnsafeMutablePointer<Double>
    ) {
        let segment = kernelSize * channels
        let (v, rest) = row.quotientAndRemainder(dividingBy: segment)
        let (u, channel) = rest.quotientAndRemainder(dividingBy: channels)
        sums[row] = totals[channel] - Double(ringSums.base[v * segmentWidth + rest])
        for column in row..<length {
            let (otherV, otherRest) = column.quotientAndRemainder(dividingBy: segment)
            let (otherU, otherChannel) = otherRest.quotientAndRemainder(dividingBy: channels)
            let ring = ring.base[
                ((v * kernelSize + otherV) * segment + rest) * segmentWidth + otherRest]
            let value =
                product(channel, otherChannel, down: otherV - v, right: otherU - u)
                - Double(ring)
            products[row * length + column] = value
            products[column * length + row] = value
        }
    }

    /// The products times a vector, each row's sum in the order of its columns. Shape: [length] -> [length].
    func multiply(_ vector: UnsafePointer<Double>, into result: UnsafeMutablePointer<Double>) {
        products.withUnsafeBufferPointer { products in
            guard let base = products.baseAddress else { return }
            // Eight rows side by side: the matrix is symmetric, so that they lie next to one another in each of its lines.
            let wide = length / 8 * 8
            for row in stride(from: 0, to: wide, by: 8) {
                var sum = SIMD8<Double>()
                for column in 0..<length {
                    sum +=
                        UnsafeRawPointer(base + column * length + row)
                        .loadUnaligned(as: SIMD8<Double>.self) * vector[column]
                }
                UnsafeMutableRawPointer(result + row).storeBytes(of: sum, as: SIMD8<Double>.self)
            }
            for row in wide..<length {
                var sum = 0.0
                for column in 0..<length { sum += base[row * length + column] * vector[column] }
                result[row] = sum
            }
        }
    }

    /// The sum over all positions of `channel` there times `other` at the shift; down >= 0.
    private func product(_ channel: Int, _ other: Int, down: Int, right: Int) -> Double {
        let reach = kernelSize - 1
        if down == 0 {
            if right < 0 {
                return shifted[other * lineWidth - right * channels + channel]
            }
            return shifted[channel * lineWidth + right * channels + other]
        }
        return shifted[
            (down * channels + channel) * lineWidth + (right + reach) * channels + other]
    }
}
