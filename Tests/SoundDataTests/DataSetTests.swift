import Foundation
import SoundData
import TestSupport
import Testing

@Suite("Data sets in folders and manifests")
struct DataSetTests {
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

    func writeClasses(_ count: Int = 10) throws {
        for index in 0..<count {
            try folder.writeTone("dog/\(index).wav", frequency: 300 + Double(index))
            try folder.writeTone("cat/\(index).flac", frequency: 900 + Double(index))
        }
    }

    @Test("a folder a class: labels in alphabetical order, splits 60/20/20 in each class")
    func folders() throws {
        try writeClasses()
        let set = try load("folder")
        #expect(set.classes == ["cat", "dog"])
        #expect(set.clips.count == 20)
        #expect(!set.isSynthetic)
        for label in 0...1 {
            let splits = set.clips.filter { $0.label == label }.map(\.split)
            #expect(splits.count { $0 == .training } == 6)
            #expect(splits.count { $0 == .validation } == 2)
            #expect(splits.count { $0 == .test } == 2)
        }
        #expect(abs(set.clips[0].seconds - 0.1) < 1e-9)
    }

    @Test("other seeds draw other splits, the same seed the same")
    func seeds() throws {
        try writeClasses()
        let path = folder.url.path
        func splits(_ seed: UInt64) throws -> [Split] {
            try SoundDataSet.load(DataSettings(source: "folder", path: path, seed: seed))
                .clips.map(\.split)
        }
        #expect(try splits(1) == splits(1))
        #expect(try splits(1) != splits(2))
    }

    @Test("files in a folder within a class are one group, in one split")
    func groups() throws {
        for group in 0..<6 {
            for take in 0..<4 {
                try folder.writeTone(
                    "dog/rex\(group)/\(take).wav", frequency: Double(200 + 10 * group + take))
            }
        }
        let set = try load("folder")
        #expect(Set(set.clips.map(\.group)).count == 6)
        for clips in Dictionary(grouping: set.clips, by: \.group).values {
            #expect(Set(clips.map(\.split)).count == 1)
        }
        #expect(Set(set.clips.map(\.split)).count == 3)
    }

