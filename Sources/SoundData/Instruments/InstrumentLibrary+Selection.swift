import Digests
import Foundation
import Randomness

/// A sound in memory, on its way to the folder.
struct LoadedSound: Sendable {
    let listed: ListedSound
    let samples: [Float]
    /// In the folder.
    let path: String
    var group: String

    var label: String { listed.label }
}

extension InstrumentLibrary {
    /// Of each class at most ``clipsPerClass`` sounds, one of every group before a second of any.
    func select(_ sounds: [ListedSound]) -> [ListedSound] {
        let classes = Dictionary(grouping: sounds, by: \.label)
        return classes.sorted { $0.key < $1.key }.flatMap { label, members in
            var stream = Stream(seed, "instruments/\(label)")
            return Turns.order(members, of: \.group, using: &stream).prefix(clipsPerClass)
        }
    }

    /// Reads the sounds; those that are unreadable, silent or too short are left out.
    func load(_ sounds: [ListedSound]) -> [LoadedSound] {
        let reader = ClipReader(sampleRate: sampleRate)
        let longest = 6 * sampleRate
        return sounds.compactMap { sound in
            guard var samples = read(sound, reader), samples.contains(where: { abs($0) > 1e-3 }),
                samples.count >= Int(Self.shortest * Double(sampleRate))
            else { return nil }
            if samples.count > longest {
                samples.removeLast(samples.count - longest)
                let fade = sampleRate / 20
                for index in 0..<fade {
                    samples[longest - 1 - index] *= Float(index) / Float(fade)
                }
            }
            let digest = samples.withUnsafeBytes { Digest(of: $0) }
            let name =
                "\(sound.source)_\(sound.name.inPlainLetters)_\(digest.short.prefix(6)).flac"
            return LoadedSound(
                listed: sound, samples: samples, path: "\(sound.label)/\(name)", group: sound.group)
        }
    }

    private func read(_ sound: ListedSound, _ reader: ClipReader) -> [Float]? {
        switch sound.place {
        case .file(let url): try? reader.load(url)
        case .sample(let font, let sample):
            try? Resampler.convert(
                font.read(sample), from: sample.sampleRate, to: sampleRate)
        }
    }

    /// Leaves out repetitions and puts sounds that are nearly the same into one group.
    ///
    /// The kits share recordings under other names, so groups are not left to names alone: two
    /// sounds of a class whose onsets correlate above 0.9 are one group, and the later one is left
    /// out above 0.995.
    func separate(_ sounds: [LoadedSound]) -> [LoadedSound] {
        var sounds = sounds
        var isRepetition = [Bool](repeating: false, count: sounds.count)
        let onsets = sounds.map { Onset($0.samples) }
        var parents: [String: String] = [:]
        func root(_ group: String) -> String {
            var group = group
            while let parent = parents[group] { group = parent }
            return group
        }
        for (index, sound) in sounds.enumerated() {
            for earlier in 0..<index where sounds[earlier].label == sound.label {
                let similarity = onsets[index].similarity(to: onsets[earlier])
                guard similarity > 0.9 else { continue }
                if similarity > 0.995 { isRepetition[index] = true }
                let (first, second) = (root(sounds[earlier].group), root(sound.group))
                if first != second { parents[max(first, second)] = min(first, second) }
            }
        }
        for index in sounds.indices { sounds[index].group = root(sounds[index].group) }
        return zip(sounds, isRepetition).filter { !$0.1 }.map(\.0)
    }
}

extension String {
    /// The text with an underscore for whatever is no ASCII letter or digit, for names of files.
    var inPlainLetters: String {
        let letters = unicodeScalars.map { scalar in
            scalar.isASCII
                && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
                ? Character(scalar) : "_"
        }
        return String(letters)
    }
}

/// The beginning of a sound, from where it first reaches a tenth of its peak.
struct Onset: Sendable {
    private static let length = 4096
    private static let coarse = 1024
    private static let reach = 32

    private let samples: [Float]

    init(_ sound: [Float]) {
        let peak = sound.reduce(0) { max($0, abs($1)) }
        let start = sound.firstIndex { abs($0) >= 0.1 * peak } ?? 0
        // Room on both sides for lags.
        let first = start - Self.reach
        samples = (first..<(first + Self.length + 2 * Self.reach)).map {
            sound.indices.contains($0) ? sound[$0] : 0
        }
    }

    /// The largest normalised correlation over lags of at most two milliseconds at 16 kHz.
    func similarity(to other: Onset) -> Float {
        let quick = correlation(other, Self.coarse)
        return quick > 0.85 ? correlation(other, Self.length) : 0
    }

    private func correlation(_ other: Onset, _ length: Int) -> Float {
        let reach = Self.reach
        return samples.withUnsafeBufferPointer { own in
            other.samples.withUnsafeBufferPointer { their in
                var ownEnergy: Float = 1e-12
                for index in 0..<length { ownEnergy += own[reach + index] * own[reach + index] }
                var best: Float = 0
                for lag in 0...(2 * reach) {
                    var products = SIMD16<Float>(repeating: 0)
                    var energies = products
                    for block in stride(from: 0, to: length, by: 16) {
                        var mine = products
                        var yours = products
                        for lane in 0..<16 {
                            mine[lane] = own[reach + block + lane]
                            yours[lane] = their[lag + block + lane]
                        }
                        products += mine * yours
                        energies += yours * yours
                    }
                    let energy = (ownEnergy * (energies.sum() + 1e-12)).squareRoot()
                    best = max(best, products.sum() / energy)
                }
                return best
            }
        }
    }
}
