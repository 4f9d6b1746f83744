extension ConvolutionBlock {
    func forward(_ input: ActivationMap, mode: Mode) {
        if mode == .evaluation {
            norm.useRunning()
        } else if let correlation {
            correlation.compute(input)
            usePatchStatistics(correlation, count: input.examples * input.layout.positions)
        } else {
            return forwardThroughBatch(input)
        }
        if let fusedWinograd {
            for example in 0..<input.examples {
                fusedWinograd.forward(
                    input.pointer(example), input.layout, pool: pool, norm: normalisation,
                    into: targets(example))
            }
        } else if let winograd {
            convolveAndPool(input, winograd)
        } else {
            for example in 0..<input.examples { convolveAndPool(input, example) }
        }
    }

    /// Puts the weights into the order of the kernels that will be used.
    func packWeights(for layout: MapLayout) {
        if let fusedWinograd {
            fusedWinograd.packWeights(weight.value, outputs: outputChannels)
        } else if let winograd {
            winograd.packWeights(weight.value, inputs: inputChannels, outputs: outputChannels)
        } else {
            packPanels(layout.stride)
        }
    }

    /// Convolution of a chunk of examples, whose result stays in the cache, then the rest.
    private func convolveAndPool(_ input: ActivationMap, _ winograd: WinogradScratch) {
        let positions = input.layout.positions
        let chunk = winograd.chunk(input.layout)
        band.resize([chunk * positions, stride])
        for first in Swift.stride(from: 0, to: input.examples, by: chunk) {
            let examples = first..<min(first + chunk, input.examples)
            winograd.forward(input, examples, into: band.base)
            for example in examples {
                normalisePoolRectify(
                    band.base + (example - first) * positions * stride,
                    width: input.layout.width, rows: 0..<output.layout.height, pool: pool,
                    norm: normalisation, into: targets(example))
            }
        }
    }

    /// Convolves the whole batch, because the statistics are known only then.
    private func forwardThroughBatch(_ input: ActivationMap) {
        let layout = input.layout
        let positions = layout.positions
        convolved.resize([input.examples, positions, stride])
        var moments = ChannelMoments(channels: outputChannels)
        let chunk = winograd?.chunk(layout) ?? 1
        for first in Swift.stride(from: 0, to: input.examples, by: chunk) {
            let examples = first..<min(first + chunk, input.examples)
            if let winograd {
                winograd.forward(
                    input, examples, into: convolved.base + first * positions * stride)
            } else {
                convolveRows(
                    input.pointer(first), layout, rows: 0..<layout.height,
                    into: convolved.base + first * positions * stride)
            }
            for example in examples {
                channelMoments(
                    convolved.base + example * positions * stride, positions: positions,
                    stride: stride, mean: exampleMean.base, squares: exampleSquares.base)
                moments.merge(mean: exampleMean, squares: exampleSquares, count: positions)
            }
        }
        norm.useBatch(mean: moments.mean, squares: moments.squares, count: moments.count)
        for example in 0..<input.examples {
            normalisePoolRectify(
                convolved.base + example * positions * stride, width: layout.width,
                rows: 0..<output.layout.height, pool: pool, norm: normalisation,
                into: targets(example))
        }
    }

    /// Convolution, normalisation, pooling and rectifier of one example, a band of rows at a time:
    /// the convolution's result stays in the cache.
    private func convolveAndPool(_ input: ActivationMap, _ example: Int) {
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
        let length = correlation.length
        let area = kernelSize * kernelSize
        correlatedWeights = Array(repeating: 0, count: length * outputChannels)
        var mean = Array(repeating: 0.0, count: outputChannels)
        var squares = mean
        var weights = Array(repeating: 0.0, count: length)
        for channel in 0..<outputChannels {
            let source = weight.value.base + channel * inputChannels * area
            for place in 0..<area {
                for inputChannel in 0..<inputChannels {
                    weights[place * inputChannels + inputChannel] = Double(
                        source[inputChannel * area + place])
                }
            }
            var sum = 0.0
            var square = 0.0
            for row in 0..<length {
                var product = 0.0
                for column in 0..<length {
                    product += correlation.products[row * length + column] * weights[column]
                }
                correlatedWeights[row * outputChannels + channel] = product
                square += product * weights[row]
                sum += correlation.sums[row] * weights[row]
            }
            mean[channel] = sum / Double(count)
            squares[channel] = square - sum * sum / Double(count)
        }
        norm.useBatch(mean: mean, squares: squares, count: count)
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
        for example in 0..<input.examples {
            sparseGradient.add(
                input.pointer(example), layout, gradient: gradient.pointer(example),
                targets: targets(example), pool: pool, into: packedGradient.base)
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

    /// Weight and input gradients of the other blocks, a chunk of examples at a time.
    func backward(_ gradient: ActivationMap, _ input: ActivationMap) {
        let layout = input.layout
        let positions = layout.positions
        let chunk = winograd?.chunk(layout) ?? 1
        convolvedGradient.prepare(
            examples: chunk,
            layout: MapLayout(
                height: layout.height, width: layout.width, channels: outputChannels,
                stride: stride, border: kernelSize / 2))
        inputGradient.prepare(
            examples: input.examples,
            layout: MapLayout(
                height: layout.height, width: layout.width, channels: inputChannels,
                stride: layout.stride))
        if let winograd {
            winograd.beginBackward()
        } else {
            packRotatedPanels()
            packedGradient.resize([kernelSize * kernelSize * layout.stride, stride])
            packedGradient.fill(0)
        }
        for first in Swift.stride(from: 0, to: input.examples, by: chunk) {
            let examples = first..<min(first + chunk, input.examples)
            for example in examples {
                normalisationBackward(
                    convolved.base + example * positions * stride,
                    gradient: gradient.pointer(example), targets: targets(example), pool: pool,
                    scale: norm.scale.base, constant: norm.constant.base,
                    slope: norm.slope.base, into: convolvedGradient.pointer(example - first),
                    layout: convolvedGradient.layout)
            }
            if let winograd {
                winograd.backward(
                    input, examples, gradient: convolvedGradient, inputGradient: inputGradient)
            } else {
                addWeightGradient(input.pointer(first), layout)
                inputGradientRows(inputGradient.pointer(first), inputGradient.layout)
            }
        }
        if let winograd {
            winograd.addWeightGradient(
                to: weight, inputs: inputChannels, outputs: outputChannels)
        } else {
            unpackGradient(inputStride: layout.stride)
        }
    }

    private func addWeightGradient(_ map: UnsafePointer<Float>, _ layout: MapLayout) {
        let reach = kernelSize / 2
        let length = kernelSize * layout.stride
        let dz = convolvedGradient.layout
        for row in 0..<kernelSize {
            outerProduct(
                map + layout.offset(row - reach, -reach), stride: layout.stride,
                pitch: layout.pitch, rows: length,
                convolvedGradient.pointer(0) + dz.offset(0, 0), stride: stride,
                pitch: dz.pitch, columns: stride,
                over: PositionGrid(lines: layout.height, count: layout.width),
                into: packedGradient.base + row * length * stride, resultStride: stride)
        }
    }

    private func inputGradientRows(
        _ target: UnsafeMutablePointer<Float>, _ layout: MapLayout
    ) {
        let reach = kernelSize / 2
        let dz = convolvedGradient.layout
        for y in 0..<layout.height {
            rowsProduct(
                SegmentedRows(
                    convolvedGradient.pointer(0) + dz.offset(y - reach, -reach), stride: stride,
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
