import Acoustics
import Digests
import Foundation
import SoundData
import Synchronization
import TestSupport
import Testing

@Suite("The bank of recordings")
final class RecordingBankTests: SmallBank {
    @Test("recordings follow the clips, spatialisations side by side, with their clip's facts")
    func order() throws {
        let bank = try build()
        var expected: [[Int]] = []
        for (index, clip) in dataSet.clips.enumerated() {
            for spatialisation in 0..<(clip.split == .training ? 2 : 1) {
                expected.append([index, spatialisation])
            }
        }
        #expect(bank.recordings.map { [$0.clip, $0.spatialisation] } == expected)
        for recording in bank.recordings {
            let clip = dataSet.clips[recording.clip]
            #expect(recording.label == clip.label)
            #expect(recording.split == clip.split)
            #expect(recording.group == clip.group)
            let seconds = min(max(clip.seconds, 0.5), 1)
            #expect(recording.sampleCount == Int((seconds * 16_000).rounded()))
            #expect((-Double.pi...Double.pi).contains(recording.azimuth))
            #expect((0.1...0.2).contains(try #require(recording.reverberationTime)))
        }
        #expect(Set(bank.recordings.map(\.azimuth)).count == bank.recordings.count)
        #expect(bank.microphones == 4)
        #expect(bank.classes == dataSet.classes)
        #expect(bank.indices(for: .pretraining) == bank.indices(for: .training))
    }

