import Foundation
import Randomness
import SoundData

extension FuzzedReader {
    static let sounds: [FuzzedReader] = [
        FuzzedReader(
            name: "wav", fileName: "input.wav", share: 1,
            seeds: { folder in
                try [sound("a.wav", folder, channels: 1), sound("b.wav", folder, channels: 4)]
                    + [integerWave(bits: 8), integerWave(bits: 16), integerWave(bits: 24)]
            }, read: readSound),
        FuzzedReader(
            name: "flac", fileName: "input.flac", share: 1,
            seeds: { try [sound("a.flac", $0, channels: 1), sound("b.flac", $0, channels: 2)] },
            read: readSound),
        FuzzedReader(
            name: "ogg", fileName: "input.ogg", share: 1,
            seeds: { try [sound("a.ogg", $0, channels: 1), sound("b.ogg", $0, channels: 2)] },
            read: readSound),
        FuzzedReader(
            name: "soundfont", fileName: "input.sf2", share: 1,
            seeds: { _ in [SoundFontSketch(samples: 1).bytes, SoundFontSketch(samples: 3).bytes] },
            read: { file in
                let font = try SoundFont(file)
                for sample in font.samples {
                    guard font.read(sample).allSatisfy({ $0.isFinite && abs($0) <= 1 }) else {
                        throw FuzzFinding(description: "samples beyond full scale")
                    }
                }
            }),
    ]

    private static func sound(_ name: String, _ folder: URL, channels: Int) throws -> [UInt8] {
        var stream = Randomness.Stream(1, "fuzz sound", channels)
        let samples = (0..<channels * 400).map { _ in Float(0.1 * stream.normal()) }
        let file = folder.appending(path: name)
        try SoundFile.write(samples, channels: channels, sampleRate: 16_000, to: file)
        return [UInt8](try Data(contentsOf: file))
    }

    /// A wav file of whole numbers, with a chunk that nobody reads.
    private static func integerWave(bits: Int) -> [UInt8] {
        let frame = bits / 8 * 2
        var bytes = Array("RIFF".utf8) + little(4 + 24 + 12 + 8 + 200 * frame, 4)
        bytes += Array("WAVEfmt ".utf8) + little(16, 4) + little(1, 2) + little(2, 2)
        bytes += little(44_100, 4) + little(44_100 * frame, 4) + little(frame, 2) + little(bits, 2)
        bytes += Array("LIST".utf8) + little(4, 4) + Array("INFO".utf8)
        bytes += Array("data".utf8) + little(200 * frame, 4)
        return bytes + (0..<200 * frame).map { UInt8(truncatingIfNeeded: $0 &* 37) }
    }

    static func little(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    private static func readSound(_ file: URL) throws {
        let reader = ClipReader()
        let channels = try reader.loadChannels(file)
        guard channels.allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
            throw FuzzFinding(description: "samples that are not finite")
        }
        _ = try reader.load(file)
    }
}

/// The bytes of a small SoundFont 2 file: samples, each with an instrument and a preset of its own.
private struct SoundFontSketch {
    var samples: Int

    var bytes: [UInt8] {
        let frames = 60
        let indices = Array(0..<samples)
        func record(_ name: String, _ fields: [(value: Int, size: Int)]) -> [UInt8] {
            Array(name.utf8) + Array(repeating: 0, count: 20 - name.utf8.count)
                + fields.flatMap { FuzzedReader.little($0.value, $0.size) }
        }
        func pairs(_ values: [(Int, Int)]) -> [UInt8] {
            values.flatMap { FuzzedReader.little($0.0, 2) + FuzzedReader.little($0.1, 2) }
        }
        let headers = indices.flatMap { index in
            record(
                "sample",
                [(index * frames, 4), ((index + 1) * frames, 4), (0, 4), (0, 4), (16_000, 4)]
                    + [(60, 1), (0, 1), (0, 2), ([1, 4, 2][index % 3], 2)])
        }
        let presets = (indices + [samples]).flatMap {
            record("preset", [($0, 2), (0, 2), ($0, 2), (0, 4), (0, 4), (0, 4)])
        }
        let instruments = (indices + [samples]).flatMap { record("instrument", [($0, 2)]) }
        let tables =
            chunk("phdr", presets) + chunk("pbag", pairs((indices + [samples]).map { ($0, 0) }))
            + chunk("pgen", pairs(indices.map { (41, $0) })) + chunk("inst", instruments)
            + chunk("ibag", pairs((indices + [samples]).map { (2 * $0, 0) }))
            + chunk("igen", pairs(indices.flatMap { [(43, 60 | 60 << 8), (53, $0)] }))
            + chunk("shdr", headers + Array(repeating: 0, count: 46))
        let pool = (0..<samples * frames).flatMap { FuzzedReader.little($0 &* 997, 2) }
        let body =
            Array("sfbk".utf8) + chunk("LIST", Array("sdta".utf8) + chunk("smpl", pool))
            + chunk("LIST", Array("pdta".utf8) + tables)
        return chunk("RIFF", body)
    }

    private func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
        Array(name.utf8) + FuzzedReader.little(content.count, 4) + content
            + Array(repeating: 0, count: content.count % 2)
    }
}
