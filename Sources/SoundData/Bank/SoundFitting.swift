/// Brings sounds to a length and a level.
package enum SoundFitting {
    /// Root mean square of a source's samples before it is placed in a room. Full scale is 1.
    package static let level: Float = 0.1

    /// The loudest stretch of a longer sound, or repetitions of a shorter one. All channels are cut
    /// at the same place.
    ///
    /// Shape: [channels][samples] in, [channels][`count`] out.
    package static func fit(_ channels: [[Float]], count: Int, sampleRate: Int) -> [[Float]] {
        guard let length = channels.first?.count, length != count else { return channels }
        if length > count {
            var search = LoudestStretch(count: count, channels: channels.count)
            search.add(channels)
            let start = search.start
            return channels.map { Array($0[start..<(start + count)]) }
        }
        return channels.map { loop($0, count: count, crossfade: min(length / 4, sampleRate / 100)) }
    }

    /// Scales all channels by one factor, so that their mean square is ``level`` squared.
    package static func normalise(_ channels: [[Float]]) -> [[Float]] {
        var energy = 0.0
        for channel in channels { for sample in channel { energy += Double(sample * sample) } }
        let count = Double(channels.count * (channels.first?.count ?? 0))
        guard energy > 0 else { return channels }
        let gain = level / Float((energy / count).squareRoot())
        return channels.map { channel in channel.map { $0 * gain } }
    }

    /// Repeats a sound; the end of each repetition fades into the beginning of the next.
    private static func loop(_ sound: [Float], count: Int, crossfade: Int) -> [Float] {
        let period = sound.count - crossfade
        return [Float](unsafeUninitializedCapacity: count) { output, written in
            var phase = 0
            for index in 0..<count {
                if index >= period, phase < crossfade {
                    let weight = (Float(phase) + 0.5) / Float(crossfade)
                    output[index] = weight * sound[phase] + (1 - weight) * sound[period + phase]
                } else {
                    output[index] = sound[phase]
                }
                phase += 1
                if phase == period { phase = 0 }
            }
            written = count
        }
    }
}
