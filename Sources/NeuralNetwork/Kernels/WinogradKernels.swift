import Platform

/// Convolution with 3 x 3 kernels by Winograd's F(4 x 4, 3 x 3): 36 products for 16 results instead of
/// 144 (Lavin and Gray 2016, arXiv 1509.09308; points 0, +-1, +-2, infinity).
///
/// With g the kernel, d a tile of 6 x 6 and M the result of 4 x 4:
/// M = A^T [(G g G^T) * (B^T d B)] A, products taken over channels. The backward passes are the
/// transposes of the same maps. Rounding errors are some ten times those of the direct sum, about 5e-6
/// of the largest value.
final class Winograd {
    private let inputs: Int
    private let outputs: Int
    /// G g G^T as panels. Shape: [36, inputs, outputs].
    private let weights: Tensor
    /// The same with inputs and outputs exchanged; of training alone.
    private let transposedWeights = Tensor([0])
    /// Shape: [36, inputs, outputs].
    private let weightGradient = Tensor([0])
    /// Tiles that are transformed at once: tiles and weights together fit the second-level cache.
    private static let tilesAtOnce = 32
    /// Elements of a transformed tile: what they are multiplied with does not depend on one another.
    static let planes = 36

    /// - Parameters: channels, multiples of 16.
    init(inputs: Int, outputs: Int) {
        self.inputs = inputs
        self.outputs = outputs
        weights = Tensor([36, inputs, outputs])
    }

    /// Examples to pass in one call, where so many threads share a batch.
    func chunk(_ layout: MapLayout, of examples: Int, threads: Int) -> Int {
        let most = max(1, Self.tilesAtOnce / tileCount(layout))
        return threads == 1 ? most : min(most, (examples + threads - 1) / threads)
    }

    private func tileCount(_ layout: MapLayout) -> Int {
        ((layout.height + 3) / 4) * ((layout.width + 3) / 4)
    }

    private func plane(_ tiles: Int, _ channels: Int) -> Int { tiles * channels + 16 }

    // MARK: Weights

    /// Shape: weights [outputs, inputs, 3, 3].
    ///
    /// - Parameter learns: whether a backward pass will follow.
    func packWeights(
        _ tensor: Tensor, inputs usedInputs: Int, outputs usedOutputs: Int, learns: Bool,
        _ team: ThreadTeam
    ) {
        if learns { transposedWeights.resize([36, outputs, inputs]) }
        let groups = (usedOutputs + 15) / 16
        team.perform(groups) { [self] group, _ in
            let outputs = group * 16..<min(usedOutputs, (group + 1) * 16)
            packWeights(tensor.base, inputs: usedInputs, outputs, learns: learns)
        }
    }

    private func packWeights(
        _ source: UnsafePointer<Float>, inputs usedInputs: Int, _ usedOutputs: Range<Int>,
        learns: Bool
    ) {
        withUnsafeTemporaryAllocation(of: Float.self, capacity: 54) { scratch in
            let result = scratch.baseAddress!
            for output in usedOutputs {
                for input in 0..<usedInputs {
                    spreadKernel(
                        source + (output * usedInputs + input) * 9, into: result,
                        scratch: result + 36)
                    let forward = panelOffset(input, output, rows: inputs, columns: outputs)
                    for place in 0..<36 {
                        weights.base[place * inputs * outputs + forward] = result[place]
                    }
                    guard learns else { continue }
                    let backward = panelOffset(output, input, rows: outputs, columns: inputs)
                    for place in 0..<36 {
                        transposedWeights.base[place * inputs * outputs + backward] =
                            result[place]
                    }
                }
            }
        }
    }

    /// One dimension of G^T.
    @inline(__always)
    private func gather(
        _ v: (Float, Float, Float, Float, Float, Float)
    ) -> (Float, Float, Float) {
        let near = v.1 + v.2
        let far = v.3 + v.4
        return (
            v.0 / 4 - near / 6 + far / 24,
            (v.2 - v.1) / 6 + (v.3 - v.4) / 12,
            far / 6 - near / 6 + v.5
        )
    }

    func beginBackward() {
        weightGradient.resize([36, inputs, outputs])
        weightGradient.fill(0)
    }

