/// Convolution with 3 x 3 kernels by Winograd's F(4 x 4, 3 x 3): 36 products for 16 results instead of
/// 144 (Lavin and Gray 2016, arXiv 1509.09308; points 0, +-1, +-2, infinity).
///
/// With g the kernel, d a tile of 6 x 6 and M the result of 4 x 4:
/// M = A^T [(G g G^T) * (B^T d B)] A, products taken over channels. The backward passes are the
/// transposes of the same maps. Rounding errors are some ten times those of the direct sum, about 5e-6
/// of the largest value.
final class WinogradScratch {
    private let inputs: Int
    private let outputs: Int
    /// G g G^T as panels. Shape: [36, inputs, outputs].
    private let weights: Tensor
    /// The same with inputs and outputs exchanged.
    private let transposedWeights: Tensor
    /// Shape: [36, inputs, outputs].
    private let weightGradient: Tensor
    /// Tiles of the input. Shape: [36, tiles, inputs], planes apart by a little more than a power of two.
    private let inputTiles = Tensor([0])
    private let outputTiles = Tensor([0])
    private let intermediate = Tensor([36 * 16])
    /// The input's gradient of one example, with the border that tiles reach into.
    private let gradientMap = Tensor([0])
    /// Tiles that are transformed at once: tiles and weights together fit the second-level cache.
    private static let tilesAtOnce = 32

    /// - Parameters: channels, multiples of 16.
    init(inputs: Int, outputs: Int) {
        self.inputs = inputs
        self.outputs = outputs
        weights = Tensor([36, inputs, outputs])
        transposedWeights = Tensor([36, outputs, inputs])
        weightGradient = Tensor([36, inputs, outputs])
    }

    /// Examples to pass in one call.
    func chunk(_ layout: MapLayout) -> Int { max(1, Self.tilesAtOnce / tileCount(layout)) }

    private func tileCount(_ layout: MapLayout) -> Int {
        ((layout.height + 3) / 4) * ((layout.width + 3) / 4)
    }

    private func plane(_ tiles: Int, _ channels: Int) -> Int { tiles * channels + 16 }

    // MARK: Weights

