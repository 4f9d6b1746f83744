extension ConvolutionBlock {
    var normalisation: Normalisation {
        Normalisation(
            scale: norm.scale.base, shift: norm.shift.base, mean: norm.mean.base,
            inverseDeviation: norm.inverseDeviation.base)
    }

    func targets(_ example: Int) -> PooledTargets {
        let size = output.layout.positions * stride
        return PooledTargets(
            output: output.pointer(example), layout: output.layout,
            choices: UnsafeMutableRawPointer(choices.base).assumingMemoryBound(to: UInt8.self)
                + example * size,
            peaks: keepsPeaks ? peaks.base + example * size : nil, isKept: keepsChoices)
    }

    /// The plain way: patches as rows of a matrix, one product, then one pass for each operation.
    func forwardReference(_ input: ActivationMap, mode: Mode) {
        let layout = input.layout
        let positions = layout.positions
        let length = kernelSize * kernelSize * inputChannels
        packWeights()
        convolved.resize([input.examples, positions, stride])
        patches.resize([positions, length])
        exampleMeans.resize([1, stride])
        exampleSquares.resize([1, stride])
        var moments = ChannelMoments(channels: outputChannels)
        for example in 0..<input.examples {
            gatherPatches(input.pointer(example), layout)
            let z = convolved.base + example * positions * stride
            multiply(
                patches.base, transposed: false, stride: length, packedWeights.base,
                transposed: false, stride: stride, into: z,
                stride: stride, rows: positions, columns: stride, inner: length)
            if mode == .training, !norm.keepsStatistics {
                channelMoments(
                    z, positions: positions, stride: stride, mean: exampleMeans.base,
                    squares: exampleSquares.base)
                moments.merge(
                    mean: exampleMeans, squares: exampleSquares, at: 0, count: positions)
            }
        }
        switch mode {
        case .training where !norm.keepsStatistics:
            norm.useBatch(mean: moments.mean, squares: moments.squares, count: moments.count)
        case .training, .evaluation: norm.useRunning()
        }
        for example in 0..<input.examples {
            normalisePoolRectify(
                convolved.base + example * positions * stride, width: layout.width,
                rows: 0..<output.layout.height, pool: pool, norm: normalisation,
                into: targets(example))
        }
    }

    func backwardReference(_ gradient: ActivationMap, _ input: ActivationMap) {
        let layout = input.layout
        let positions = layout.positions
        let length = kernelSize * kernelSize * inputChannels
        let plain = MapLayout(
            height: layout.height, width: layout.width, channels: outputChannels, stride: stride)
        convolvedGradient.prepare(examples: 1, layout: plain)
        packedGradient.resize([length, stride])
        packedGradient.fill(0)
        if !isFirst {
            inputGradient.prepare(
                examples: input.examples,
                layout: MapLayout(
                    height: layout.height, width: layout.width, channels: inputChannels,
                    stride: layout.stride))
            inputGradient.tensor.fill(0)
        }
        for example in 0..<input.examples {
            let dz = convolvedGradient.pointer(0)
            normalisationBackward(
                convolved.base + example * positions * stride, gradient: gradient.pointer(example),
                targets: targets(example), pool: pool, scale: norm.scale.base,
                constant: norm.constant.base, slope: norm.slope.base, into: dz, layout: plain)
            gatherPatches(input.pointer(example), layout)
            multiply(
                patches.base, transposed: true, stride: length, dz, transposed: false,
                stride: stride,
                into: packedGradient.base, stride: stride, rows: length, columns: stride,
                inner: positions, beta: 1)
            if !isFirst {
                multiply(
                    dz, transposed: false, stride: stride, packedWeights.base, transposed: true,
                    stride: stride,
                    into: patches.base, stride: length, rows: positions, columns: length,
                    inner: stride)
                scatterPatches(inputGradient.pointer(example), inputGradient.layout)
            }
        }
        unpackGradient(inputStride: inputChannels)
    }

    /// [out, in, k, k] -> [k, k, in, out padded].
    func packWeights() {
        let area = kernelSize * kernelSize
        packedWeights.resize([area * inputChannels, stride])
        for output in 0..<outputChannels {
            for channel in 0..<inputChannels {
                let source = weight.value.base + (output * inputChannels + channel) * area
                for place in 0..<area {
                    packedWeights.base[(place * inputChannels + channel) * stride + output] =
                        source[place]
                }
            }
        }
    }

    /// Adds the packed gradient to the parameter's. Shape: packed [k, k, inputStride, stride].
    func unpackGradient(inputStride: Int) {
        let area = kernelSize * kernelSize
        for output in 0..<outputChannels {
            for channel in 0..<inputChannels {
                let target = weight.gradient.base + (output * inputChannels + channel) * area
                for place in 0..<area {
                    target[place] +=
                        packedGradient.base[(place * inputStride + channel) * stride + output]
                }
            }
        }
    }

    /// Shape: patches [height * width, k * k * inputChannels].
    private func gatherPatches(_ map: UnsafePointer<Float>, _ layout: MapLayout) {
        let reach = kernelSize / 2
        var target = patches.base
        for y in 0..<layout.height {
            for x in 0..<layout.width {
                for row in 0..<kernelSize {
                    for column in 0..<kernelSize {
                        let source = map + layout.offset(y + row - reach, x + column - reach)
                        target.update(from: source, count: inputChannels)
                        target += inputChannels
                    }
                }
            }
        }
    }

    /// Adds each patch to where it came from; what falls outside the map is dropped.
    private func scatterPatches(_ map: UnsafeMutablePointer<Float>, _ layout: MapLayout) {
        let reach = kernelSize / 2
        var source = UnsafePointer(patches.base)
        for y in 0..<layout.height {
            for x in 0..<layout.width {
                for row in 0..<kernelSize {
                    for column in 0..<kernelSize {
                        let (v, u) = (y + row - reach, x + column - reach)
                        if (0..<layout.height).contains(v) && (0..<layout.width).contains(u) {
                            let target = map + layout.offset(v, u)
                            for channel in 0..<inputChannels {
                                target[channel] += source[channel]
                            }
                        }
                        source += inputChannels
                    }
                }
            }
        }
    }
}
