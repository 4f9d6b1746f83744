import Foundation
import Randomness
import SoundData
import TestSupport
import Testing

@Suite("The library of recordings in Debian packages")
struct InstrumentLibraryTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    var library: InstrumentLibrary {
        InstrumentLibrary(root: folder.url.appendingPathComponent("root"))
    }

    var target: URL { folder.url.appendingPathComponent("recordings") }

    func noise(_ seed: UInt64, seconds: Double = 0.4, rate: Int = 16_000) -> [Int16] {
        var stream = Randomness.Stream(seed, "noise")
        return (0..<Int(seconds * Double(rate))).map { _ in
            Int16(stream.uniform(in: -20_000...20_000))
        }
    }

    func write(_ samples: [SoundFontFile.Sample], _ name: String) throws {
        let file = try folder.file("root/usr/share/sounds/sf2/\(name).sf2")
        try SoundFontFile(samples: samples).bytes.write(to: file)
    }

    func writePackages() throws {
        try write(
            [
                .init(name: "Piano C4(L)", samples: noise(1), sampleRate: 8000, type: 4),
                .init(name: "Piano C4(R)", samples: noise(2), type: 2),
                .init(name: "Piano D4", samples: noise(3), program: 1),
                .init(name: "Strings G5R", samples: noise(4), program: 48),
                .init(name: "Strings G5L", samples: noise(5), program: 48),
                .init(name: "Short", samples: noise(6, seconds: 0.1), program: 40),
                .init(name: "Silence", samples: [Int16](repeating: 1, count: 9000), program: 40),
                .init(name: "Saw Lead", samples: noise(7), program: 81),
                .init(name: "Std Kick 1", samples: noise(8), bank: 128, key: 36),
                .init(name: "Std Kick 2", samples: noise(9), bank: 128, key: 35),
                .init(name: "808 Kick", samples: noise(10), bank: 128, program: 25, key: 36),
                .init(name: "Long", samples: noise(11, seconds: 8), program: 52),
            ], "FluidR3_GM")
        try write(
            [
                .init(name: "38-PearlSnare-1", samples: noise(20)),
                .init(name: "38-PearlSnare-2", samples: noise(21)),
                .init(name: "56-Cowbell-1", samples: noise(22)),
            ], "Black_Pearl_4_LV2")
        // The same recording in another kit, a little delayed.
        try write(
            [.init(name: "40-OtherSnare-1", samples: [0, 0, 0] + noise(21))],
            "Red_Zeppelin_4_LV2")
        let kit = "root/usr/share/hydrogen/data/drumkits/GMRockKit"
        try folder.writeSound("\(kit)/Crash-Hard.wav", noise(30).map { Float($0) / 40_000 })
        for key in ["1e", "2f"] {
            for half in 0...1 {
                try folder.writeSound(
                    "root/usr/share/buckle/wav/\(key)-\(half).wav",
                    noise(UInt64(40 + half + key.utf8.count * Int(key.utf8.first!)))
                        .map { Float($0) / 40_000 })
            }
        }
        try folder.writeSound(
            "root/usr/share/klettres/en/alpha/A.ogg", noise(50).map { Float($0) / 40_000 })
    }

    @Test("without the packages, the message names them and how to install them")
    func missing() throws {
        do {
            _ = try library.build(at: target)
            Issue.record("built from nothing")
        } catch {
            #expect(
                "\(error)"
                    == "not installed: fluid-soundfont-gm, avldrums.lv2-soundfont, hydrogen-data, "
                    + "bucklespring-data, klettres-data; run apt-get install fluid-soundfont-gm "
                    + "avldrums.lv2-soundfont hydrogen-data bucklespring-data klettres-data")
        }
    }

    @Test("classes by program, key and name; right halves, shorts, silence and machines left out")
    func contents() throws {
        try writePackages()
        _ = try library.build(at: target)
        let table = try String(
            contentsOf: target.appendingPathComponent("manifest.csv"), encoding: .utf8)
        let rows = table.split(separator: "\n").dropFirst().map {
            $0.split(separator: ",").map(String.init)
        }
        let found = rows.map { "\($0[1]) \($0[3]) \($0[5])" }.sorted()
        #expect(
            found == [
                "bowed_strings fluidr3:Strings G5L fluid-soundfont-gm",
                "choir fluidr3:Long fluid-soundfont-gm",
                "cymbal gmrock:Crash hydrogen-data",
                "keyboard buckle:1e bucklespring-data", "keyboard buckle:1e bucklespring-data",
                "keyboard buckle:2f bucklespring-data", "keyboard buckle:2f bucklespring-data",
                "kick fluidr3:std kick fluid-soundfont-gm",
                "kick fluidr3:std kick fluid-soundfont-gm",
                "piano fluidr3:Piano C4 fluid-soundfont-gm",
                "piano fluidr3:Piano D4 fluid-soundfont-gm",
                "small_percussion black_pearl:56 avldrums.lv2-soundfont",
                "snare black_pearl:38 avldrums.lv2-soundfont",
                "snare black_pearl:38 avldrums.lv2-soundfont",
                "speech klettres-en:a klettres-data",
            ])
        #expect(rows.first { $0[1] == "choir" }?[8] == "6.000")
        #expect(rows.first { $0[3] == "fluidr3:Piano C4" }?[8] == "0.800")
        let sources = try String(
            contentsOf: target.appendingPathComponent("SOURCES.md"), encoding: .utf8)
        #expect(
            sources.contains(
                "| avldrums.lv2-soundfont | drums of two kits by Glen MacArthur | 3 | CC-BY-SA-3.0 |"
            ))
    }

    @Test(
        "the folder loads as a manifest, plays what the SoundFont holds, and is made the same again"
    )
    func folderAsDataSet() throws {
        try writePackages()
        let summary = try library.build(at: target)
        #expect(summary.clips == 15)
        #expect(summary.leftOut.isEmpty)
        let set = try SoundDataSet.load(
            DataSettings(source: "manifest", path: target.path + "/manifest.csv"))
        let piano = try #require(set.clips.first { $0.group == "fluidr3:Piano D4" })
        let expected = noise(3).map { Float($0) / 32_768 }
        #expect(try ClipReader().load(piano) == expected)
        let again = folder.url.appendingPathComponent("again")
        _ = try library.build(at: again)
        let other = try SoundDataSet.load(
            DataSettings(source: "manifest", path: again.path + "/manifest.csv"))
        #expect(set.digest == other.digest)
        #expect(throws: SoundDataError.folderNotEmpty(path: target.path)) {
            try library.build(at: target)
        }
    }

    @Test("a class has at most so many clips, of every group one before a second of any")
    func limit() throws {
        try writePackages()
        var library = library
        library.clipsPerClass = 2
        _ = try library.build(at: target)
        let set = try SoundDataSet.load(
            DataSettings(source: "manifest", path: target.path + "/manifest.csv"))
        let keys = set.clips.filter { set.classes[$0.label] == "keyboard" }
        #expect(Set(keys.map(\.group)) == ["buckle:1e", "buckle:2f"])
    }

    @Test("a file that is no SoundFont is refused")
    func notASoundFont() throws {
        try writePackages()
        try folder.write("no font", to: "root/usr/share/sounds/sf2/FluidR3_GM.sf2")
        do {
            _ = try library.build(at: target)
            Issue.record("read as a SoundFont")
        } catch SoundDataError.unreadable(let clip) {
            #expect(clip.reason == "not a SoundFont 2 file")
        }
        #expect(!FileManager.default.fileExists(atPath: target.path))
    }
}
