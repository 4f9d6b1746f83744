import Foundation
import SoundData
import TestSupport

extension TemporaryFolder {
    /// A tone of its own pitch, so that no two files are equal.
    func writeTone(
        _ path: String, seconds: Double = 0.1, sampleRate: Int = 16_000, frequency: Double = 440,
        channels: Int = 1, amplitude: Double = 0.5
    ) throws {
        let count = Int(seconds * Double(sampleRate))
        var samples: [Float] = []
        for channel in 0..<channels {
            for index in 0..<count {
                let phase = 2 * Double.pi * frequency * Double(index) / Double(sampleRate)
                samples.append(Float(amplitude * sin(phase)) * Float(channel + 1))
            }
        }
        try writeSound(path, samples, sampleRate: sampleRate, channels: channels)
    }

    /// `samples` planar; stored as float wav, 16-bit flac or vorbis by the name's ending.
    func writeSound(
        _ path: String, _ samples: [Float], sampleRate: Int = 16_000, channels: Int = 1
    ) throws {
        try SoundFile.write(
            samples, channels: channels, sampleRate: sampleRate, to: try file(path))
    }
}
