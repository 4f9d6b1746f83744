import Foundation

/// A sampled sound that a package offers.
struct ListedSound: Sendable {
    enum Place: Sendable {
        case file(URL)
        case sample(SoundFont, SoundFont.Sample)
    }

    let label: String
    let name: String
    let group: String
    /// The kit, SoundFont or speaker.
    let source: String
    let package: InstrumentLibrary.Package
    let place: Place
}

extension InstrumentLibrary {
    static let shortest = 0.2

    /// All that the packages offer, in a fixed order.
    func sources() throws -> [ListedSound] {
        try fluidSounds(Self.packages[0]) + avlSounds(Self.packages[1])
            + hydrogenSounds(Self.packages[2]) + keyboardSounds(Self.packages[3])
            + spokenSounds(Self.packages[4])
    }

    private func fluidSounds(_ package: Package) throws -> [ListedSound] {
        let font = try SoundFont(root.appendingPathComponent(package.witness))
        let names = Set(font.samples.map(\.name))
        return font.samples.compactMap { sample in
            guard sample.channel != .right, sample.seconds >= Self.shortest else { return nil }
            // Halves of a stereo pair that are marked by their names alone: "Strings G5R".
            if sample.name.hasSuffix("R"), names.contains(sample.name.dropLast() + "L") {
                return nil
            }
            let melodic = sample.uses.filter { $0.bank < 128 }
            let percussive = sample.uses.filter {
                $0.bank == 128 && !InstrumentClasses.electronicKits.contains($0.program)
            }
            let label =
                melodic.isEmpty
                ? percussive.lazy.compactMap { InstrumentClasses.ofPercussionKey($0.key) }.first
                : melodic.lazy.compactMap { InstrumentClasses.ofProgram($0.program) }.first
            guard let label else { return nil }
            let name = sample.name.removingSuffix("(L)")
            return ListedSound(
                label: label, name: name,
                group: "fluidr3:" + (melodic.isEmpty ? name.drumStem : name),
                source: "fluidr3", package: package, place: .sample(font, sample))
        }
    }

    private func avlSounds(_ package: Package) throws -> [ListedSound] {
        let kits = [("black_pearl", "Black_Pearl_4_LV2"), ("red_zeppelin", "Red_Zeppelin_4_LV2")]
        return try kits.flatMap { kit, file in
            let url = root.appendingPathComponent("usr/share/sounds/sf2/\(file).sf2")
            let font = try SoundFont(url)
            return font.samples.compactMap { sample -> ListedSound? in
                guard sample.channel != .right, sample.seconds >= Self.shortest else { return nil }
                // Names begin with the key: "42-SabianRockHatCl-3". The rest is cut at 20 letters.
                let key = sample.name.prefix { $0.isNumber }
                return ListedSound(
                    label: InstrumentClasses.ofDrumName(sample.name), name: sample.name,
                    group: "\(kit):\(key.isEmpty ? sample.name.drumStem[...] : key)", source: kit,
                    package: package, place: .sample(font, sample))
            }
        }
    }

    private func hydrogenSounds(_ package: Package) throws -> [ListedSound] {
        let folder = root.appendingPathComponent(package.witness)
        return soundFiles(folder).map { file in
            let name = file.deletingPathExtension().lastPathComponent
            let drum = name.split(separator: "-").first.map(String.init) ?? name
            return ListedSound(
                label: InstrumentClasses.ofDrumName(name), name: name, group: "gmrock:\(drum)",
                source: "gmrock", package: package, place: .file(file))
        }
    }

    private func keyboardSounds(_ package: Package) throws -> [ListedSound] {
        soundFiles(root.appendingPathComponent(package.witness)).map { file in
            // "1e-0.wav" and "1e-1.wav": one key going down and up.
            let name = file.deletingPathExtension().lastPathComponent
            let key = name.split(separator: "-").first.map(String.init) ?? name
            return ListedSound(
                label: "keyboard", name: name, group: "buckle:\(key)", source: "buckle",
                package: package, place: .file(file))
        }
    }

    private func spokenSounds(_ package: Package) throws -> [ListedSound] {
        let folder = root.appendingPathComponent(package.witness)
        let languages = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        return languages.flatMap { language in
            ["alpha", "syllab"].flatMap { kind in
                soundFiles(folder.appendingPathComponent(language).appendingPathComponent(kind))
                    .map { file in
                        let name = file.deletingPathExtension().lastPathComponent
                        return ListedSound(
                            label: "speech", name: "\(kind)_\(name)",
                            group: "klettres-\(language):\(name.lowercased())",
                            source: "klettres-\(language)", package: package, place: .file(file))
                    }
            }
        }
    }

    private func soundFiles(_ folder: URL) -> [URL] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.sorted().map { folder.appendingPathComponent($0) }
            .filter { ["wav", "ogg", "flac"].contains($0.pathExtension) }
    }
}

extension String {
    func removingSuffix(_ suffix: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
    }

    /// The name without the numbers at its end: "Std Kick 3" and "Snr 1-1" are "std kick" and "snr".
    fileprivate var drumStem: String {
        let ignored: Set<Character> = [" ", "-", "(", ")", "#"]
        var stem = lowercased()[...]
        while let last = stem.last, last.isNumber || ignored.contains(last), stem.count > 1 {
            stem = stem.dropLast()
        }
        return String(stem)
    }
}
