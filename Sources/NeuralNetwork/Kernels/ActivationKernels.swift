import Platform

extension ActivationMap {
    /// Where an example's stored rows start.
    func pointer(_ example: Int) -> UnsafeMutablePointer<Float> {
        tensor.base + example * layout.size
    }

    /// Takes over a batch that has channels outermost. Shape: [n, channels, height, width].
    func transpose(from input: UnsafePointer<Float>, _ team: ThreadTeam) {
        let area = layout.positions
        team.perform(examples) { [self] example, _ in
            let source = input + example * layout.channels * area
            let target = pointer(example)
            for y in 0..<layout.height {
                let line = target + layout.offset(y, 0)
                for channel in 0..<layout.channels {
                    let values = source + channel * area + y * layout.width
                    for x in 0..<layout.width { line[x * layout.stride + channel] = values[x] }
                }
            }
        }
    }

    /// The maps as a sequence over rows. Shape: [height, n, channels * width], a position's features
    /// in the order channel * width + column. Of the sequence's `total` examples these are the ones
    /// from `first` on.
    func copySequence(
        to sequence: UnsafeMutablePointer<Float>, first: Int, total: Int, _ team: ThreadTeam
    ) {
        let (width, channels) = (layout.width, layout.channels)
        team.perform(examples) { [self] example, _ in
            for y in 0..<layout.height {
                let line = sequence + (y * total + first + example) * channels * width
                let values = pointer(example) + layout.offset(y, 0)
                for x in 0..<width {
                    for channel in 0..<channels {
                        line[channel * width + x] = values[x * layout.stride + channel]
                    }
                }
            }
        }
    }

    /// The reverse of ``copySequence(to:first:total:_:)``; channels of the padding become zero.
    func copySequence(from sequence: UnsafePointer<Float>, _ team: ThreadTeam) {
        let (width, channels) = (layout.width, layout.channels)
        team.perform(examples) { [self] example, _ in
            for y in 0..<layout.height {
                let line = sequence + (y * examples + example) * channels * width
                let values = pointer(example) + layout.offset(y, 0)
                for x in 0..<width {
                    for channel in 0..<channels {
                        values[x * layout.stride + channel] = line[channel * width + x]
                    }
                    for channel in channels..<layout.stride {
                        values[x * layout.stride + channel] = 0
                    }
                }
            }
        }
    }
}
