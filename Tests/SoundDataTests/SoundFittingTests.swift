import Foundation
import SoundData
import Testing

@Suite("Fitting sounds to length and level")
struct SoundFittingTests {
    @Test("of a longer sound the loudest stretch is taken, at the same place in all channels")
    func loudest() {
        var sound = [Float](repeating: 0.1, count: 1000)
        for index in 400..<500 { sound[index] = Float(index) }
        let fitted = SoundFitting.fit([sound, sound.map { -$0 }], count: 100, sampleRate: 1000)
        #expect(fitted[0] == (400..<500).map(Float.init))
        #expect(fitted[1] == (400..<500).map { -Float($0) })
    }

    @Test("a shorter sound is repeated without a jump at the seam")
    func loop() {
        // A ramp has the worst seam that a sound of this slope can have.
        let sound = (0..<1000).map { Float($0) / 1000 }
        let looped = SoundFitting.fit([sound], count: 5000, sampleRate: 16_000)[0]
        #expect(looped.count == 5000)
        #expect(Array(looped[0..<840]) == Array(sound[0..<840]))
        let steps = zip(looped, looped.dropFirst()).map { abs($1 - $0) }
        #expect(steps.max() ?? 1 < 0.01)
        #expect(looped[2000..<3000].max() ?? 0 > 0.8)
    }

    @Test("a sound of the right length is left as it is; a very short one still fills the length")
    func edges() {
        #expect(SoundFitting.fit([[1, 2, 3]], count: 3, sampleRate: 16_000) == [[1, 2, 3]])
        #expect(SoundFitting.fit([[0.5]], count: 4, sampleRate: 16_000) == [[0.5, 0.5, 0.5, 0.5]])
    }

    @Test("the level becomes one tenth of full scale over all channels together")
    func level() {
        let normalised = SoundFitting.normalise([[3, -3, 3], [1, 1, -1]])
        let energy = normalised.joined().reduce(0) { $0 + $1 * $1 }
        #expect(abs(energy / 6 - 0.01) < 1e-6)
        #expect(abs(normalised[0][0] / normalised[1][0] - 3) < 1e-6)
    }
}
