/// The first block's convolution by Winograd's F(4 x 4, 3 x 3) with normalisation, pooling and rectifier
/// in the same pass, when the statistics are known beforehand: the convolution's result, the largest
/// array of a step, is never stored.
///
/// Eight tiles and 32 output channels at a time, so that everything but the weights stays in the
/// first-level cache. Needs pooling windows that divide a tile.
final class FusedWinograd {
    private let inputs: Int
    private let paddedInputs: Int
    private let outputs: Int
    /// Groups of 32 or 16 output channels. Shape of a group: [36, inputs, width].
    private let weights: Tensor
    private static let tilesAtOnce = 8
    // A little more than a power of two, so that planes do not compete for the same cache lines.
    private let inputPlane: Int
    private static let outputPlane = tilesAtOnce * 32 + 16

    /// - Parameter outputs: a multiple of 16.
    init(inputs: Int, outputs: Int) {
        self.inputs = inputs
        self.outputs = outputs
        paddedInputs = paddedChannels(inputs)
        inputPlane = Self.tilesAtOnce * paddedInputs + 16
        weights = Tensor([36, inputs, outputs])
    }

    /// Room for the tiles that one thread is at.
    final class Tiles {
        fileprivate let input: Tensor
        fileprivate let output: Tensor
        fileprivate let intermediate = Tensor([36 * 16])
        fileprivate let tile = Tensor([16 * 16])

        fileprivate init(inputPlane: Int, outputPlane: Int) {
            input = Tensor([36 * inputPlane])
            output = Tensor([36 * outputPlane])
        }
    }

    func makeTiles() -> Tiles { Tiles(inputPlane: inputPlane, outputPlane: Self.outputPlane) }

    static func fits(pool: (height: Int, width: Int)) -> Bool {
        4 % pool.height == 0 && 4 % pool.width == 0
    }

    /// Shape: weights [usedOutputs, inputs, 3, 3].
    func packWeights(_ tensor: Tensor, outputs usedOutputs: Int) {
        withUnsafeTemporaryAllocation(of: Float.self, capacity: 54) { scratch in
            let spread = scratch.baseAddress!
            for output in 0..<usedOutputs {
                let (first, width) = group(output)
                let panel = weights.base + 36 * inputs * first + output - first
                for input in 0..<inputs {
                    spreadKernel(
                        tensor.base + (output * inputs + input) * 9, into: spread,
                        scratch: spread + 36)
                    for place in 0..<36 {
                        panel[(place * inputs + input) * width] = spread[place]
                    }
                }
            }
        }
    }

    private func group(_ output: Int) -> (first: Int, width: Int) {
        let first = output / 32 * 32
        return (first, min(32, outputs - first))
    }

    func forward(
        _ map: UnsafePointer<Float>, _ layout: MapLayout, pool: (height: Int, width: Int),
        norm: Normalisation, _ tiles: Tiles, into targets: PooledTargets
    ) {
        let across = (layout.width + 3) / 4
        for row in 0..<(layout.height + 3) / 4 {
            for column in stride(from: 0, to: across, by: Self.tilesAtOnce) {
                let count = min(Self.tilesAtOnce, across - column)
                for index in 0..<count {
                    let source =
                        map + layout.offset(4 * row - 1, 4 * (column + index) - 1)
                    for channel in stride(from: 0, to: paddedInputs, by: 16) {
                        winogradInput(
                            source + channel, stride: layout.stride, pitch: layout.pitch,
                            into: tiles.input.base + index * paddedInputs + channel,
                            plane: inputPlane, intermediate: tiles.intermediate.base)
                    }
                }
                for first in stride(from: 0, to: outputs, by: 32) {
                    let panel = weights.base + 36 * inputs * first
                    if outputs - first >= 32 {
                        products(TwoVectors.self, panel, tiles)
                    } else {
                        products(OneVector.self, panel, tiles)
                    }
                    for index in 0..<count {
                        for channel in stride(from: first, to: min(outputs, first + 32), by: 16) {
                            winogradOutput(
                                tiles.output.base + index * 32 + channel - first,
                                plane: Self.outputPlane, into: tiles.tile.base, stride: 16,
                                pitch: 64, height: 4, width: 4,
                                intermediate: tiles.intermediate.base)
                            // Windows of known size are unrolled.
                            switch pool {
                            case (2, 4):
                                pooled(
                                    row, column + index, channel, pool: (2, 4), norm: norm,
                                    tiles, into: targets)
                            case (2, 2):
                                pooled(
                                    row, column + index, channel, pool: (2, 2), norm: norm,
                                    tiles, into: targets)
                            default:
                                pooled(
                                    row, column + index, channel, pool: pool, norm: norm,
                                    tiles, into: targets)
                            }
                        }
                    }
                }
            }
        }
    }

    /// All 36 products of eight tiles with one group of channels. Tiles beyond the row's last hold
    /// numbers of earlier ones; their results are not used.
    @inline(__always)
    private func products<G: VectorGroup>(
        _ type: G.Type, _ panel: UnsafePointer<Float>, _ tiles: Tiles
    ) {
        let s = paddedInputs
        var w = panel
        for place in 0..<36 {
            let a = UnsafePointer(tiles.input.base + place * inputPlane)
            let target = tiles.output.base + place * Self.outputPlane
            var r0 = G()
            var r1 = G()
            var r2 = G()
            var r3 = G()
            var r4 = G()
            var r5 = G()
            var r6 = G()
            var r7 = G()
            for k in 0..<inputs {
                let group = G(w)
                r0.add(a[k], group)
                r1.add(a[k + s], group)
                r2.add(a[k + 2 * s], group)
                r3.add(a[k + 3 * s], group)
                r4.add(a[k + 4 * s], group)
                r5.add(a[k + 5 * s], group)
                r6.add(a[k + 6 * s], group)
                r7.add(a[k + 7 * s], group)
                w += G.width
            }
            r0.store(target)
            r1.store(target + 32)
            r2.store(target + 64)
            r3.store(target + 96)
            r4.store(target + 128)
            r5.store(target + 160)
            r6.store(target + 192)
            r7.store(target + 224)
        }
    }

    @inline(__always)
    private func pooled(
        _ row: Int, _ column: Int, _ channel: Int, pool: (height: Int, width: Int),
        norm: Normalisation, _ tiles: Tiles, into targets: PooledTargets
    ) {
        let layout = targets.layout
        let high = 4 / pool.height
        let wide = 4 / pool.width
        let lanes = norm.lanes(channel)
        for y in 0..<high where row * high + y < layout.height {
            for x in 0..<wide where column * wide + x < layout.width {
                poolWindow(
                    tiles.tile.base + (y * pool.height * 4 + x * pool.width) * 16, stride: 16,
                    pitch: 64, pool: pool, lanes: lanes, y: row * high + y, x: column * wide + x,
                    channel: channel, into: targets)
            }
        }
    }
}
