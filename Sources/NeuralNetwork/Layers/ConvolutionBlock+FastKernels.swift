import Platform

extension ConvolutionBlock {
    func forward(_ input: ActivationMap, mode: Mode) {
        if mode == .evaluation || (norm.keepsStatistics && isFirst) {
            norm.useRunning()
        } else if let correlation {
            correlation.compute(input, team)
            usePatchStatistics(correlation, count: input.examples * input.layout.positions)
        } else {
            return forwardThroughBatch(input)
        }
        if let fusedWinograd, let fusedTiles {
            team.perform(input.examples, fusedTiles) { [self] example, tiles in
                fusedWinograd.forward(
                    input.pointer(example), input.layout, pool: pool, norm: normalisation, tiles,
                    into: targets(example))
            }
        } else if let winograd {
            forEachChunk(of: input) { [self] examples, tiles in
                convolveAndPool(input, examples, winograd, tiles)
            }
        } else {
            forEachChunk(of: input) { [self] examples, tiles in
                for example in examples { convolveAndPool(input, example, tiles.band) }
            }
        }
    }

    /// Puts the weights into the order of the kernels that will be used.
    func packWeights(for layout: MapLayout, mode: Mode) {
        if let fusedWinograd {
            fusedWinograd.packWeights(weight.value, outputs: outputChannels)
        } else if let winograd {
            winograd.packWeights(
                weight.value, inputs: inputChannels, outputs: outputChannels,
                learns: mode == .training, team)
        } else {
            packPanels(layout.stride)
        }
    }

    /// Examples whose intermediate results fit the cache, each chunk by one thread.
    private func forEachChunk(
        of input: ActivationMap, _ body: @escaping (Range<Int>, WinogradTiles) -> Void
    ) {
        let chunks = chunks(of: input)
        team.perform(chunks.count, tiles) { chunk, tiles in body(chunks[chunk], tiles) }
    }

    func chunks(of input: ActivationMap) -> ExampleChunks {
        ExampleChunks(
            examples: input.examples,
            size: winograd?.chunk(
                input.layout, of: input.examples, threads: team.likelyThreads) ?? 1)
    }

    /// Convolution of a chunk of examples, whose result stays in the cache, then the rest.
    private func convolveAndPool(
        _ input: ActivationMap, _ examples: Range<Int>, _ winograd: Winograd,
        _ tiles: WinogradTiles
    ) {
        let size = input.layout.positions * stride
        tiles.band.resize([examples.count, size])
        winograd.forward(input, examples, tiles, into: tiles.band.base)
        for (place, example) in examples.enumerated() {
            normalisePoolRectify(
                tiles.band.base + place * size, width: input.layout.width,
                rows: 0..<output.layout.height, pool: pool, norm: normalisation,
                into: targets(example))
        }
    }

    /// Convolves the whole batch, because the statistics are known only then, and keeps the result for
    /// the backward pass.
    private func forwardThroughBatch(_ input: ActivationMap) {
        let layout = input.layout
        let positions = layout.positions
        convolved.resize([input.examples, positions, stride])
        exampleMeans.resize([input.examples, stride])
        exampleSquares.resize([input.examples, stride])
        forEachChunk(of: input) { [self] examples, tiles in
            let result = convolved.base + examples.lowerBound * positions * stride
            if let winograd {
                winograd.forward(input, examples, tiles, into: result)
            } else {
                convolveRows(
                    input.pointer(examples.lowerBound), layout, rows: 0..<layout.height,
                    into: result)
            }
            guard !norm.keepsStatistics else { return }
            for example in examples {
                channelMoments(
                    convolved.base + example * positions * stride, positions: positions,
                    stride: stride, mean: exampleMeans.base + example * stride,
                    squares: exampleSquares.base + example * stride)
            }
        }
        if norm.keepsStatistics {
            norm.useRunning()
        } else {
            var moments = ChannelMoments(channels: outputChannels)
            for example in 0..<input.examples {
                moments.merge(
                    mean: exampleMeans, squares: exampleSquares, at: example * stride,
                    count: positions)
            }
            norm.useBatch(mean: moments.mean, squares: moments.squares, count: moments.count)
        }
        team.perform(input.examples) { [self] example, _ in
            normalisePoolRectify(
                convolved.base + example * positions * stride, width: layout.width,
                rows: 0..<output.layout.height, pool: pool, norm: normalisation,
                into: targets(example))
        }
    }