    /// Adds G^T dU G of all backward passes since ``beginBackward()``.
    func addWeightGradient(
        to parameter: Parameter, inputs usedInputs: Int, outputs usedOutputs: Int,
        _ team: ThreadTeam
    ) {
        let groups = (usedOutputs + 15) / 16
        team.perform(groups) { [self] group, _ in
            let outputs = group * 16..<min(usedOutputs, (group + 1) * 16)
            addWeightGradient(to: parameter.gradient.base, inputs: usedInputs, outputs)
        }
    }

    private func addWeightGradient(
        to target: UnsafeMutablePointer<Float>, inputs usedInputs: Int, _ usedOutputs: Range<Int>
    ) {
        let size = inputs * outputs
        withUnsafeTemporaryAllocation(of: Float.self, capacity: 18) { scratch in
            for output in usedOutputs {
                for input in 0..<usedInputs {
                    let source = weightGradient.base + input * outputs + output
                    for column in 0..<6 {
                        let line = source + column * size
                        let sum = gather(
                            (
                                line[0], line[6 * size], line[12 * size], line[18 * size],
                                line[24 * size], line[30 * size]
                            ))
                        scratch[column] = sum.0
                        scratch[6 + column] = sum.1
                        scratch[12 + column] = sum.2
                    }
                    let kernel = target + (output * usedInputs + input) * 9
                    for row in 0..<3 {
                        let s = scratch.baseAddress! + row * 6
                        let sum = gather((s[0], s[1], s[2], s[3], s[4], s[5]))
                        kernel[row * 3] += sum.0
                        kernel[row * 3 + 1] += sum.1
                        kernel[row * 3 + 2] += sum.2
                    }
                }
            }
        }
    }

    // MARK: Passes

    /// Shape: result [examples, height, width, outputs] without border.
    func forward(
        _ input: ActivationMap, _ examples: Range<Int>, _ room: WinogradTiles,
        into result: UnsafeMutablePointer<Float>
    ) {
        let layout = input.layout
        let perExample = tileCount(layout)
        let tiles = perExample * examples.count
        prepare(room, tiles)
        let inputPlane = plane(tiles, inputs)
        let outputPlane = plane(tiles, outputs)
        transformInput(input, examples, plane: inputPlane, room)
        for place in 0..<36 {
            rowsProduct(
                SegmentedRows(
                    room.input.base + place * inputPlane, stride: inputs, count: tiles,
                    length: inputs), weights.base + place * inputs * outputs, columns: outputs,
                into: room.output.base + place * outputPlane, outputStride: outputs)
        }
        let across = (layout.width + 3) / 4
        for tile in 0..<tiles {
            let (example, place) = tile.quotientAndRemainder(dividingBy: perExample)
            let (row, column) = place.quotientAndRemainder(dividingBy: across)
            let height = min(4, layout.height - 4 * row)
            let width = min(4, layout.width - 4 * column)
            let target =
                result + (example * layout.positions + 4 * row * layout.width + 4 * column)
                * outputs
            for channel in stride(from: 0, to: outputs, by: 16) {
                winogradOutput(
                    room.output.base + tile * outputs + channel, plane: outputPlane,
                    into: target + channel, stride: outputs, pitch: layout.width * outputs,
                    height: height, width: width, intermediate: room.intermediate.base)
            }
        }
    }

    /// The first part of the backward pass of some examples: their tiles, and those of the result's gradient, which is in
    /// `room`.
    func beginBackward(_ input: ActivationMap, _ examples: Range<Int>, _ room: WinogradTiles) {
        let layout = input.layout
        let perExample = tileCount(layout)
        let tiles = perExample * examples.count
        prepare(room, tiles)
        let outputPlane = plane(tiles, outputs)
        let across = (layout.width + 3) / 4
        transformInput(input, examples, plane: plane(tiles, inputs), room)
        for tile in 0..<tiles {
            let (example, place) = tile.quotientAndRemainder(dividingBy: perExample)
            let (row, column) = place.quotientAndRemainder(dividingBy: across)
            let source =
                room.gradient.pointer(example) + room.gradient.layout.offset(4 * row, 4 * column)
            for channel in stride(from: 0, to: outputs, by: 16) {
                winogradOutputGradient(
                    source + channel, stride: outputs, pitch: room.gradient.layout.pitch,
                    into: room.output.base + tile * outputs + channel, plane: outputPlane,
                    intermediate: room.intermediate.base)
            }
        }
    }

