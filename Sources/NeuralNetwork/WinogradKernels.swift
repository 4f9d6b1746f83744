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
            let rows = scratch.baseAddress!
            let result = rows + 18
            for output in 0..<usedOutputs {
                for input in 0..<usedInputs {
                    let kernel = source + (output * usedInputs + input) * 9
                    for column in 0..<3 {
                        spread(kernel[column], kernel[3 + column], kernel[6 + column]) {
                            rows[$0 * 3 + column] = $1
                        }
                    }
                    for row in 0..<6 {
                        let line = rows + row * 3
                        spread(line[0], line[1], line[2]) { result[row * 6 + $0] = $1 }
                    }
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

    /// One dimension of G.
    @inline(__always)
    private func spread(
        _ a: Float, _ b: Float, _ c: Float, _ put: (_ index: Int, _ value: Float) -> Void
    ) {
        let even = a + c
        let quarter = a + 4 * c
        put(0, a / 4)
        put(1, -(even + b) / 6)
        put(2, -(even - b) / 6)
        put(3, (quarter + 2 * b) / 24)
        put(4, (quarter - 2 * b) / 24)
        put(5, c)
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
                collect(
                    outputTiles.base + tile * outputs + channel, plane: outputPlane,
                    into: target + channel, stride: outputs, pitch: layout.width * outputs,
                    height: height, width: width)
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
                spreadGradient(
                    source + channel, stride: outputs, pitch: gradient.layout.pitch,
                    into: outputTiles.base + tile * outputs + channel, plane: outputPlane)
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
                    scatterGradient(
                        inputTiles.base + (index * perExample + place) * inputs + channel,
                        plane: inputPlane, into: target + channel, stride: inputs,
                        pitch: layout.pitch)
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
                    transform(
                        source + channel, stride: inputs, pitch: layout.pitch,
                        into: target + channel, plane: plane)
                }
            }
        }
    }

    // MARK: Tiles

    /// B^T d B.
    @inline(__always)
    private func transform(
        _ source: UnsafePointer<Float>, stride: Int, pitch: Int,
        into target: UnsafeMutablePointer<Float>, plane: Int
    ) {
        let middle = intermediate.base
        for column in 0..<6 {
            let d = source + column * stride
            let t = forwardInput(
                load(d), load(d + pitch), load(d + 2 * pitch), load(d + 3 * pitch),
                load(d + 4 * pitch), load(d + 5 * pitch))
            let m = middle + column * 16
            store(t.0, m)
            store(t.1, m + 96)
            store(t.2, m + 192)
            store(t.3, m + 288)
            store(t.4, m + 384)
            store(t.5, m + 480)
        }
        for row in 0..<6 {
            let m = middle + row * 96
            let t = forwardInput(
                load(m), load(m + 16), load(m + 32), load(m + 48), load(m + 64), load(m + 80))
            let v = target + row * 6 * plane
            store(t.0, v)
            store(t.1, v + plane)
            store(t.2, v + 2 * plane)
            store(t.3, v + 3 * plane)
            store(t.4, v + 4 * plane)
            store(t.5, v + 5 * plane)
        }
    }

    /// A^T m A, of which `height` x `width` are kept.
    @inline(__always)
    private func collect(
        _ source: UnsafePointer<Float>, plane: Int, into target: UnsafeMutablePointer<Float>,
        stride: Int, pitch: Int, height: Int, width: Int
    ) {
        let middle = intermediate.base
        for column in 0..<6 {
            let v = source + column * plane
            let y = forwardOutput(
                load(v), load(v + 6 * plane), load(v + 12 * plane), load(v + 18 * plane),
                load(v + 24 * plane), load(v + 30 * plane))
            let m = middle + column * 16
            store(y.0, m)
            store(y.1, m + 96)
            store(y.2, m + 192)
            store(y.3, m + 288)
        }
        for row in 0..<height {
            let m = middle + row * 96
            let y = forwardOutput(
                load(m), load(m + 16), load(m + 32), load(m + 48), load(m + 64), load(m + 80))
            let line = target + row * pitch
            store(y.0, line)
            if width > 1 { store(y.1, line + stride) }
            if width > 2 { store(y.2, line + 2 * stride) }
            if width > 3 { store(y.3, line + 3 * stride) }
        }
    }

    /// A y A^T.
    @inline(__always)
    private func spreadGradient(
        _ source: UnsafePointer<Float>, stride: Int, pitch: Int,
        into target: UnsafeMutablePointer<Float>, plane: Int
    ) {
        let middle = intermediate.base
        for column in 0..<4 {
            let y = source + column * stride
            let t = backwardOutput(
                load(y), load(y + pitch), load(y + 2 * pitch), load(y + 3 * pitch))
            let m = middle + column * 16
            store(t.0, m)
            store(t.1, m + 96)
            store(t.2, m + 192)
            store(t.3, m + 288)
            store(t.4, m + 384)
            store(t.5, m + 480)
        }
        for row in 0..<6 {
            let m = middle + row * 96
            let t = backwardOutput(load(m), load(m + 16), load(m + 32), load(m + 48))
            let v = target + row * 6 * plane
            store(t.0, v)
            store(t.1, v + plane)
            store(t.2, v + 2 * plane)
            store(t.3, v + 3 * plane)
            store(t.4, v + 4 * plane)
            store(t.5, v + 5 * plane)
        }
    }

    /// Adds B v B^T.
    @inline(__always)
    private func scatterGradient(
        _ source: UnsafePointer<Float>, plane: Int, into target: UnsafeMutablePointer<Float>,
        stride: Int, pitch: Int
    ) {
        let middle = intermediate.base
        for column in 0..<6 {
            let v = source + column * plane
            let d = backwardInput(
                load(v), load(v + 6 * plane), load(v + 12 * plane), load(v + 18 * plane),
                load(v + 24 * plane), load(v + 30 * plane))
            let m = middle + column * 16
            store(d.0, m)
            store(d.1, m + 96)
            store(d.2, m + 192)
            store(d.3, m + 288)
            store(d.4, m + 384)
            store(d.5, m + 480)
        }
        for row in 0..<6 {
            let m = middle + row * 96
            let d = backwardInput(
                load(m), load(m + 16), load(m + 32), load(m + 48), load(m + 64), load(m + 80))
            let line = target + row * pitch
            add(d.0, line)
            add(d.1, line + stride)
            add(d.2, line + 2 * stride)
            add(d.3, line + 3 * stride)
            add(d.4, line + 4 * stride)
            add(d.5, line + 5 * stride)
        }
    }

    @inline(__always)
    private func add(_ vector: Vector, _ pointer: UnsafeMutablePointer<Float>) {
        store(load(pointer) + vector, pointer)
    }
}