    /// Shape: weights [outputs, inputs, 3, 3].
    func packWeights(_ tensor: Tensor, inputs usedInputs: Int, outputs usedOutputs: Int) {
        let source = tensor.base
        withUnsafeTemporaryAllocation(of: Float.self, capacity: 54) { scratch in
            let result = scratch.baseAddress!
            for output in 0..<usedOutputs {
                for input in 0..<usedInputs {
                    spreadKernel(
                        source + (output * usedInputs + input) * 9, into: result,
                        scratch: result + 36)
                    let forward = panelOffset(input, output, rows: inputs, columns: outputs)
                    let backward = panelOffset(output, input, rows: outputs, columns: inputs)
                    for place in 0..<36 {
                        weights.base[place * inputs * outputs + forward] = result[place]
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

    func beginBackward() { weightGradient.fill(0) }

    /// Adds G^T dU G of all backward passes since ``beginBackward()``.
    func addWeightGradient(
        to parameter: Parameter, inputs usedInputs: Int, outputs usedOutputs: Int
    ) {
        let target = parameter.gradient.base
        let size = inputs * outputs
        withUnsafeTemporaryAllocation(of: Float.self, capacity: 18) { scratch in
            for output in 0..<usedOutputs {
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
        _ input: ActivationMap, _ examples: Range<Int>, into result: UnsafeMutablePointer<Float>
    ) {
        let layout = input.layout
        let perExample = tileCount(layout)
        let tiles = perExample * examples.count
        prepare(tiles)
        let inputPlane = plane(tiles, inputs)
        let outputPlane = plane(tiles, outputs)
        transformInput(input, examples, plane: inputPlane)
        for place in 0..<36 {
            rowsProduct(
                SegmentedRows(
                    inputTiles.base + place * inputPlane, stride: inputs, count: tiles,
                    length: inputs), weights.base + place * inputs * outputs, columns: outputs,
                into: outputTiles.base + place * outputPlane, outputStride: outputs)
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
                    outputTiles.base + tile * outputs + channel, plane: outputPlane,
                    into: target + channel, stride: outputs, pitch: layout.width * outputs,
                    height: height, width: width, intermediate: intermediate.base)
            }
        }
    }

    /// Adds to the weight gradient, and sets the gradient of the input.
    ///
    /// - Parameter gradient: of the result; its first example is the first of `examples`.
    func backward(
        _ input: ActivationMap, _ examples: Range<Int>, gradient: ActivationMap,
        inputGradient: ActivationMap
    ) {
        let layout = input.layout
        let perExample = tileCount(layout)
        let tiles = perExample * examples.count
        prepare(tiles)
        let inputPlane = plane(tiles, inputs)
        let outputPlane = plane(tiles, outputs)
        let across = (layout.width + 3) / 4
        transformInput(input, examples, plane: inputPlane)
        for tile in 0..<tiles {
            let (example, place) = tile.quotientAndRemainder(dividingBy: perExample)
            let (row, column) = place.quotientAndRemainder(dividingBy: across)
            let source =
                gradient.pointer(example) + gradient.layout.offset(4 * row, 4 * column)
            for channel in stride(from: 0, to: outputs, by: 16) {
                winogradOutputGradient(
                    source + channel, stride: outputs, pitch: gradient.layout.pitch,
                    into: outputTiles.base + tile * outputs + channel, plane: outputPlane,
                    intermediate: intermediate.base)
            }
        }
        for place in 0..<36 {
            let x = inputTiles.base + place * inputPlane
            let dz = outputTiles.base + place * outputPlane
            outerProduct(
                x, stride: inputs, pitch: 0, rows: inputs, dz, stride: outputs, pitch: 0,
                columns: outputs, over: PositionGrid(lines: 1, count: tiles),
                into: weightGradient.base + place * inputs * outputs, resultStride: outputs)
            rowsProduct(
                SegmentedRows(dz, stride: outputs, count: tiles, length: outputs),
                transposedWeights.base + place * inputs * outputs, columns: inputs, into: x,
                outputStride: inputs)
        }
        for (index, example) in examples.enumerated() {
            gradientMap.resize([layout.size])
            gradientMap.fill(0)
            for place in 0..<perExample {
                let (row, column) = place.quotientAndRemainder(dividingBy: across)
                let target = gradientMap.base + layout.offset(4 * row - 1, 4 * column - 1)
                for channel in stride(from: 0, to: inputs, by: 16) {
                    winogradInputGradient(
                        inputTiles.base + (index * perExample + place) * inputs + channel,
                        plane: inputPlane, into: target + channel, stride: inputs,
                        pitch: layout.pitch, intermediate: intermediate.base)
                }
            }
            let result = inputGradient.pointer(example)
            let line = layout.width * inputs
            for y in 0..<layout.height {
                (result + y * line).update(
                    from: gradientMap.base + layout.offset(y, 0), count: line)
            }
        }
    }

    private func prepare(_ tiles: Int) {
        inputTiles.resize([36 * plane(tiles, inputs)])
        outputTiles.resize([36 * plane(tiles, outputs)])
    }

    private func transformInput(_ input: ActivationMap, _ examples: Range<Int>, plane: Int) {
        let layout = input.layout
        let perExample = tileCount(layout)
        let across = (layout.width + 3) / 4
        for (index, example) in examples.enumerated() {
            for place in 0..<perExample {
                let (row, column) = place.quotientAndRemainder(dividingBy: across)
                let source = input.pointer(example) + layout.offset(4 * row - 1, 4 * column - 1)
                let target = inputTiles.base + (index * perExample + place) * inputs
                for channel in stride(from: 0, to: inputs, by: 16) {
                    winogradInput(
                        source + channel, stride: inputs, pitch: layout.pitch,
                        into: target + channel, plane: plane,
                        intermediate: intermediate.base)
                }
            }
        }
    }
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
