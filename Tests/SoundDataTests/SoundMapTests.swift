import Foundation
import Randomness
import SoundData
import Testing

/// Sounds that differ: tones of one number's own pitches, lengths and loudness.
enum Melody {
    static let seconds = 1.0

    static func samples(_ number: Int) -> [Float] {
        var stream = Randomness.Stream(7, "melody", number)
        let count = Int(seconds * 16_000)
        var samples = [Float](repeating: 0, count: count)
        var start = 0
        while start < count {
            let length = 1000 + stream.index(below: 2000)
            let pitch = 100 * pow(2, stream.uniform(in: 0...5.5))
            let loudness = stream.uniform(in: 0.1...0.5)
            for index in start..<min(start + length, count) {
                let place = Double(index - start)
                samples[index] = Float(
                    loudness * exp(-place / 1200) * sin(2 * .pi * pitch * place / 16_000))
            }
            start += length
        }
        return samples
    }

    /// With noise 40 dB below the sound.
    static func noisy(_ sound: [Float]) -> [Float] {
        var stream = Randomness.Stream(8, "noise")
        let energy = sound.reduce(0) { $0 + Double($1) * Double($1) }
        let level = (energy / Double(sound.count)).squareRoot() * 0.01 * 3.0.squareRoot()
        return sound.map { $0 + Float(stream.uniform(in: -level...level)) }
    }
}

@Suite("Log-mel maps laid beside each other")
struct SoundMapTests {
    @Test("a sound correlates fully with itself, and little with another")
    func extremes() throws {
        let map = try #require(SoundMap(Melody.samples(1)))
        #expect(try abs(#require(map.similarity(to: map, above: 0)) - 1) < 1e-5)
        for other in 2..<30 {
            let map = try #require(SoundMap(Melody.samples(other)))
            let one = try #require(SoundMap(Melody.samples(1)))
            #expect(one.similarity(to: map, above: 0.8) == nil, "\(other)")
        }
        #expect(SoundMap([Float](repeating: 0, count: 5000)) == nil)
    }

    @Test("no shift that counts is ruled out by the summaries: the largest is that of all products")
    func bound() throws {
        for number in 0..<20 {
            let one = Melody.samples(number)
            // Parts of one and another, so that correlations of all sizes are there.
            let cut = Array(one.dropFirst(700 * number).prefix(9000)) + Melody.samples(number + 50)
            let (left, right) = try (#require(SoundMap(one)), #require(SoundMap(cut)))
            let expected = plain(left, right)
            let found = try #require(left.similarity(to: right, above: -1))
            #expect(abs(found - expected) < 1e-4, "\(number)")
            #expect(try abs(#require(right.similarity(to: left, above: -1)) - found) < 1e-4)
            #expect(left.similarity(to: right, above: expected + 1e-3) == nil)
        }
    }

    /// The same by the definition.
    private func plain(_ left: SoundMap, _ right: SoundMap) -> Double {
        let needed = Int((0.75 * Double(min(left.frames, right.frames))).rounded(.up))
        var best = -1.0
        for shift in -left.frames...right.frames {
            let frames = (0..<left.frames).filter { (0..<right.frames).contains($0 + shift) }
            guard frames.count >= needed else { continue }
            let own = frames.flatMap { left[$0] }.map(Double.init)
            let their = frames.flatMap { right[$0 + shift] }.map(Double.init)
            let count = Double(own.count)
            let (mine, yours) = (own.reduce(0, +) / count, their.reduce(0, +) / count)
            var (product, one, other) = (0.0, 0.0, 0.0)
            for (a, b) in zip(own, their) {
                product += (a - mine) * (b - yours)
                one += (a - mine) * (a - mine)
                other += (b - yours) * (b - yours)
            }
            best = max(best, product / (one * other).squareRoot())
        }
        return best
    }
}
