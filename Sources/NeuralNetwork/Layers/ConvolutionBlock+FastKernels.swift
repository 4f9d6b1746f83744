import Platform

extension ConvolutionBlock {
    func forward(_ input: ActivationMap, mode: Mode) {
        if mode == .evaluation {
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

    private func chunks(of input: ActivationMap) -> ExampleChunks {
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

    /// Convolves the whole batch, because the statistics are known only then.
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
            for example in examples {
                channelMoments(
                    convolved.base + example * positions * stride, positions: positions,
                    stride: stride, mean: exampleMeans.base + example * stride,
                    squares: exampleSquares.base + example * stride)
            }
        }
        var moments = ChannelMoments(channels: outputChannels)
        for example in 0..<input.examples {
            moments.merge(
                mean: exampleMeans, squares: exampleSquares, at: example * stride,
                count: positions)
        }
        norm.useBatch(mean: moments.mean, squares: moments.squares, count: moments.count)
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

    /// The first block's weight gradient. BatchNorm's gradient is affine in the convolution's result
    /// but for the one place in each pooling window that the pooled gradient reaches: the affine part
    /// follows from the patches' correlation, and only the sparse part is summed.
    func backwardFirst(_ gradient: ActivationMap, _ input: ActivationMap) {
        guard let correlation, let sparseGradient else { return }
        let layout = input.layout
        let lineWidth = paddedChannels(kernelSize * inputChannels)
        packedGradient.resize([stride, kernelSize, lineWidth])
        packedGradient.fill(0)
        let threads = team.likelyThreads
        let width = threads == 1 ? outputChannels : max(4, outputChannels / (2 * threads))
        team.perform((outputChannels + width - 1) / width) { [self] group, _ in
            for example in 0..<input.examples {
                sparseGradient.add(
                    input.pointer(example), layout, gradient: gradient.pointer(example),
                    targets: targets(example),
                    channels: group * width..<min(outputChannels, (group + 1) * width),
                    pool: pool, into: packedGradient.base)
            }
        }
        let area = kernelSize * kernelSize
        for channel in 0..<outputChannels {
            let scale = Double(norm.scale[channel])
            let constant = Double(norm.constant[channel])
            let slope = Double(norm.slope[channel])
            for row in 0..<correlation.length {
                let (place, inputChannel) = row.quotientAndRemainder(dividingBy: inputChannels)
                let (v, u) = place.quotientAndRemainder(dividingBy: kernelSize)
                let sparse = packedGradient.base[
                    (channel * kernelSize + v) * lineWidth + u * inputChannels + inputChannel]
                let affine =
                    constant * correlation.sums[row]
                    + slope * correlatedWeights[row * outputChannels + channel]
                weight.gradient.base[(channel * inputChannels + inputChannel) * area + place] +=
                    Float(scale * Double(sparse) + affine)
            }
        }
    }

    /// Weight and input gradients of the other blocks.
    ///
    /// Every weight's gradient is a sum over the examples in their order. So threads share the examples where what they give
    /// is independent, and the weights where it is summed: some chunks of examples at a time, in turn.
    func backwardOther(_ gradient: ActivationMap, _ input: ActivationMap) {
        let layout = input.layout
        inputGradient.prepare(
            examples: input.examples,
            layout: MapLayout(
                height: layout.height, width: layout.width, channels: inputChannels,
                stride: layout.stride))
        if let winograd {
            backward(gradient, input, winograd)
        } else {
            backwardDirect(gradient, input)
        }
    }

    private func backward(
        _ gradient: ActivationMap, _ input: ActivationMap, _ winograd: Winograd
    ) {
        let layout = input.layout
        let chunks = chunks(of: input)
        let atOnce = roomsAtOnce(chunks.count)
        winograd.beginBackward()
        // Each room is emptied and filled anew by one item.
        for first in Swift.stride(from: 0, to: chunks.count + atOnce, by: atOnce) {
            team.perform(atOnce) { [self] place, _ in
                let room = rooms[place]
                if first > 0, first - atOnce + place < chunks.count {
                    winograd.endBackward(
                        layout, chunks[first - atOnce + place], room, inputGradient: inputGradient)
                }
                guard first + place < chunks.count else { return }
                let examples = chunks[first + place]
                normaliseBackward(gradient, input, examples, room)
                winograd.beginBackward(input, examples, room)
            }
            guard first < chunks.count else { break }
            let filled = first..<min(chunks.count, first + atOnce)
            team.perform(Winograd.planes) { [self] plane, _ in
                for chunk in filled {
                    winograd.multiplyPlane(
                        plane, layout, examples: chunks[chunk].count, rooms[chunk - first])
                }
            }
        }
        winograd.addWeightGradient(to: weight, inputs: inputChannels, outputs: outputChannels, team)
    }

    private func roomsAtOnce(_ chunks: Int) -> Int {
        let threads = team.likelyThreads
        let count = threads == 1 ? 1 : min(chunks, 2 * threads)
        rooms.reserve(count)
        return count
    }

    /// The gradient of the convolution's result, into a room.
    private func normaliseBackward(
        _ gradient: ActivationMap, _ input: ActivationMap, _ examples: Range<Int>,
        _ room: WinogradTiles
    ) {
        let layout = input.layout
        room.gradient.prepare(
            examples: examples.count,
            layout: MapLayout(
                height: layout.height, width: layout.width, channels: outputChannels,
                stride: stride, border: kernelSize / 2))
        for (place, example) in examples.enumerated() {
            normalisationBackward(
                convolved.base + example * layout.positions * stride,
                gradient: gradient.pointer(example), targets: targets(example), pool: pool,
                scale: norm.scale.base, constant: norm.constant.base, slope: norm.slope.base,
                into: room.gradient.pointer(place), layout: room.gradient.layout)
        }
    }

    /// For kernels of other sizes than 3.
    private func backwardDirect(_ gradient: ActivationMap, _ input: ActivationMap) {
        let layout = input.layout
        packRotatedPanels()
        packedGradient.resize([kernelSize * kernelSize * layout.stride, stride])
        packedGradient.fill(0)
        let atOnce = roomsAtOnce(input.examples)
        let blocks = kernelSize * layout.stride / 16
        for first in Swift.stride(from: 0, to: input.examples, by: atOnce) {
            let examples = first..<min(first + atOnce, input.examples)
            team.perform(examples.count) { [self] place, _ in
                let example = first + place
                normaliseBackward(gradient, input, example..<example + 1, rooms[place])
                inputGradientRows(
                    rooms[place].gradient, inputGradient.pointer(example), inputGradient.layout)
            }
            team.perform(kernelSize * blocks) { [self] item, _ in
                let (row, block) = item.quotientAndRemainder(dividingBy: blocks)
                for example in examples {
                    addWeightGradient(
                        input.pointer(example), layout, rooms[example - first].gradient, row: row,
                        columns: block * 16..<(block + 1) * 16)
                }
            }
        }
        unpackGradient(inputStride: layout.stride)
    }

    /// Of one row of the kernels, and some of the floats of its patches.
    private func addWeightGradient(
        _ map: UnsafePointer<Float>, _ layout: MapLayout, _ gradient: ActivationMap, row: Int,
        columns: Range<Int>
    ) {
        let reach = kernelSize / 2
        let length = kernelSize * layout.stride
        let dz = gradient.layout
        outerProduct(
            map + layout.offset(row - reach, -reach) + columns.lowerBound, stride: layout.stride,
            pitch: layout.pitch, rows: columns.count,
            gradient.pointer(0) + dz.offset(0, 0), stride: stride,
            pitch: dz.pitch, columns: stride,
            over: PositionGrid(lines: layout.height, count: layout.width),
            into: packedGradient.base + (row * length + columns.lowerBound) * stride,
            resultStride: stride)
    }

    private func inputGradientRows(
        _ gradient: ActivationMap, _ target: UnsafeMutablePointer<Float>, _ layout: MapLayout
    ) {
        let reach = kernelSize / 2
        let dz = gradient.layout
        for y in 0..<layout.height {
            rowsProduct(
                SegmentedRows(
                    gradient.pointer(0) + dz.offset(y - reach, -reach), stride: stride,
                    count: layout.width, segments: kernelSize, pitch: dz.pitch,
                    length: kernelSize * stride),
                rotatedPanels.base, columns: layout.stride,
                into: target + layout.offset(y, 0), outputStride: layout.stride)
        }
    }

    private func packRotatedPanels() {
        let area = kernelSize * kernelSize
        let inputStride = paddedChannels(inputChannels)
        rotatedPanels.resize([area * stride, inputStride])
        let (inputs, outputs, stride) = (inputChannels, outputChannels, stride)
        let values = weight.value.base
        NeuralNetwork.packPanels(
            into: rotatedPanels.base, rows: area * stride, columns: inputs,
            paddedColumns: inputStride
        ) { row, column in
            let (place, channel) = row.quotientAndRemainder(dividingBy: stride)
            return channel < outputs
                ? values[(channel * inputs + column) * area + area - 1 - place] : 0
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
