/// Finds the loudest stretch of a sound that arrives in blocks, without keeping the sound.
struct LoudestStretch {
    /// Where the loudest stretch begins, the first of equally loud ones.
    private(set) var start = 0
    /// Samples a channel that have arrived.
    private(set) var length = 0

    private let count: Int
    /// The last `count` samples of each channel; sample i stands at i % count.
    private var recent: [[Float]]
    private var energy = 0.0
    private var loudest = -1.0

    /// - Parameter count: length of the stretch.
    init(count: Int, channels: Int) {
        self.count = count
        recent = Array(repeating: Array(repeating: 0, count: count), count: channels)
    }

    /// Shape: [channels][samples].
    mutating func add(_ block: [[Float]]) {
        var place = length % count
        for index in 0..<(block.first?.count ?? 0) {
            let end = length + index
            for channel in block.indices {
                let sample = block[channel][index]
                energy += Double(sample * sample)
                if end >= count {
                    let left = recent[channel][place]
                    energy -= Double(left * left)
                }
                recent[channel][place] = sample
            }
            place = place + 1 == count ? 0 : place + 1
            // A margin keeps the first of equally loud stretches, whatever the rounding.
            if end >= count - 1, energy > loudest * (1 + 1e-9) {
                loudest = energy
                start = end - count + 1
            }
        }
        length += block.first?.count ?? 0
    }

    /// The whole sound, where it is no longer than the stretch. Shape: [channels][length].
    var whole: [[Float]] { recent.map { Array($0.prefix(length)) } }
}
