/// Sums of patches and of products of their elements over all positions of a batch:
/// sum(p) patch and sum(p) patch patch^T.
///
/// With them the mean and variance of a convolution's result, and the affine part of its weight
/// gradient, need no pass over the result. The products depend only on the shift between two elements
/// when the patches' centres run over all positions at which a patch touches the map; the ring of
/// centres outside the map is subtracted afterwards.
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
    private let exampleShifted: Tensor
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
        exampleShifted = Tensor([kernelSize * channels, lineWidth])
        ring = Tensor([
            kernelSize * kernelSize * kernelSize * channels, segmentWidth,
        ])
        ringSums = Tensor([kernelSize, segmentWidth])
    }

    func compute(_ input: ActivationMap) {
        for index in shifted.indices { shifted[index] = 0 }
        for index in totals.indices { totals[index] = 0 }
        ring.fill(0)
        ringSums.fill(0)
        for example in 0..<input.examples { add(input.pointer(example), input.layout) }
        combine()
    }

    private func add(_ map: UnsafePointer<Float>, _ layout: MapLayout) {
        let reach = kernelSize - 1
        let grid = PositionGrid(lines: layout.height, count: layout.width)
        exampleShifted.fill(0)
        for down in 0..<kernelSize {
            // Straight to the right the shifts are symmetric: half of them suffice.
            let first = down == 0 ? 0 : -reach
            let used = (reach - first + 1) * channels
            outerProduct(
                map + layout.offset(0, 0), stride: layout.stride, pitch: layout.pitch,
                rows: channels, map + layout.offset(down, first), stride: layout.stride,
                pitch: layout.pitch, columns: paddedChannels(used), over: grid,
                into: exampleShifted.base + down * channels * lineWidth, resultStride: lineWidth)
        }
        for index in shifted.indices { shifted[index] += Double(exampleShifted.base[index]) }
        addTotals(map, layout)
        addRing(map, layout)
    }

    private func addTotals(_ map: UnsafePointer<Float>, _ layout: MapLayout) {
        for first in stride(from: 0, to: channels, by: 16) {
            let width = min(16, channels - first)
            for y in 0..<layout.height {
                let line = map + layout.offset(y, 0) + first
                var even = Vector()
                var odd = Vector()
                for x in stride(from: 0, to: layout.width - 1, by: 2) {
                    even += load(line + x * layout.stride)
                    odd += load(line + (x + 1) * layout.stride)
                }
                if layout.width % 2 == 1 { even += load(line + (layout.width - 1) * layout.stride) }
                let sum = even + odd
                for lane in 0..<width { totals[first + lane] += Double(sum[lane]) }
            }
        }
    }

    /// Patches whose centre lies outside the map but which touch it.
    private func addRing(_ map: UnsafePointer<Float>, _ layout: MapLayout) {
        let reach = kernelSize / 2
        let (height, width) = (layout.height, layout.width)
        // Above and below: whole lines; left and right: columns of the map's height.
        for distance in 1...max(1, reach) where distance <= reach {
            let whole = width + 2 * reach
            addRingLine(map, layout, y: -distance, x: -reach, dy: 0, dx: 1, count: whole)
            addRingLine(
                map, layout, y: height - 1 + distance, x: -reach, dy: 0, dx: 1, count: whole)
            addRingLine(map, layout, y: 0, x: -distance, dy: 1, dx: 0, count: height)
            addRingLine(
                map, layout, y: 0, x: width - 1 + distance, dy: 1, dx: 0, count: height)
        }
    }

    private func addRingLine(
        _ map: UnsafePointer<Float>, _ layout: MapLayout, y: Int, x: Int, dy: Int, dx: Int,
        count: Int
    ) {
        let reach = kernelSize / 2
        let segment = kernelSize * channels
        let step = dy * layout.pitch + dx * layout.stride
        for row in 0..<kernelSize {
            // A horizontal line meets the map only in those rows of its patches that lie inside.
            let v = y + row - reach
            if dy == 0 && !(0..<layout.height).contains(v) { continue }
            let a = map + layout.offset(v, x - reach)
            for first in stride(from: 0, to: segmentWidth, by: 16) {
                let target = ringSums.base + row * segmentWidth + first
                var sum = load(target)
                for position in 0..<count { sum += load(a + position * step + first) }
                store(sum, target)
            }
            for other in 0..<kernelSize {
                let u = y + other - reach
                if dy == 0 && !(0..<layout.height).contains(u) { continue }
                outerProduct(
                    a, stride: step, pitch: 0, rows: segment,
                    map + layout.offset(u, x - reach), stride: step, pitch: 0,
                    columns: segmentWidth, over: PositionGrid(lines: 1, count: count),
                    into: ring.base + (row * kernelSize + other) * segment * segmentWidth,
                    resultStride: segmentWidth)
            }
        }
    }

    private func combine() {
        let segment = kernelSize * channels
        for row in 0..<length {
            let (v, rest) = row.quotientAndRemainder(dividingBy: segment)
            let (u, channel) = rest.quotientAndRemainder(dividingBy: channels)
            sums[row] = totals[channel] - Double(ringSums.base[v * segmentWidth + rest])
            for column in row..<length {
                let (otherV, otherRest) = column.quotientAndRemainder(dividingBy: segment)
                let (otherU, otherChannel) = otherRest.quotientAndRemainder(dividingBy: channels)
                let ring = ring.base[
                    ((v * kernelSize + otherV) * segment + rest) * segmentWidth + otherRest]
                let value =
                    product(
                        channel, otherChannel, down: otherV - v, right: otherU - u)
                    - Double(ring)
                products[row * length + column] = value
                products[column * length + row] = value
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