    /// The second part, of one plane: adds to its weight gradient, and replaces the tiles of the input by those of its
    /// gradient.
    func multiplyPlane(_ place: Int, _ layout: MapLayout, examples: Int, _ room: WinogradTiles) {
        let tiles = tileCount(layout) * examples
        let x = room.input.base + place * plane(tiles, inputs)
        let dz = room.output.base + place * plane(tiles, outputs)
        outerProduct(
            x, stride: inputs, pitch: 0, rows: inputs, dz, stride: outputs, pitch: 0,
            columns: outputs, over: PositionGrid(lines: 1, count: tiles),
            into: weightGradient.base + place * inputs * outputs, resultStride: outputs)
        rowsProduct(
            SegmentedRows(dz, stride: outputs, count: tiles, length: outputs),
            transposedWeights.base + place * inputs * outputs, columns: inputs, into: x,
            outputStride: inputs)
    }

    /// The last part: sets the gradient of the input of some examples.
    func endBackward(
        _ layout: MapLayout, _ examples: Range<Int>, _ room: WinogradTiles,
        inputGradient: ActivationMap
    ) {
        let perExample = tileCount(layout)
        let inputPlane = plane(perExample * examples.count, inputs)
        let across = (layout.width + 3) / 4
        let map = room.gradientMap
        for (index, example) in examples.enumerated() {
            map.resize([layout.size])
            map.fill(0)
            for place in 0..<perExample {
                let (row, column) = place.quotientAndRemainder(dividingBy: across)
                let target = map.base + layout.offset(4 * row - 1, 4 * column - 1)
                for channel in stride(from: 0, to: inputs, by: 16) {
                    winogradInputGradient(
                        room.input.base + (index * perExample + place) * inputs + channel,
                        plane: inputPlane, into: target + channel, stride: inputs,
                        pitch: layout.pitch, intermediate: room.intermediate.base)
                }
            }
            let result = inputGradient.pointer(example)
            let line = layout.width * inputs
            for y in 0..<layout.height {
                (result + y * line).update(from: map.base + layout.offset(y, 0), count: line)
            }
        }
    }

    private func prepare(_ room: WinogradTiles, _ tiles: Int) {
        room.input.resize([36 * plane(tiles, inputs)])
        room.output.resize([36 * plane(tiles, outputs)])
    }

    private func transformInput(
        _ input: ActivationMap, _ examples: Range<Int>, plane: Int, _ room: WinogradTiles
    ) {
        let layout = input.layout
        let perExample = tileCount(layout)
        let across = (layout.width + 3) / 4
        for (index, example) in examples.enumerated() {
            for place in 0..<perExample {
                let (row, column) = place.quotientAndRemainder(dividingBy: across)
                let source = input.pointer(example) + layout.offset(4 * row - 1, 4 * column - 1)
                let target = room.input.base + (index * perExample + place) * inputs
                for channel in stride(from: 0, to: inputs, by: 16) {
                    winogradInput(
                        source + channel, stride: inputs, pitch: layout.pitch,
                        into: target + channel, plane: plane,
                        intermediate: room.intermediate.base)
                }
            }
        }
    }
}

/// Room for what one thread makes of a chunk of examples.
final class WinogradTiles {
    /// Tiles of the input. Shape: [36, tiles, inputs], planes apart by a little more than a power of two.
    let input = Tensor([0])
    let output = Tensor([0])
    let intermediate = Tensor([36 * 16])
    /// The result's gradient, of the chunk.
    let gradient = ActivationMap(MapLayout(height: 0, width: 0, channels: 0, stride: 0))
    /// The input's gradient of one example, with the border that tiles reach into.
    let gradientMap = Tensor([0])
    /// The result of a convolution that is pooled at once.
    let band = Tensor([0])
}

/// Where an element lies in the panels of ``packPanels``.
@inline(__always)
func panelOffset(_ row: Int, _ column: Int, rows: Int, columns: Int) -> Int {
    let wide = columns / 64 * 64
    let first: Int
    let width: Int
    if column < wide {
        (first, width) = (column / 64 * 64, 64)
    } else if column < wide + (columns - wide) / 32 * 32 {
        (first, width) = (wide, 32)
    } else {
        (first, width) = (columns - 16, 16)
    }
    return first * rows + row * width + column - first
}
