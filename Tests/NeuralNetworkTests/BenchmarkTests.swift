import NeuralNetwork
import Platform
import Testing

@Suite("Benchmark")
struct BenchmarkTests {
    @Test("trains, embeds, and names every part of a step with its operations")
    func parts() throws {
        NumericBackend.prepare()
        let configuration = CRNNConfiguration(
            inputChannels: 3, frames: 16, bins: 16, channels: [16, 16], pools: [[2, 2], [2, 2]],
            recurrentUnits: 16)
        let benchmark = try TrainingBenchmark(
            configuration, batchSize: 2, projection: [16, 16], team: ThreadTeam(threads: 2))
        let rate = benchmark.train(seconds: 0.01)
        #expect(rate.steps >= 2 && rate.examplesPerSecond > 0 && rate.loss.isFinite)
        #expect(benchmark.embed(seconds: 0.01).examplesPerProcessorSecond > 0)
        let layers = benchmark.layers(steps: 2)
        #expect(
            layers.map(\.name) == [
                "blocks.0 forward", "blocks.1 forward", "gru forward", "head and loss",
                "gru backward", "blocks.1 backward", "blocks.0 backward", "optimiser",
            ])
        // 4 views of 16 x 16 positions, 9 x 3 inputs, 16 outputs.
        #expect(layers[0].operations == 2 * 4 * 256 * 27 * 16)
        #expect(TrainingBenchmark.fusedMultiplyAddPeak() > 0.1)
        #expect(
            try TrainingBenchmark.train(workers: 2, configuration, batchSize: 2, seconds: 0.01) > 0)
    }
}
