/// Brings sounds to a length and a level.
package enum SoundFitting {
    /// Root mean square of a source's samples before it is placed in a room. Full scale is 1.
    package static let level: Float = 0.1

    /// Samples whose squares are numbers: very large or very small ones are multiplied by a power of
    /// two, which changes no digit of them.
    package static func audible(_ channels: [[Float]]) -> [[Float]] {
        var peak: Float = 0
        for channel in channels { for sample in channel { peak = max(peak, abs(sample)) } }
        guard peak > 0, peak.isFinite, !(0x1p-30...0x1p30).contains(peak) else { return channels }
        let exponent = -Int(peak.exponent)
        return channels.map { channel in
            channel.map { Float(sign: .plus, exponent: exponent, significand: $0) }
        }
    }

    /// The loudest stretch of a longer sound, or repetitions of a shorter one. All channels are cut
    /// at the same place.
    ///
    /// Shape: [channels][samples] in, [channels][`count`] out.
    package static func fit(_ channels: [[Float]], count: Int, sampleRate: Int) -> [[Float]] {
        guard let length = channels.first?.count, length != count else { return channels }
        if length > count {
            let start = loudestStart(channels, count: count)
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

    private static func loudestStart(_ channels: [[Float]], count: Int) -> Int {
        let length = channels[0].count
        var energy = 0.0
        var loudest = -1.0
        var start = 0
        for end in 0..<length {
            for channel in channels {
                energy += Double(channel[end] * channel[end])
                if end >= count {
                    energy -= Double(channel[end - count] * channel[end - count])
                }
            }
            // A margin keeps the first of equally loud stretches, whatever the rounding.
            if end >= count - 1, energy > loudest * (1 + 1e-9) {
                loudest = energy
                start = end - count + 1
            }
        }
        return start
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
