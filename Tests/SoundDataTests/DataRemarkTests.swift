import Foundation
import SoundData
import TestSupport
import Testing

@Suite("What is odd about a data set is said")
struct DataRemarkTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    func load(_ source: String = "folder", _ path: String = "") throws -> SoundDataSet {
        try SoundDataSet.load(
            DataSettings(source: source, path: folder.url.appendingPathComponent(path).path))
    }

    func writeClasses() throws {
        for index in 0..<8 {
            try folder.writeTone("dog/\(index).wav", frequency: 300 + Double(index))
            try folder.writeTone("cat/\(index).wav", frequency: 600 + Double(index))
        }
    }

    /// Clips of two classes with the splits that they are given.
    func writeManifest(_ rows: [(path: String, label: String, split: String)]) throws {
        var text = "path,label,split\n"
        for index in 0..<6 {
            try folder.writeTone("tone\(index).wav", frequency: 200 + 10 * Double(index))
            let split = ["train", "val", "test"][index % 3]
            text += "tone\(index).wav,\(index < 3 ? "low" : "high"),\(split)\n"
        }
        for row in rows { text += "\(row.path),\"\(row.label)\",\(row.split)\n" }
        try folder.write(text, to: "m.csv")
    }

    @Test("copies within a split are used, counted and named")
    func copies() throws {
        let samples = (0..<1600).map { Float(($0 * 37) % 256 - 128) / 256 }
        try folder.writeSound("a.wav", samples)
        try folder.writeSound("b.flac", samples)
        // A stereo copy of a mono recording, equal after the mixdown.
        try folder.writeSound("c.wav", samples + samples, channels: 2)
        try writeManifest([
            ("a.wav", "low", "train"), ("b.flac", "low", "train"), ("c.wav", "low", "train"),
        ])
        let set = try load("manifest", "m.csv")
        #expect(set.clips.count == 9)
        #expect(
            set.notes == [
                "2 clips have the content of another clip of the same split (the first: b.flac, is "
                    + "a.wav)"
            ])
    }

    @Test("a stereo copy of a mono clip in another split is a copy as well")
    func mixdown() throws {
        let samples = (0..<1600).map { Float(($0 * 37) % 256 - 128) / 256 }
        try folder.writeSound("a.wav", samples)
        try folder.writeSound("c.wav", samples + samples, channels: 2)
        try writeManifest([("a.wav", "low", "train"), ("c.wav", "high", "test")])
        #expect(
            try load("manifest", "m.csv").leftOut.map { "\($0.path): \($0.reason)" } == [
                "a.wav: it is a training clip with the content of the test clip 'c.wav', which is of "
                    + "class 'high'"
            ])
    }

    @Test("the same content under two labels is named with both")
    func otherClass() throws {
        try folder.writeTone("a.wav", frequency: 777)
        try FileManager.default.copyItem(at: folder.file("a.wav"), to: folder.file("b.wav"))
        try writeManifest([("a.wav", "low", "train"), ("b.wav", "high", "train")])
        #expect(
            try load("manifest", "m.csv").notes == [
                "2 clips have the content of a clip of another class (the first: a.wav, of 'low', is "
                    + "b.wav, of 'high')"
            ])
    }

    @Test(
        "empty class folders, links that lead nowhere and recordings beside the folders are named")
    func folders() throws {
        try writeClasses()
        for name in ["owl", "rook/deep"] {
            try FileManager.default.createDirectory(
                at: folder.file(name), withIntermediateDirectories: true)
        }
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("lark").path, withDestinationPath: "/nowhere")
        try folder.writeTone("stray.wav", frequency: 50)
        try folder.write("read me", to: "README.txt")
        let set = try load()
        #expect(set.clips.count == 16)
        #expect(set.leftOut.map { "\($0.path): \($0.reason)" } == ["lark: its link leads nowhere"])
        #expect(
            set.notes == [
                "left out of the data: 1 missing (the first: lark)",
                "2 class folders hold no recordings (the first: owl)",
                "1 recording lies beside the class folders and is not used (stray.wav)",
            ])
    }

    @Test("labels that differ in what nobody sees are classes of their own, shown and named")
    func lookAlikes() throws {
        for index in 0..<6 { try folder.writeTone("x\(index).wav", frequency: 900 + Double(index)) }
        try writeManifest([
            ("x0.wav", "low\u{200B}", "train"), ("x1.wav", "low\u{200B}", "val"),
            ("x2.wav", "low\u{200B}", "test"), ("x3.wav", "l\u{202E}ow\nx", "train"),
            ("x4.wav", "l\u{202E}ow\nx", "val"), ("x5.wav", "l\u{202E}ow\nx", "test"),
        ])
        let set = try load("manifest", "m.csv")
        #expect(set.classes == ["high", "l\\u{202E}ow\\u{A}x", "low", "low\\u{200B}"])
        #expect(
            set.notes == [
                "1 label differs from another in invisible characters alone ('low\\u{200B}', like "
                    + "'low'); each is a class of its own"
            ])
    }

    @Test("names of files are shown with what nobody sees written out, and found all the same")
    func names() throws {
        try writeClasses()
        try folder.writeTone("dog/a\nb\u{FEFF}.wav", frequency: 50)
        try folder.write("", to: "dog/c\u{2066}.wav")
        let set = try load()
        let clip = try #require(set.clips.first { $0.identifier == "dog/a\\u{A}b\\u{FEFF}.wav" })
        #expect(try ClipReader().load(clip).count == 1600)
        #expect(set.leftOut.map(\.path) == ["dog/c\\u{2066}.wav"])
    }

    @Test(
        "marks that scripts and signs need are left alone; what is written like an escape is none")
    func neededMarks() throws {
        for index in 0..<6 { try folder.writeTone("x\(index).wav", frequency: 900 + Double(index)) }
        let labels = ["می\u{200C}خواهم", "\u{2764}\u{FE0F}", "low\\u{200B}"]
        try writeManifest(
            labels.enumerated().flatMap { index, label in
                [
                    ("x\(2 * index).wav", label, "train"), ("x\(2 * index + 1).wav", label, "test"),
                ]
            })
        #expect(
            try Set(load("manifest", "m.csv").classes) == [
                "low", "high", labels[0], labels[1], "low\\\\u{200B}",
            ])
    }
}
