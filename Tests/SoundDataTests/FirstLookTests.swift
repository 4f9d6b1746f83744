import Foundation
import SoundData
import Synchronization
import TestSupport
import Testing

@Suite("Looking at a data set's files")
struct FirstLookTests {
    let folder: TemporaryFolder
    let cache: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        cache = try TemporaryFolder()
        for index in 0..<10 {
            try folder.writeTone("dog/\(index).wav", seconds: 3, frequency: 300 + Double(index))
            try folder.writeTone("cat/\(index).wav", seconds: 1, frequency: 600 + Double(index))
        }
    }

    func load(_ look: FirstLook = FirstLook()) throws -> SoundDataSet {
        try SoundDataSet.load(DataSettings(source: "folder", path: folder.url.path), look: look)
    }

    /// A look some time after the files were written.
    var look: FirstLook {
        let file = cache.url.appendingPathComponent("facts.txt")
        var look = FirstLook(cache: { _ in file })
        look.now = { Date() + 10 }
        return look
    }

    /// Changes bytes in the middle and sets the time of modification back.
    func alter(_ path: String) throws {
        let file = try folder.file(path)
        let date = try FileManager.default.attributesOfItem(atPath: file.path)[.modificationDate]
        let handle = try FileHandle(forUpdating: file)
        try handle.seek(toOffset: 96_000)
        try handle.write(contentsOf: Data([0, 0, 0, 0]))
        try handle.close()
        try FileManager.default.setAttributes(
            [.modificationDate: date as Any], ofItemAtPath: file.path)
    }

    @Test("a change in the middle of a file is another content, with the cache and without")
    func everyByte() throws {
        let first = try load(look)
        #expect(try load().digest == first.digest)
        #expect(try load(look).digest == first.digest)
        let seen = try String(
            contentsOf: cache.url.appendingPathComponent("facts.txt"), encoding: .utf8)
        #expect(seen.split(separator: "\n").count == 21)
        try alter("dog/3.wav")
        let changed = try load(look)
        #expect(changed.digest != first.digest)
        #expect(try load().digest == changed.digest)
    }

    @Test(
        "a file that was changed a moment ago is not kept, since its times might not change again")
    func racy() throws {
        var look = look
        look.now = { Date() }
        let first = try load(look)
        #expect(!FileManager.default.fileExists(atPath: cache.url.path + "/facts.txt"))
        try alter("dog/3.wav")
        #expect(try load(look).digest != first.digest)
    }

    @Test("a cache that is damaged, of other content, a folder or not writable never does harm")
    func damage() throws {
        let digest = try load(look).digest
        let file = cache.url.appendingPathComponent("facts.txt")
        let whole = try String(contentsOf: file, encoding: .utf8)
        for text in [
            "", "\n\n", "nonsense", String(whole.prefix(whole.count / 2)),
            whole.replacing("1", with: "2"),
            whole.split(separator: "\n").map { $0 + " 1" }.joined(separator: "\n"),
        ] {
            try Data(text.utf8).write(to: file)
            #expect(try load(look).digest == digest)
        }
        try FileManager.default.removeItem(at: file)
        try FileManager.default.createDirectory(at: file, withIntermediateDirectories: true)
        #expect(try load(look).digest == digest)
        #expect(
            try load(FirstLook(cache: { _ in URL(fileURLWithPath: "/proc/no/such") })).digest
                == digest)
    }

    @Test("what is kept is what is found: nothing is read again")
    func reuse() throws {
        _ = try load(look)
        let file = cache.url.appendingPathComponent("facts.txt")
        let before = try Data(contentsOf: file)
        let date =
            try FileManager.default.attributesOfItem(atPath: file.path)[.modificationDate] as? Date
        _ = try load(look)
        #expect(try Data(contentsOf: file) == before)
        #expect(
            try FileManager.default.attributesOfItem(atPath: file.path)[.modificationDate] as? Date
                == date)
    }

    @Test("clips without a sound are known, counted and named before anything runs")
    func unusable() throws {
        try folder.writeSound("dog/silent.wav", [Float](repeating: 0, count: 100))
        try folder.writeSound("dog/infinite.wav", [0, .infinity, 0.5])
        try folder.writeSound("dog/nan.wav", [0, .nan, 0.5])
        try folder.writeSound("dog/opposed.wav", [0.1, 0.2, -0.1, -0.2], channels: 2)
        try folder.writeSound("dog/huge.wav", [0, 1e20])
        try folder.writeSound("dog/tiny.wav", [0, 1e-35])
        let set = try load()
        #expect(set.clips.count == 20)
        #expect(
            set.leftOut.map { "\($0.path) \($0.fault.rawValue)" } == [
                "dog/huge.wav level", "dog/infinite.wav notFinite", "dog/nan.wav notFinite",
                "dog/opposed.wav silent", "dog/silent.wav silent", "dog/tiny.wav level",
            ])
        #expect(
            set.leftOut[0].reason
                == "its loudest sample is 1e+20 times full scale: no recorded sound")
        #expect(
            LeftOutSummary(set.leftOut).sentence
                == "left out of the data: 2 of impossible level (the first: dog/huge.wav), 2 with "
                + "samples that are no numbers (the first: dog/infinite.wav), 2 silent (the first: "
                + "dog/opposed.wav)")
    }

    @Test("a class that nothing is left of is named, as is one that nothing tests")
    func lostClasses() throws {
        for index in 0..<3 { try folder.writeSound("owl/\(index).wav", [0, 0, 0]) }
        try folder.writeTone("rook/0.wav")
        #expect(
            try load().notes == [
                "left out of the data: 3 silent (the first: owl/0.wav)",
                "no clip can be used of: owl",
                "1 of 3 classes have no validation clips: rook",
                "1 of 3 classes have no test clips: rook",
            ])
    }

    @Test("linked class folders and linked folders in a class are followed, loops are not")
    func links() throws {
        let other = try TemporaryFolder()
        for index in 0..<5 { try other.writeTone("\(index).wav", frequency: 900 + Double(index)) }
        func link(_ path: String, _ destination: String) throws {
            try FileManager.default.createSymbolicLink(
                atPath: try folder.file(path).path, withDestinationPath: destination)
        }
        try link("bird", other.url.path)
        try link("dog/session", other.url.path + "/../" + other.url.lastPathComponent)
        try link("cat/loop", ".")
        try link("cat/up", "..")
        // The same files under two labels are no data.
        #expect(throws: SoundDataError.self) { try load() }
        try FileManager.default.removeItem(at: folder.file("dog/session"))
        let set = try load()
        #expect(set.classes == ["bird", "cat", "dog"])
        #expect(set.clips.count == 25)
        #expect(set.clips[0].identifier == "bird/0.wav")
        #expect(set.leftOut.isEmpty)
        #expect(
            set.notes == ["2 links lead to folders that are read anyway (the first: cat/loop)"])
    }

    @Test("names that are not UTF-8 are read, and shown as what they are")
    func bytes() throws {
        let name = "gr\\374n"
        let made = Process()
        made.executableURL = URL(fileURLWithPath: "/bin/bash")
        made.arguments = [
            "-c",
            "cd '\(folder.url.path)'; cp -r dog $'\(name)'; cd $'\(name)'; "
                + "for i in *.wav; do printf x >> $i; done; mv 0.wav $'caf\\351.wav'",
        ]
        try made.run()
        made.waitUntilExit()
        for index in 1..<10 {
            try FileManager.default.removeItem(at: folder.file("dog/\(index).wav"))
            try folder.writeTone("dog/\(index).wav", frequency: 100 + Double(index))
        }
        try folder.writeTone("dog/0.wav", frequency: 100)
        let set = try load()
        #expect(set.classes == ["cat", "dog", "gr\\xFCn"])
        #expect(set.clips.count == 30)
        #expect(set.clips.contains { $0.identifier == "gr\\xFCn/caf\\xE9.wav" })
        let clip = try #require(set.clips.first { $0.identifier.hasSuffix("\\xE9.wav") })
        #expect(try ClipReader().load(clip).count == 48_000)
    }

    @Test("pipes, folders and devices among the recordings are named, and nothing waits for them")
    func notRegular() throws {
        #expect(mkfifo(try folder.file("dog/pipe.wav").path, 0o600) == 0)
        try FileManager.default.createSymbolicLink(
            atPath: try folder.file("dog/zero.wav").path, withDestinationPath: "/dev/zero")
        let set = try load()
        #expect(
            set.leftOut.map { "\($0.path): \($0.reason)" } == [
                "dog/pipe.wav: it is not a regular file", "dog/zero.wav: it is not a regular file",
            ])
    }

    @Test("progress counts every byte once and never runs backwards")
    func progress() throws {
        let seen = Mutex<[FirstLook.Progress]>([])
        _ = try load(FirstLook(report: { progress in seen.withLock { $0.append(progress) } }))
        seen.withLock { seen in
            #expect(seen.last?.bytesDone == seen.last?.bytes)
            #expect(seen.last?.bytes == 10 * (48_000 + 16_000) * 4 + 20 * 80)
            for (before, after) in zip(seen, seen.dropFirst()) {
                #expect(after.bytesDone >= before.bytesDone && after.seconds >= before.seconds)
            }
            for progress in seen {
                #expect(progress.files == 20 && progress.bytesDone <= progress.bytes)
            }
        }
    }
}
