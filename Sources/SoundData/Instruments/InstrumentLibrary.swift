import Files
public import Foundation

/// Makes a labelled folder of real recordings out of sampled instruments, drums, keyboards and speech
/// that Debian distributes: input for anyone, offline from everything but a package mirror.
///
/// The folder holds one folder of 16-bit flac files a class, `manifest.csv` (path, label, split, group,
/// source, package, licence, sample_rate, seconds) and `SOURCES.md` with the licences. Groups are the
/// same drum at several strengths, both halves of a stereo recording, one letter of one speaker, and
/// whatever else sounds nearly the same; no group is in two splits. Right halves of stereo
/// recordings, exact repetitions, silence, and sounds shorter than a fifth of a second are left out;
/// sounds longer than six seconds are cut.
public struct InstrumentLibrary: Sendable {
    /// A Debian package of sampled sounds.
    public struct Package: Sendable, Hashable {
        public let name: String
        public let contents: String
        public let licence: String
        /// A path that shows that it is installed.
        let witness: String
    }

    public static let packages = [
        Package(
            name: "fluid-soundfont-gm", contents: "notes and drums of the FluidR3 SoundFont",
            licence: "MIT", witness: "usr/share/sounds/sf2/FluidR3_GM.sf2"),
        Package(
            name: "avldrums.lv2-soundfont", contents: "drums of two kits by Glen MacArthur",
            licence: "CC-BY-SA-3.0", witness: "usr/share/sounds/sf2/Black_Pearl_4_LV2.sf2"),
        Package(
            name: "hydrogen-data", contents: "drums of the GMRockKit", licence: "GPL-2+",
            witness: "usr/share/hydrogen/data/drumkits/GMRockKit"),
        Package(
            name: "bucklespring-data", contents: "keys of an IBM Model M keyboard",
            licence: "GPL-2+", witness: "usr/share/buckle/wav"),
        Package(
            name: "klettres-data", contents: "spoken letters and syllables", licence: "GPL-2+",
            witness: "usr/share/klettres"),
    ]

    /// Where the packages are installed.
    public var root: URL
    /// At most so many clips of a class, from as many groups as possible.
    public var clipsPerClass: Int
    /// Units: Hz.
    public var sampleRate: Int
    public var seed: UInt64

    public init(
        root: URL = URL(fileURLWithPath: "/"), clipsPerClass: Int = 120, sampleRate: Int = 16_000,
        seed: UInt64 = 0
    ) {
        self.root = root
        self.clipsPerClass = clipsPerClass
        self.sampleRate = sampleRate
        self.seed = seed
    }

    /// The packages that are not installed.
    public var missingPackages: [Package] {
        Self.packages.filter { package in
            let path = root.appendingPathComponent(package.witness).path
            return !FileManager.default.fileExists(atPath: path)
        }
    }

    /// Writes the folder; it appears only when it is complete. Returns what it holds.
    ///
    /// Throws: ``SoundDataError/packagesMissing(_:)``, ``SoundDataError/folderNotEmpty(path:)`` or
    /// ``SoundDataError/fileSystem(path:operation:reason:)``.
    public func build(
        at folder: URL, progress: @Sendable (Int, Int) -> Void = { _, _ in }
    ) throws -> DataSummary {
        let missing = missingPackages.map(\.name)
        guard missing.isEmpty else { throw SoundDataError.packagesMissing(missing) }
        let files = FileManager.default
        let present = (try? files.contentsOfDirectory(atPath: folder.path)) ?? []
        guard present.isEmpty else { throw SoundDataError.folderNotEmpty(path: folder.path) }
        let sounds = separate(
            load(select(try sources())).sorted { $0.path < $1.path })
        let labels = Set(sounds.map(\.label)).sorted()
        let splits = SplitAssignment.draw(
            labels: sounds.map { labels.firstIndex(of: $0.label) ?? 0 },
            groups: sounds.map(\.group), validationFraction: 0.2, testFraction: 0.2, seed: seed)
        let part = URL(fileURLWithPath: folder.path + ".part")
        do {
            try? files.removeItem(at: part)
            for label in labels {
                try files.createDirectory(
                    at: part.appendingPathComponent(label), withIntermediateDirectories: true)
            }
            for (index, sound) in sounds.enumerated() {
                try SoundFile.write(
                    sound.samples, sampleRate: sampleRate,
                    to: part.appendingPathComponent(sound.path))
                progress(index + 1, sounds.count)
            }
            try Data(manifest(sounds, splits).utf8)
                .write(to: part.appendingPathComponent("manifest.csv"))
            try Data(sourcesText(sounds).utf8).write(to: part.appendingPathComponent("SOURCES.md"))
            try? files.removeItem(at: folder)
            try files.moveItem(at: part, to: folder)
        } catch {
            try? files.removeItem(at: part)
            if error is SoundDataError { throw error }
            throw SoundDataError.fileSystem(
                path: folder.path, operation: "write", reason: error.localizedDescription)
        }
        let manifest = folder.appendingPathComponent("manifest.csv")
        return DataSummary(
            try SoundDataSet.load(DataSettings(source: "manifest", path: manifest.path)))
    }

    private func manifest(_ sounds: [LoadedSound], _ splits: [Split]) -> String {
        var text = "path,label,split,group,source,package,licence,sample_rate,seconds\n"
        for (sound, split) in zip(sounds, splits) {
            let fields = [
                sound.path, sound.label, split.rawValue, sound.group, sound.listed.source,
                sound.listed.package.name, sound.listed.package.licence, "\(sampleRate)",
                Self.secondsText(sound.samples.count, sampleRate: sampleRate),
            ]
            text += fields.map(CommaSeparatedTable.field).joined(separator: ",") + "\n"
        }
        return text
    }

    /// The length of so many samples, as "1.015".
    static func secondsText(_ samples: Int, sampleRate: Int) -> String {
        let milliseconds = samples * 1000 / sampleRate
        return "\(milliseconds / 1000).\(String(milliseconds % 1000 + 1000).dropFirst())"
    }

    private func sourcesText(_ sounds: [LoadedSound]) -> String {
        var text = "# Where these recordings come from\n\n"
        text +=
            "Made by `ablate` out of sampled sounds in Debian packages; each keeps its licence.\n\n"
        text += "| package | what | clips | licence | copyright |\n|---|---|---|---|---|\n"
        for package in Self.packages {
            let count = sounds.count { $0.listed.package == package }
            text += "| \(package.name) | \(package.contents) | \(count) | \(package.licence) | "
            text += "/usr/share/doc/\(package.name)/copyright |\n"
        }
        return text
    }
}
