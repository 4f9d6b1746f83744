package import Foundation

/// Sounds for browsers: 16-bit samples, the loudest at full scale.
package enum WaveFile {
    /// Shape: [channels][samples], each channel as long as the others.
    package static func data(_ channels: [[Float]], sampleRate: Int) -> Data {
        let peak = channels.lazy.joined().reduce(Float(0)) { max($0, abs($1)) }
        let gain = peak > 0 ? 32_000 / peak : 0
        let samples = channels.first?.count ?? 0
        let bytes = samples * channels.count * 2
        var data = Data()
        func add(_ value: some FixedWidthInteger) {
            withUnsafeBytes(of: value.littleEndian) { data.append(contentsOf: $0) }
        }
        data.append(contentsOf: "RIFF".utf8)
        add(UInt32(36 + bytes))
        data.append(contentsOf: "WAVEfmt ".utf8)
        add(UInt32(16))
        add(UInt16(1))
        add(UInt16(channels.count))
        add(UInt32(sampleRate))
        add(UInt32(sampleRate * channels.count * 2))
        add(UInt16(channels.count * 2))
        add(UInt16(16))
        data.append(contentsOf: "data".utf8)
        add(UInt32(bytes))
        for sample in 0..<samples {
            for channel in channels {
                let value = channel[sample] * gain
                add(Int16(value.isFinite ? value : 0))
            }
        }
        return data
    }
}