private typealias Six = (Vector, Vector, Vector, Vector, Vector, Vector)

/// One dimension of B^T.
@inline(__always)
private func forwardInput(
    _ a: Vector, _ b: Vector, _ c: Vector, _ d: Vector, _ e: Vector, _ f: Vector
) -> Six {
    let even = e.addingProduct(c, Vector(repeating: -4))
    let odd = d.addingProduct(b, Vector(repeating: -4))
    let near = e - c
    let twice = (d - b) + (d - b)
    return (
        e.addingProduct(a, Vector(repeating: 4)).addingProduct(c, Vector(repeating: -5)),
        even + odd, even - odd, near + twice, near - twice,
        f.addingProduct(b, Vector(repeating: 4)).addingProduct(d, Vector(repeating: -5))
    )
}

/// One dimension of A^T.
@inline(__always)
private func forwardOutput(
    _ a: Vector, _ b: Vector, _ c: Vector, _ d: Vector, _ e: Vector, _ f: Vector
) -> (Vector, Vector, Vector, Vector) {
    let sum = b + c
    let difference = b - c
    let farSum = d + e
    let farDifference = d - e
    return (
        a + sum + farSum,
        difference.addingProduct(farDifference, Vector(repeating: 2)),
        sum.addingProduct(farSum, Vector(repeating: 4)),
        (difference + f).addingProduct(farDifference, Vector(repeating: 8))
    )
}

/// One dimension of A.
@inline(__always)
private func backwardOutput(_ a: Vector, _ b: Vector, _ c: Vector, _ d: Vector) -> Six {
    let even = a + c
    let odd = b + d
    let farEven = a.addingProduct(c, Vector(repeating: 4))
    let farOdd = (b + b).addingProduct(d, Vector(repeating: 8))
    return (a, even + odd, even - odd, farEven + farOdd, farEven - farOdd, d)
}

/// One dimension of B.
@inline(__always)
private func backwardInput(
    _ a: Vector, _ b: Vector, _ c: Vector, _ d: Vector, _ e: Vector, _ f: Vector
) -> Six {
    let sum = b + c
    let difference = b - c
    let farSum = d + e
    let farDifference = d - e
    return (
        4 * a,
        4 * (f - difference) - 2 * farDifference,
        -5 * a - 4 * sum - farSum,
        difference.addingProduct(farDifference, Vector(repeating: 2))
            .addingProduct(f, Vector(repeating: -5)),
        a + sum + farSum,
        f
    )
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