    @Test("clips that cannot be read are left out, each with its path and reason")
    func unreadable() throws {
        try writeClasses(4)
        try folder.write("", to: "dog/empty.wav")
        try folder.write("not a sound at all, only text", to: "dog/text.wav")
        try folder.writeSound("dog/nothing.wav", [])
        try FileManager.default.createSymbolicLink(
            atPath: folder.url.appendingPathComponent("dog/gone.wav").path,
            withDestinationPath: "/nowhere.wav")
        try folder.write("hidden", to: "dog/.hidden")
        let set = try load("folder")
        #expect(set.clips.count == 8)
        #expect(
            set.leftOut.map(\.path) == [
                "dog/empty.wav", "dog/gone.wav", "dog/nothing.wav", "dog/text.wav",
            ])
        #expect(
            set.leftOut.prefix(3).map(\.reason) == [
                "the file is empty", "the file is missing", "it holds no samples",
            ])
        #expect(set.leftOut[3].reason.hasPrefix("not an audio file that libsndfile reads"))
    }

    @Test("a manifest: relative paths, quoted labels with commas, splits, groups, other columns")
    func manifests() throws {
        for name in ["a", "b", "c", "d"] {
            try folder.writeTone("sounds/\(name).wav", frequency: Double(name.utf8.first!) * 9)
        }
        try folder.write(
            "licence,Label,path,split,group\r\n"
                + "CC0,\"Dishes, pots and \"\"pans\"\"\",sounds/a.wav,train,one\r\n"
                + "CC0,Fire,sounds/b.wav,train,\r\n"
                + "CC0,Fire,sounds/c.wav,test,three\r\n"
                + "CC0,Fire,sounds/d.wav,pretrain,four\r\n",
            to: "manifest.csv")
        let set = try load("manifest", "manifest.csv")
        #expect(set.classes == ["Dishes, pots and \"pans\"", "Fire"])
        #expect(set.clips.map(\.split) == [.training, .training, .test, .pretraining])
        #expect(set.clips.map(\.group) == ["one", "sounds/b.wav", "three", "four"])
        #expect(set.clips(for: .pretraining).map(\.identifier) == ["sounds/d.wav"])
    }

    @Test("clips for pretraining need no label, and one of their own is no class")
    func unlabelled() throws {
        for name in ["a", "b", "c", "d", "e"] {
            try folder.writeTone("\(name).wav", frequency: Double(name.utf8.first!) * 9)
        }
        let labelled = "a.wav,x,train\nb.wav,y,train\nc.wav,x,test\n"
        try folder.write(
            "path,label,split\n" + labelled + "d.wav,,unlabelled\ne.wav,z,pretraining\n",
            to: "m.csv")
        let set = try load("manifest", "m.csv")
        #expect(set.classes == ["x", "y"])
        #expect(set.clips(for: .pretraining).map(\.label) == [Clip.unlabelled, Clip.unlabelled])
        #expect(DataSummary(set).classes.map(\.clips) == [[0, 1, 1], [0, 1, 0]])
        try set.requireTraining()
        #expect(!set.notes.contains { $0.contains("validation clips:") })
        // All the rest are to have one.
        try folder.write("path,label,split\n" + labelled + "d.wav,,test\n", to: "m.csv")
        #expect(
            message { try load("manifest", "m.csv") } == "DIR/m.csv:5: label is empty; fill it in")
    }

    @Test("pretraining falls back on the training clips, and never meets a test clip")
    func pretraining() throws {
        try writeClasses()
        let set = try load("folder")
        #expect(set.clips(for: .pretraining) == set.clips(for: .training))
        #expect(Set(set.clips(for: .pretraining)).isDisjoint(with: set.clips(for: .test)))
        #expect(Set(set.clips(for: .pretraining)).isDisjoint(with: set.clips(for: .validation)))
    }

    @Test("the digest stays when the folder moves and changes when a file does")
    func digests() throws {
        try writeClasses(4)
        let first = try load("folder").digest
        let moved = try TemporaryFolder()
        try FileManager.default.copyItem(
            at: folder.url, to: moved.url.appendingPathComponent("copy"))
        let path = moved.url.appendingPathComponent("copy").path
        #expect(try SoundDataSet.load(DataSettings(source: "folder", path: path)).digest == first)
        try folder.writeTone("dog/0.wav", frequency: 301)
        #expect(try load("folder").digest != first)
    }

    @Test("what is wrong is one line: what, which value, what to do")
    func messages() throws {
        #expect(
            message { try load("folder", "nowhere") }
                == "no folder at 'DIR/nowhere': data.path must name the folder of the folder data set"
        )
        #expect(
            message { try load("folder") }
                == "no class folders in 'DIR': put the clips of each class in a folder of the class's "
                + "name, as in DIR/dog/bark1.wav")
        #expect(
            message { try load("manifest", "m.csv") }
                == "no file at 'DIR/m.csv': data.path must name the manifest file")
        #expect(
            message { try load("wavs") }
                == "data.source is 'wavs', but must be one of builtin, folder, manifest, "
                + "fsdnoisy18k, esc50, tau2019, starss23")
        #expect(
            message { try SoundDataSet.load(DataSettings(source: "folder")) }
                == "data.source 'folder' needs data.path: give it in the sweep file or with "
                + "-S data.path=...")
        try folder.write("x", to: "dog/a.wav")
        #expect(
            message { try load("folder") }.hasPrefix(
                "no readable clips in 'DIR': 1 could not be read, first 'dog/a.wav' (not an audio"))
    }

    @Test(
        "a malformed manifest is refused with its line",
        arguments: [
            ("", ": empty; the first line must name the columns"),
            ("path,split\na,b\n", ":1: no column 'label' among path, split; add it"),
            (
                "path,label\na,b,c\n",
                ":2: 3 fields, but the header has 2; quote fields that hold commas"
            ),
            ("path,label\n\"a,b\n", ":2: a quoted field is never closed; add the quote"),
            (
                "path,label\n\"a\"x,b\n",
                ":2: text after a closing quote; double the quotes inside a quoted field"
            ),
            ("path,label\na, \n", ":2: label is empty; fill it in"),
            (
                "path,label,split\na,\"b\nc\",train\nd,e,holdout\n",
                ":4: split is 'holdout', but must be pretraining (or unlabelled), training, "
                    + "validation or test"
            ),
        ])
    func malformed(_ text: String, _ expected: String) throws {
        try folder.write(text, to: "m.csv")
        #expect(message { try load("manifest", "m.csv") } == "DIR/m.csv" + expected)
    }

    @Test("one class leaves nothing to tell apart, which is said before anything runs")
    func oneClass() throws {
        try folder.writeTone("a.wav")
        try folder.writeTone("b.wav", frequency: 500)
        try folder.write("path,label,split\na.wav,x,train\nb.wav,x,test\n", to: "m.csv")
        #expect(
            message { try load("manifest", "m.csv").requireTraining() }
                == "data set 'm' has one class to learn from, 'x', which leaves nothing to tell apart; "
                + "give it training clips of two or more")
    }

    @Test("a group in two splits and a clip listed twice are refused")
    func clashes() throws {
        try folder.writeTone("a.wav")
        try folder.writeTone("b.wav", frequency: 500)
        try folder.write("path,label,split,group\na.wav,x,train,g\nb.wav,x,test,g\n", to: "m.csv")
        #expect(
            message { try load("manifest", "m.csv") }
                == "group 'g' has clips in both training and test: give all clips of a group the "
                + "same split")
        try folder.write("path,label\na.wav,x\na.wav,y\n", to: "m.csv")
        #expect(
            message { try load("manifest", "m.csv") }
                == "clip 'a.wav' ('x' and 'y') is listed twice: remove one of the lines")
        try folder.write(
            "path,label,split\na.wav,x,train\nb.wav,y,test\n", to: "m.csv")
        #expect(
            message { try load("manifest", "m.csv").requireTraining() }
                == "data set 'm' has a class without training clips, 'y': nothing can be learnt of "
                + "it; give it training clips or remove it")
        try folder.write("path,label,split\na.wav,x,train\nb.wav,x,test\n", to: "m.csv")
        #expect(
            try load("manifest", "m.csv").notes
                == ["no clips for validation: penalties of probes are the middle of their range"])
        try folder.write("path,label\na.wav,x\n", to: "m.csv")
        #expect(
            message { try load("manifest", "m.csv") }
                == "data set 'm' has no clips for test: give it more clips or groups, or a split "
                + "column that names this split")
    }
}
