import AudioFeatures
import Testing

@Suite("The benchmark of the features")
struct FeatureBenchmarkTests {
    @Test(
        "Each case measures a rate between its lowest and highest",
        arguments: FeatureBenchmark.cases)
    func measures(item: FeatureBenchmark.Case) throws {
        let found = try FeatureBenchmark.run(item, seconds: 0.01, repetitions: 3)
        #expect(found.name == item.name && found.frames == 51 && found.microphones == 4)
        #expect(found.lowest > 0)
        #expect(found.lowest <= found.clipsPerSecond && found.clipsPerSecond <= found.highest)
    }
}
