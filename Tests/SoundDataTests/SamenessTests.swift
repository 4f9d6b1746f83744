import Foundation
import SoundData
import TestSupport
import Testing

@Suite("The same clip under several names, the same content in several splits")
struct SamenessTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    func load(_ source: String, _ path: String = "") throws -> SoundDataSet {
        try SoundDataSet.load(
            DataSettings(source: source, path: folder.url.appendingPathComponent(path).path))
    }

    func message(_ body: () throws -> some Any) -> String {
        do {
            _ = try body()
            return "no error"
        } catch {
            return "\(error)".replacingOccurrences(of: folder.url.path, with: "DIR")
        }
    }

    func link(_ path: String, to destination: String) throws {
        try FileManager.default.createSymbolicLink(
            atPath: try folder.file(path).path, withDestinationPath: destination)
    }

    /// Two classes of 6 clips each: 3 train, 1 validates, 2 test.
    func manifest(_ spelling: (String) -> String = { $0 }) throws -> String {
        var lines = "path,label,split\n"
        for index in 0..<12 {
            let path = "sounds/\(index).wav"
            // Written once: a float wav of libsndfile holds the second in which it was written.
            if !FileManager.default.fileExists(atPath: try folder.file(path).path) {
                try folder.writeTone(path, frequency: 300 + 10 * Double(index))
            }
            let split = ["train", "train", "train", "val", "test", "test"][index % 6]
            lines += "\(spelling(path)),\(index < 6 ? "low" : "high"),\(split)\n"
        }
        return lines
    }

    @Test("a path spelt with detours, through a linked folder or absolutely names the same clip")
    func spellings() throws {
        try folder.write(try manifest(), to: "m.csv")
        try link("linked", to: "sounds")
        let plain = try load("manifest", "m.csv")
        let spellings: [(String) -> String] = [
            { "./" + $0 }, { $0.replacing("/", with: "//") }, { "sounds/../" + $0 },
            { $0.replacing("sounds", with: "linked") }, { " \($0) " },
            { folder.url.appendingPathComponent($0).path },
        ]
        for spelling in spellings {
            try folder.write(try manifest(spelling), to: "m.csv")
            let other = try load("manifest", "m.csv")
            #expect(other.clips.map(\.identifier) == plain.clips.map(\.identifier))
            #expect(other.digest == plain.digest)
        }
    }

    @Test("a name that really begins with a blank is that name")
    func leadingBlank() throws {
        try folder.write(
            try manifest { $0 == "sounds/0.wav" ? "sounds/ 0.wav" : $0 }, to: "m.csv")
        try folder.writeTone("sounds/ 0.wav", frequency: 777)
        let set = try load("manifest", "m.csv")
        #expect(set.clips[0].identifier == "sounds/ 0.wav")
        #expect(set.leftOut.isEmpty)
    }

    @Test("labels, splits and groups are read without the blanks around them")
    func blanks() throws {
        let spaced = try manifest().replacing(",", with: ", ").replacing("low", with: "low ")
        try folder.write(spaced, to: "m.csv")
        let set = try load("manifest", "m.csv")
        #expect(set.classes == ["high", "low"])
        try folder.write(
            "path,label,split,group\nsounds/0.wav,low,train,g\nsounds/1.wav,low,test,g \n",
            to: "m.csv")
        #expect(
            message { try load("manifest", "m.csv") }
                == "group 'g' has clips in both training and test: give all clips of a group the "
                + "same split")
    }

    @Test("names and labels in either Unicode form are the same name")
    func unicode() throws {
        let (composed, decomposed) = ("caf\u{E9}", "cafe\u{301}")
        var lines = "path,label,split\n"
        for index in 0..<8 {
            // The file is there in one form, the table names it in the other.
            let (onDisk, listed) = index % 2 == 0 ? (composed, decomposed) : (decomposed, composed)
            try folder.writeTone("\(onDisk)\(index).wav", frequency: 300 + Double(index))
            lines += "\(listed)\(index).wav,\(listed),\(index < 4 ? "train" : "test")\n"
        }
        try folder.write(lines, to: "m.csv")
        let set = try load("manifest", "m.csv")
        #expect(set.classes == [composed])
        #expect(set.clips.count == 8)
        #expect(
            set.clips.allSatisfy {
                $0.identifier.utf8.elementsEqual(
                    $0.identifier.precomposedStringWithCanonicalMapping.utf8)
            })
    }

    @Test("one file listed twice is refused, all such files counted, with what differs")
    func repeated() throws {
        try folder.write(try manifest() + "./sounds/0.wav,low,test\n", to: "m.csv")
        #expect(
            message { try load("manifest", "m.csv") }
                == "clip 'sounds/0.wav' (training and test) is listed twice: remove one of the lines"
        )
        try link("sounds/link.wav", to: "1.wav")
        try folder.write(
            try manifest() + "sounds//0.wav,high,train\nsounds/link.wav,low,test\n", to: "m.csv")
        #expect(
            message { try load("manifest", "m.csv") }
                == "2 files are listed twice, such as 'sounds/0.wav' ('low' and 'high'), "
                + "'sounds/link.wav' is 'sounds/1.wav' (training and test): keep one entry of each")
    }

    @Test("groups in two splits are all counted, three of them named")
    func groups() throws {
        var lines = "path,label,split,group\n"
        for index in 0..<10 {
            try folder.writeTone("\(index).wav", frequency: 300 + Double(index))
            lines += "\(index).wav,x,\(index < 5 ? "train" : "test"),g\(index % 5)\n"
        }
        try folder.write(lines, to: "m.csv")
        #expect(
            message { try load("manifest", "m.csv") }
                == "5 groups have clips in two splits, such as 'g0' (training and test), 'g1' "
                + "(training and test), 'g2' (training and test): give all clips of a group the "
                + "same split")
    }

    @Test("of equal content in two given splits, what is learnt from is left out")
    func copies() throws {
        let lines = try manifest()
        // Copies of a training, a validation and a test clip, in other splits.
        for (name, of) in [("a", 0), ("b", 3), ("c", 4), ("d", 5)] {
            try FileManager.default.copyItem(
                at: folder.file("sounds/\(of).wav"), to: folder.file("sounds/\(name).wav"))
        }
        try folder.write(
            lines + "sounds/a.wav,low,test\nsounds/b.wav,low,train\nsounds/c.wav,low,train\n"
                + "sounds/d.wav,low,val\n", to: "m.csv")
        let set = try load("manifest", "m.csv")
        #expect(
            set.leftOut.map(\.path)
                == ["sounds/0.wav", "sounds/b.wav", "sounds/c.wav", "sounds/d.wav"])
        #expect(set.leftOut.allSatisfy { $0.fault == .copy })
        #expect(
            set.leftOut[0].reason
                == "it is a training clip with the content of the test clip 'sounds/a.wav'")
        #expect(set.clips.contains { $0.identifier == "sounds/a.wav" && $0.split == .test })
        #expect(
            LeftOutSummary(set.leftOut).sentence
                == "left out of the data: 4 with the content of another clip (the first: "
                + "sounds/0.wav)")
    }

    @Test("content in another format is a copy as well")
    func formats() throws {
        let lines = try manifest()
        let samples = (0..<1600).map { Float(($0 * 37) % 256 - 128) / 256 }
        try folder.writeSound("sounds/0.wav", samples)
        try folder.writeSound("sounds/copy.flac", samples)
        try folder.write(lines + "sounds/copy.flac,low,test\n", to: "m.csv")
        #expect(try load("manifest", "m.csv").leftOut.map(\.path) == ["sounds/0.wav"])
    }

    @Test("where splits are drawn, no content is in two of them either")
    func drawn() throws {
        for index in 0..<10 {
            try folder.writeTone("dog/\(index).wav", frequency: 300 + Double(index))
            try folder.writeTone("cat/\(index).wav", frequency: 600 + Double(index))
            try FileManager.default.copyItem(
                at: folder.file("dog/\(index).wav"), to: folder.file("dog/copy\(index).wav"))
        }
        let set = try load("folder")
        #expect(set.clips.count + set.leftOut.count == 30)
        #expect(!set.leftOut.isEmpty)
        #expect(set.leftOut.allSatisfy { $0.fault == .copy })
        for index in 0..<10 {
            let pair = set.clips.filter { $0.identifier.hasSuffix("\(index).wav") && $0.label == 1 }
            #expect(Set(pair.map(\.split)).count == 1)
        }
        // What is judged by stays.
        #expect(set.clips(for: .test).count == 6)
    }
}