    @Test("a stretch is the same as that part of the whole, and the samples use all 16 bits")
    func reading() throws {
        let bank = try build()
        for index in [0, bank.recordings.count - 1] {
            let entry = bank.recordings[index]
            let whole = bank.read(index)
            let peak = whole.map(abs).max() ?? 0
            #expect(abs(peak / entry.scale - 32_767) < 0.5)
            var stretch = [Float](repeating: 0, count: 4 * 100)
            stretch.withUnsafeMutableBufferPointer {
                bank.read(index, samples: 300..<400, into: $0)
            }
            for microphone in 0..<4 {
                let start = microphone * entry.sampleCount + 300
                #expect(
                    Array(stretch[(microphone * 100)..<(microphone * 100 + 100)])
                        == Array(whole[start..<(start + 100)]))
            }
        }
    }

    @Test("the file's bytes do not depend on the number of threads")
    func threads() throws {
        _ = try build(threads: 1, "one")
        _ = try build(threads: 3, "three")
        let one = try Data(contentsOf: folder.url.appendingPathComponent("one"))
        let three = try Data(contentsOf: folder.url.appendingPathComponent("three"))
        #expect(one == three)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted()
                == ["one", "three"])
    }

    @Test("a build stopped half-way goes on where it was, to the same bytes")
    func resumption() throws {
        _ = try build(threads: 2, "whole")
        let made = Mutex(0)
        #expect(throws: SoundDataError.cancelled) {
            try RecordingBank.build(
                dataSet, settings, at: url, threads: 2,
                progress: { done, _ in made.withLock { $0 = done } },
                isCancelled: { made.withLock { $0 >= 10 } })
        }
        #expect(!FileManager.default.fileExists(atPath: url.path))
        let first = Mutex(0)
        _ = try RecordingBank.build(
            dataSet, settings, at: url, threads: 1,
            progress: { done, _ in first.withLock { $0 = $0 == 0 ? done : $0 } })
        #expect(first.withLock { $0 } == made.withLock { $0 } + 1)
        #expect(
            try Data(contentsOf: url)
                == Data(contentsOf: folder.url.appendingPathComponent("whole")))
    }

    @Test("a torn journal and altered samples of a part file are made again")
    func tornPart() throws {
        _ = try build(threads: 1, "whole")
        let made = Mutex(0)
        _ = try? RecordingBank.build(
            dataSet, settings, at: url, threads: 1,
            progress: { done, _ in made.withLock { $0 = done } },
            isCancelled: { made.withLock { $0 >= 8 } })
        let journal = URL(fileURLWithPath: url.path + ".journal")
        try Data(try Data(contentsOf: journal).dropLast(40)).write(to: journal)
        let part = try FileHandle(forUpdating: URL(fileURLWithPath: url.path + ".part"))
        try part.seek(toOffset: 4096 + 50)
        try part.write(contentsOf: Data([1, 2, 3, 4]))
        try part.close()
        let first = Mutex(0)
        _ = try RecordingBank.build(
            dataSet, settings, at: url,
            progress: { done, _ in first.withLock { $0 = $0 == 0 ? done : $0 } })
        #expect(first.withLock { $0 } == 8 - 2 + 1)
        #expect(
            try Data(contentsOf: url)
                == Data(contentsOf: folder.url.appendingPathComponent("whole")))
    }

    @Test("an existing bank is opened, not made again")
    func existing() throws {
        _ = try build()
        let calls = Mutex(0)
        let bank = try RecordingBank.build(
            dataSet, settings, at: url, progress: { _, _ in calls.withLock { $0 += 1 } })
        #expect(calls.withLock { $0 } == 0)
        #expect(bank.digest == RecordingBank.digest(dataSet, settings))
    }

    @Test(
        "any altered byte is found, and building again mends the bank",
        arguments: [0, 20, 60, 4096, 50_000, -3])
    func alterations(_ place: Int) throws {
        let bank = try build()
        let original = try Data(contentsOf: url)
        var altered = original
        altered[place >= 0 ? place : altered.count + place] ^= 0x10
        try altered.write(to: url)
        #expect(throws: SoundDataError.self) {
            try RecordingBank.open(url, expecting: bank.digest)
        }
        _ = try build()
        #expect(try Data(contentsOf: url) == original)
    }

    @Test("a torn, foreign or missing bank is refused in one line that says to build it")
    func refusals() throws {
        let digest = try build().digest
        func message(_ expected: SoundDataSet? = nil) -> String {
            do {
                let wanted = expected.map { RecordingBank.digest($0, settings) } ?? digest
                _ = try RecordingBank.open(url, expecting: wanted)
                return "none"
            } catch { return "\(error)".replacingOccurrences(of: folder.url.path, with: "DIR") }
        }
        let other = try SoundDataSet.load(DataSettings(clips: 15, classes: 3, seed: 1))
        #expect(
            message(other)
                == "bank 'DIR/bank' holds \(digest.short), not "
                + "\(RecordingBank.digest(other, settings).short): it must be rebuilt")
        let size = try Data(contentsOf: url).count
        try Data(contentsOf: url).dropLast(7).write(to: url)
        #expect(
            message()
                == "bank 'DIR/bank' is damaged (it has \(size - 7) bytes, not \(size)): it must be "
                + "rebuilt")
        try Data("short".utf8).write(to: url)
        #expect(
            message()
                == "bank 'DIR/bank' is damaged (it has no header of this version): it must be rebuilt"
        )
        try FileManager.default.removeItem(at: url)
        #expect(message() == "no bank at 'DIR/bank': it must be built first")
    }

    @Test("the digest follows every setting and the data set")
    func digests() throws {
        var seen = Set([RecordingBank.digest(dataSet, settings)])
        for change: (inout BankSettings) -> Void in [
            { $0.seed = 8 }, { $0.scene.reverberationTime = 0.1...0.3 }, { $0.sampleRate = 8000 },
            { $0.array = .circular(count: 3, diameter: 0.1) }, { $0.spatialisations.test = 2 },
            { $0.splits = [.test] }, { $0.minimumSeconds = 0.6 },
        ] {
            var changed = settings
            change(&changed)
            #expect(seen.insert(RecordingBank.digest(dataSet, changed)).inserted)
        }
        let other = try SoundDataSet.load(DataSettings(clips: 15, classes: 3, seed: 1))
        #expect(seen.insert(RecordingBank.digest(other, settings)).inserted)
    }

    @Test("the recordings of a split are the same in a bank of their own as in a whole one")
    func splits() throws {
        let whole = try RecordingBank.build(dataSet, settings, at: url, threads: 2)
        var settings = settings
        settings.splits = [.test]
        let part = try RecordingBank.build(
            dataSet, settings, at: folder.url.appending(path: "part"), threads: 2)
        let expected = whole.indices(for: .test)
        #expect(part.recordings.count == expected.count && !expected.isEmpty)
        #expect(BankPrediction(dataSet, settings).recordings == expected.count)
        for (index, original) in expected.enumerated() {
            #expect(part.recordings[index].clip == whole.recordings[original].clip)
            #expect(part.recordings[index].sources == whole.recordings[original].sources)
            #expect(part.read(index) == whole.read(original))
        }
    }

    @Test("a link in the place of a file to be written is never written through")
    func links() throws {
        let victim = try folder.file("victim.txt")
        for ending in [".part", ".journal", ""] {
            try Data("precious".utf8).write(to: victim)
            try FileManager.default.createSymbolicLink(
                atPath: url.path + ending, withDestinationPath: victim.path)
            if ending == ".part" {
                #expect(throws: SoundDataError.notABank(path: url.path + ".part")) { try build() }
                try FileManager.default.removeItem(atPath: url.path + ending)
            } else {
                #expect(try build().recordings.count > 15)
                try FileManager.default.removeItem(at: url)
            }
            #expect(try String(contentsOf: victim, encoding: .utf8) == "precious")
        }
        try FileManager.default.linkItem(atPath: victim.path, toPath: url.path + ".part")
        #expect(throws: SoundDataError.notABank(path: url.path + ".part")) { try build() }
    }

    @Test("a pipe in the place of a bank or its journal keeps nobody waiting")
    func pipes() throws {
        for ending in ["", ".journal"] {
            #expect(mkfifo(url.path + ending, 0o600) == 0)
            #expect(try build().recordings.count > 15)
            try FileManager.default.removeItem(at: url)
        }
        #expect(mkfifo(url.path + ".part", 0o600) == 0)
        #expect(throws: SoundDataError.notABank(path: url.path + ".part")) { try build() }
    }

    @Test("a clip that has changed, or gone, since the data set was looked at ends the build")
    func changed() throws {
        for (index, name) in ["a", "b", "c", "d", "e"].enumerated() {
            try folder.writeTone("x/\(name).wav", frequency: 500 + Double(index))
            try folder.writeTone("y/\(name).wav", frequency: 700 + Double(index))
        }
        let set = try SoundDataSet.load(DataSettings(source: "folder", path: folder.url.path))
        try folder.writeTone("x/c.wav", frequency: 502, amplitude: 0.25)
        #expect(throws: SoundDataError.changed(path: "x/c.wav")) {
            try RecordingBank.build(set, settings, at: url, threads: 2)
        }
        try FileManager.default.removeItem(at: folder.file("x/c.wav"))
        #expect(
            throws: SoundDataError.unreadable(
                UnreadableClip(path: "x/c.wav", reason: "the file is missing"))
        ) { try RecordingBank.build(set, settings, at: url, threads: 2) }
    }

    @Test("tiny and huge samples are heard at the level of all others", arguments: [1e-30, 1e9])
    func farLevels(_ amplitude: Double) throws {
        for (index, name) in ["a", "b", "c", "d", "e"].enumerated() {
            for label in ["x", "y"] {
                try folder.writeTone(
                    "\(label)/\(name).wav", frequency: label == "x" ? 500 : 700,
                    amplitude: (1 + Double(index) / 10) * amplitude)
            }
        }
        let set = try SoundDataSet.load(DataSettings(source: "folder", path: folder.url.path))
        let bank = try RecordingBank.build(set, settings, at: url)
        for index in bank.recordings.indices {
            let energy = bank.read(index).reduce(0) { $0 + Double($1) * Double($1) }
            let level = (energy / Double(bank.read(index).count)).squareRoot()
            #expect((0.01...1).contains(level))
        }
    }

    @Test("a bank that no disk can hold is refused and leaves nothing behind")
    func fullDisk() throws {
        var set = dataSet
        set.clips = Array(repeating: dataSet.clips[0], count: 2000)
        var huge = settings
        huge.minimumSeconds = 600
        huge.maximumSeconds = 600
        huge.sampleRate = 192_000
        huge.spatialisations = SpatialisationCounts(
            pretraining: 1, training: 1000, validation: 1000, test: 1000)
        let bytes = BankPrediction(set, huge).bytes
        #expect(throws: SoundDataError.diskFull(path: url.path + ".part", bytes: bytes)) {
            try RecordingBank.build(set, huge, at: url)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
    }

    @Test("settings that make no sense are refused with their name, value and rule")
    func settingsAtFault() throws {
        var wrong = settings
        wrong.maximumSeconds = 0.1
        #expect(
            throws: SoundDataError.bankSetting(
                name: "maximum_seconds", value: "0.1",
                rule: "at least minimum_seconds, at most 600 s")
        ) { try RecordingBank.build(dataSet, wrong, at: url) }
    }

    @Test("the prediction is what the bank becomes")
    func prediction() throws {
        let prediction = BankPrediction(dataSet, settings)
        let bank = try build()
        #expect(prediction.recordings == bank.recordings.count)
        let seconds = bank.recordings.reduce(0) { $0 + Double($1.sampleCount) } / 16_000
        #expect(abs(prediction.seconds - seconds) < 1e-9)
        let size = try Data(contentsOf: url).count
        #expect(size > prediction.bytes)
        #expect(size < prediction.bytes + 1500 * bank.recordings.count + 3000)
    }

    @Test("the measured rate is a rate, and faults of the settings are found by measuring")
    func rate() throws {
        let rate = try BankPrediction.measuredRate(dataSet, settings, budget: .milliseconds(20))
        #expect(rate > 1 && rate.isFinite)
        var wrong = settings
        wrong.spatialisations.test = 0
        #expect(
            throws: SoundDataError.bankSetting(
                name: "spatialisations.test", value: "0", rule: "from 1 to 1000")
        ) { try BankPrediction.measuredRate(dataSet, wrong) }
    }

    @Test("a bank of the version before, whose recordings have no rooms, is made anew")
    func earlierVersion() throws {
        let bank = try build()
        let whole = try Data(contentsOf: url)
        var earlier = whole
        earlier[8] = 1
        try earlier.write(to: url)
        #expect(throws: SoundDataError.self) { try RecordingBank.open(url, expecting: bank.digest) }
        #expect(try build().recordings.allSatisfy { $0.room != nil })
        #expect(try Data(contentsOf: url) == whole)
    }
}
