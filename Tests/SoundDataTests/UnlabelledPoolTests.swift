import Foundation
import SoundData
import TestSupport
import Testing

@Suite("The pool of clips without labels")
struct UnlabelledPoolTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    var root: URL { folder.url.appending(path: "root") }
    var target: URL { folder.url.appending(path: "recordings") }
    var pool: UnlabelledPool { UnlabelledPool(root: root) }

    /// A labelled folder of six clips, two of each split, whose names say which melody each is.
    func writeLabelled() throws {
        var manifest = "path,label,split,group,seconds\n"
        for (melody, split) in ["training", "validation", "test"].enumerated() {
            for label in ["x", "y"] {
                let number = 2 * melody + (label == "x" ? 0 : 1)
                try folder.writeSound("recordings/\(label)/\(number).flac", Melody.samples(number))
                manifest += "\(label)/\(number).flac,\(label),\(split),g\(number),1.000\n"
            }
        }
        try folder.write(manifest, to: "recordings/manifest.csv")
    }

    /// Packages as the package manager lists them; those that are not named are empty.
    func writePackages(_ sounds: [String: [String: [Float]]] = [:]) throws {
        for package in UnlabelledPool.packages {
            var list = "/.\n/usr/share/doc/\(package.name)/copyright\n"
            for path in (sounds[package.name] ?? [:]).keys.sorted() {
                list += "/usr/share/\(package.name)/\(path)\n"
            }
            try folder.write(list, to: "root/var/lib/dpkg/info/\(package.name).list")
            for (path, samples) in sounds[package.name] ?? [:] {
                try folder.writeSound("root/usr/share/\(package.name)/\(path)", samples)
            }
        }
    }

    @discardableResult
    func build(_ pool: UnlabelledPool? = nil) throws -> [PoolCounts] {
        var counts: [PoolCounts] = []
        try (pool ?? self.pool).build(in: target) { counts.append($0) }
        return counts
    }

    func load() throws -> SoundDataSet {
        try SoundDataSet.load(
            DataSettings(source: "manifest", path: UnlabelledPool.manifest(in: target).path))
    }

    func text(_ path: String) throws -> String {
        try String(contentsOf: target.appending(path: path), encoding: .utf8)
    }

    @Test("what differs is taken, for pretraining alone; what is labelled stays as it is")
    func taken() throws {
        try writeLabelled()
        try writePackages([
            "hedgewars-data": [
                "Sounds/a.ogg": Melody.samples(10), "Sounds/voices/b.flac": Melody.samples(11),
                "Music/c.wav": Melody.samples(12),
            ],
            "ktuberling-data": ["fr/d é.wav": Melody.samples(13)],
        ])
        let before = try text("manifest.csv")
        let counts = try build()
        #expect(counts.map(\.package) == UnlabelledPool.packages)
        #expect(
            counts.filter { $0.found > 0 }.map(\.sentence) == [
                "hedgewars-data: 2 of 2 recordings", "ktuberling-data: 1 of 1 recording",
            ])
        #expect(try text("manifest.csv") == before)
        let both = try text("manifest-unlabelled.csv")
        #expect(both.hasPrefix(before))
        let added = both.dropFirst(before.count).split(separator: "\n")
        #expect(added.count == 3)
        #expect(
            added.allSatisfy {
                $0.contains(#/^unlabelled/\S+_[0-9a-f]{6}\.flac,,unlabelled,\S+,\d\.\d{3}$/#)
            })
        let set = try load()
        #expect(set.name == "recordings-unlabelled")
        #expect(set.classes == ["x", "y"])
        #expect(set.leftOut.isEmpty)
        for split in [Split.training, .validation, .test] {
            #expect(set.clips(for: split).allSatisfy { !$0.identifier.contains("unlabelled") })
            #expect(set.clips(for: split).count == 2)
        }
        let own = set.clips(for: .pretraining)
        #expect(own.count == 3)
        #expect(own.allSatisfy { $0.identifier.hasPrefix("unlabelled/") })
        #expect(Set(own.map(\.group)).contains("hedgewars-data:voices"))
        let licences = try text("LICENCES-unlabelled.md")
        #expect(
            licences.contains(
                "| hedgewars-data | effects, shouts in several languages | 2 | 2 | "
                    + "GFDL-1.3, CC-BY-SA-3.0 | /usr/share/doc/hedgewars-data/copyright |"))
    }

    @Test("folders by class have the pool for pretraining too, and the same splits as without it")
    func folders() throws {
        try writeLabelled()
        try writePackages(["hedgewars-data": ["a.ogg": Melody.samples(10)]])
        let settings = DataSettings(source: "folder", path: target.path)
        let before = try SoundDataSet.load(settings)
        try build()
        let after = try SoundDataSet.load(settings)
        #expect(after.classes == before.classes)
        #expect(after.clips.filter { $0.split != .pretraining } == before.clips)
        #expect(after.clips(for: .pretraining).count == 1)
    }

    @Test(
        "a copy of a clip of any split is left out: delayed, quieter, resampled, noisy, cut",
        arguments: 0..<6)
    func copiesOfLabelled(melody: Int) throws {
        try writeLabelled()
        let sound = Melody.samples(melody)
        let silence = [Float](repeating: 0, count: 3217)
        try writePackages([
            "hedgewars-data": [
                "delayed.wav": silence + sound + silence, "quieter.wav": sound.map { 0.05 * $0 },
                "noisy.wav": Melody.noisy(sound), "coded.ogg": sound,
                "cut.wav": Array(sound[1500..<(sound.count - 800)]),
                "other.wav": Melody.samples(20),
            ]
        ])
        let labelled = target.appending(path: "\(melody % 2 == 0 ? "x" : "y")/\(melody).flac")
        let resampled = try ClipReader(sampleRate: 22_050).load(labelled)
        let path = "usr/share/hedgewars-data/resampled.wav"
        try folder.writeSound("root/" + path, resampled, sampleRate: 22_050)
        let list = "root/var/lib/dpkg/info/hedgewars-data.list"
        let lines = try String(contentsOf: folder.url.appending(path: list), encoding: .utf8)
        try folder.write(lines + "/\(path)\n", to: list)
        let counts = try #require(try build().first { $0.found > 0 })
        #expect(
            counts.sentence
                == "hedgewars-data: 1 of 7 recordings; left out: 6 near-copies of labelled clips")
        #expect(try load().clips(for: .pretraining).map(\.seconds) == [Melody.seconds])
    }

    @Test("of copies in the pool one stays, of whatever packages they are")
    func copiesInPool() throws {
        try writeLabelled()
        let sound = Melody.samples(10)
        try writePackages([
            "lincity-ng-data": ["a.wav": sound, "b.wav": sound.map { 0.3 * $0 }],
            "hedgewars-data": ["c.wav": Melody.noisy(sound), "d.wav": Melody.samples(11)],
        ])
        #expect(
            try build().filter { $0.found > 0 }.map(\.sentence) == [
                "lincity-ng-data: 1 of 2 recordings; left out: 1 near-copy of others in the pool",
                "hedgewars-data: 1 of 2 recordings; left out: 1 near-copy of others in the pool",
            ])
    }

    @Test("what cannot be used is counted by its reason, long sounds give their loudest stretch")
    func reasons() throws {
        try writeLabelled()
        let quiet = [Float](repeating: 0, count: 16_000).map { $0 + 1e-5 }
        let long = (0..<10).flatMap { part in
            Melody.samples(30 + part).map { $0 * (part < 6 && part > 2 ? 1 : 0.1) }
        }
        try writePackages([
            "hedgewars-data": [
                "short.wav": Array(Melody.samples(10).prefix(3000)), "constant.wav": quiet,
                "silent.wav": [Float](repeating: 0, count: 8000), "long.wav": long,
                "music.wav": long + long + long,
                "quiet.wav": Melody.samples(12).map { 1e-4 * $0 },
            ]
        ])
        let place = "root/usr/share/hedgewars-data/damaged.ogg"
        try folder.write("no sound", to: place)
        let list = "root/var/lib/dpkg/info/hedgewars-data.list"
        let lines = try String(contentsOf: folder.url.appending(path: list), encoding: .utf8)
        try folder.write(
            lines + "/usr/share/hedgewars-data/damaged.ogg\n/usr/share/hedgewars-data/gone.ogg\n",
            to: list)
        let counts = try #require(try build().first { $0.found > 0 })
        #expect(
            counts.sentence
                == "hedgewars-data: 1 of 8 recordings; left out: 2 unreadable, 1 longer than 20 s, "
                + "1 shorter than 0.2 s, 3 silent")
        #expect(try load().clips(for: .pretraining).map(\.seconds) == [6])
        #expect(
            try text("LICENCES-unlabelled.md").contains(
                "- hedgewars-data: 2 unreadable, 1 longer than 20 s, 1 shorter than 0.2 s, 3 silent"
            ))
    }

    @Test("of many recordings some of every folder are taken, and the same bytes again")
    func limit() throws {
        try writeLabelled()
        var sounds: [String: [Float]] = [:]
        for number in 0..<70 { sounds["many/\(number).wav"] = Melody.samples(100 + number) }
        for name in ["one", "two"] {
            sounds["\(name)/a.wav"] = Melody.samples(name == "one" ? 80 : 81)
        }
        try writePackages(["hedgewars-data": sounds])
        let pool = UnlabelledPool(root: root, clipsPerPackage: 5)
        let counts = try #require(try build(pool).first { $0.found > 0 })
        #expect(
            counts.sentence
                == "hedgewars-data: 5 of 72 recordings; left out: 67 beyond 5 a package")
        let first = try load()
        #expect(
            Set(first.clips(for: .pretraining).map(\.group)) == [
                "hedgewars-data:many", "hedgewars-data:one", "hedgewars-data:two",
            ])
        let manifest = try text("manifest-unlabelled.csv")
        #expect(throws: SoundDataError.folderNotEmpty(path: target.path + "/unlabelled")) {
            try build(pool)
        }
        try FileManager.default.removeItem(at: target.appending(path: "unlabelled"))
        try build(pool)
        #expect(try text("manifest-unlabelled.csv") == manifest)
        #expect(try load().digest == first.digest)
    }

    @Test("packages that are not installed are named, and a manifest without splits is refused")
    func refusals() throws {
        try writeLabelled()
        let names = UnlabelledPool.packages.map(\.name)
        #expect(throws: SoundDataError.packagesMissing(names)) { try build() }
        try writePackages()
        try folder.write("path,label\nx/0.flac,x\n", to: "recordings/manifest.csv")
        #expect(
            throws: SoundDataError.table(
                path: target.path + "/manifest.csv",
                problem: .missingColumn("split", found: ["path", "label"]))
        ) { try build() }
        #expect(!FileManager.default.fileExists(atPath: target.path + "/manifest-unlabelled.csv"))
    }
}
