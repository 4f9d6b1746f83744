import Platform

extension ConvolutionBlock {
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
                // Kept statistics have no such part, and no correlation was computed.
                let affine =
                    norm.keepsStatistics
                    ? 0
                    : constant * correlation.sums[row]
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
