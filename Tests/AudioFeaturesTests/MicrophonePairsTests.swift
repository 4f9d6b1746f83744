import AudioFeatures
import Testing

@Suite("Microphone pairs")
struct MicrophonePairsTests {
    @Test("Pairs are in lexicographic order")
    func order() {
        let pairs = MicrophonePairs.all(4).map { [$0.0, $0.1] }
        #expect(pairs == [[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]])
    }

    @Test("The index of a pair is its place, in either order", arguments: [2, 3, 4, 8])
    func index(microphones: Int) {
        for (place, (i, j)) in MicrophonePairs.all(microphones).enumerated() {
            #expect(MicrophonePairs.index(i, j, microphones: microphones) == place)
            #expect(MicrophonePairs.index(j, i, microphones: microphones) == place)
        }
        #expect(MicrophonePairs.count(microphones) == MicrophonePairs.all(microphones).count)
    }

    @Test("One microphone has no pairs")
    func single() {
        #expect(MicrophonePairs.all(1).isEmpty && MicrophonePairs.all(0).isEmpty)
    }
}
