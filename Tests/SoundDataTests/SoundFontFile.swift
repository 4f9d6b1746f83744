import Foundation

/// Writes small SoundFont 2 files: samples, each with the presets that play it.
struct SoundFontFile {
    struct Sample {
        var name: String
        var samples: [Int16]
        var sampleRate = 16_000
        /// 1 mono, 2 right, 4 left.
        var type = 1
        var bank = 0
        var program = 0
        var key = 60
    }

    var samples: [Sample]

    var bytes: Data {
        var pool = Data()
        var headers = Data()
        var presets = Data()
        var presetBags = Data()
        var presetGenerators = Data()
        var instruments = Data()
        var instrumentBags = Data()
        var instrumentGenerators = Data()
        for (index, sample) in samples.enumerated() {
            let start = pool.count / 2
            for value in sample.samples { pool.add(UInt16(bitPattern: value)) }
            headers.add(name: sample.name)
            for value in [start, start + sample.samples.count, start, start, sample.sampleRate] {
                headers.add(UInt32(value))
            }
            headers.append(contentsOf: [60, 0])
            headers.add(UInt16(0))
            headers.add(UInt16(sample.type))
            presets.add(name: "preset \(index)")
            for value in [sample.program, sample.bank, index] { presets.add(UInt16(value)) }
            presets.append(Data(count: 12))
            for value in [index, 0] { presetBags.add(UInt16(value)) }
            for value in [41, index] { presetGenerators.add(UInt16(value)) }
            instruments.add(name: "instrument \(index)")
            instruments.add(UInt16(index))
            for value in [2 * index, 0] { instrumentBags.add(UInt16(value)) }
            for value in [43, sample.key | sample.key << 8, 53, index] {
                instrumentGenerators.add(UInt16(value))
            }
        }
        let count = samples.count
        headers.append(Data(count: 46))
        presets.add(name: "EOP")
        for value in [0, 0, count] { presets.add(UInt16(value)) }
        presets.append(Data(count: 12))
        for value in [count, 0] { presetBags.add(UInt16(value)) }
        instruments.add(name: "EOI")
        instruments.add(UInt16(count))
        for value in [2 * count, 0] { instrumentBags.add(UInt16(value)) }
        let tables =
            Data.chunk("phdr", presets) + Data.chunk("pbag", presetBags)
            + Data.chunk("pgen", presetGenerators) + Data.chunk("inst", instruments)
            + Data.chunk("ibag", instrumentBags) + Data.chunk("igen", instrumentGenerators)
            + Data.chunk("shdr", headers)
        let body =
            Data("sfbk".utf8) + Data.chunk("LIST", Data("sdta".utf8) + Data.chunk("smpl", pool))
            + Data.chunk("LIST", Data("pdta".utf8) + tables)
        return Data.chunk("RIFF", body)
    }
}

extension Data {
    fileprivate mutating func add(_ value: UInt16) {
        append(contentsOf: [UInt8(value & 0xFF), UInt8(value >> 8)])
    }

    fileprivate mutating func add(_ value: UInt32) {
        add(UInt16(value & 0xFFFF))
        add(UInt16(value >> 16))
    }

    fileprivate mutating func add(name: String) {
        append(Data(name.utf8.prefix(20)))
        append(Data(count: 20 - Swift.min(20, name.utf8.count)))
    }

    fileprivate static func chunk(_ name: String, _ content: Data) -> Data {
        var data = Data(name.utf8)
        data.add(UInt32(content.count))
        return data + content + Data(count: content.count % 2)
    }
}