    /// Convolution, normalisation, pooling and rectifier of one example, a band of rows at a time:
    /// the convolution's result stays in the cache.
    private func convolveAndPool(_ input: ActivationMap, _ example: Int, _ band: Tensor) {
        let layout = input.layout
        band.resize([pool.height * layout.width, stride])
        for y in 0..<output.layout.height {
            convolveRows(
                input.pointer(example), layout,
                rows: y * pool.height..<(y + 1) * pool.height, into: band.base)
            normalisePoolRectify(
                band.base, width: layout.width, rows: y..<y + 1, pool: pool, norm: normalisation,
                into: targets(example))
        }
    }

    /// Shape: output [rows, width, stride].
    private func convolveRows(
        _ map: UnsafePointer<Float>, _ layout: MapLayout, rows: Range<Int>,
        into output: UnsafeMutablePointer<Float>
    ) {
        let reach = kernelSize / 2
        for (index, y) in rows.enumerated() {
            rowsProduct(
                SegmentedRows(
                    map + layout.offset(y - reach, -reach), stride: layout.stride,
                    count: layout.width, segments: kernelSize, pitch: layout.pitch,
                    length: kernelSize * layout.stride),
                panels.base, columns: stride, into: output + index * layout.width * stride,
                outputStride: stride)
        }
    }

    /// Mean and variance of the convolution's result from those of its patches.
    private func usePatchStatistics(_ correlation: PatchCorrelation, count: Int) {
        correlatedWeights = Array(repeating: 0, count: correlation.length * outputChannels)
        var mean = Array(repeating: 0.0, count: outputChannels)
        var squares = mean
        correlatedWeights.withUnsafeMutableBufferPointer { correlated in
            mean.withUnsafeMutableBufferPointer { mean in
                squares.withUnsafeMutableBufferPointer { squares in
                    let (correlated, mean, squares) = (correlated, mean, squares)
                    team.perform(outputChannels) { [self] channel, _ in
                        (mean[channel], squares[channel]) = patchStatistics(
                            channel, correlation, count: count, into: correlated)
                    }
                }
            }
        }
        norm.useBatch(mean: mean, squares: squares, count: count)
    }

    /// Mean and sum of squared deviations of one output; its column of the correlated weights is filled.
    private func patchStatistics(
        _ channel: Int, _ correlation: PatchCorrelation, count: Int,
        into correlated: UnsafeMutableBufferPointer<Double>
    ) -> (mean: Double, squares: Double) {
        let length = correlation.length
        let area = kernelSize * kernelSize
        return withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * length) { scratch in
            let weights = scratch.baseAddress!
            let products = weights + length
            let source = weight.value.base + channel * inputChannels * area
            for place in 0..<area {
                for inputChannel in 0..<inputChannels {
                    weights[place * inputChannels + inputChannel] = Double(
                        source[inputChannel * area + place])
                }
            }
            correlation.multiply(weights, into: products)
            var sum = 0.0
            var square = 0.0
            for row in 0..<length {
                correlated[row * outputChannels + channel] = products[row]
                square += products[row] * weights[row]
                sum += correlation.sums[row] * weights[row]
            }
            return (sum / Double(count), square - sum * sum / Double(count))
        }
    }

    private func packPanels(_ inputStride: Int) {
        let area = kernelSize * kernelSize
        panels.resize([area * inputStride, stride])
        let (inputs, values) = (inputChannels, weight.value.base)
        NeuralNetwork.packPanels(
            into: panels.base, rows: area * inputStride, columns: outputChannels,
            paddedColumns: stride
        ) { row, column in
            let (place, channel) = row.quotientAndRemainder(dividingBy: inputStride)
            return channel < inputs ? values[(column * inputs + channel) * area + place] : 0
        }
    }
}

/// A batch in pieces of equal size; the last may be smaller.
struct ExampleChunks {
    let examples: Int
    let size: Int

    var count: Int { (examples + size - 1) / size }

    subscript(index: Int) -> Range<Int> {
        index * size..<min(examples, (index + 1) * size)
    }
}
