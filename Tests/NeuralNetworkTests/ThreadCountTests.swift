import Foundation
import NeuralNetwork
import Platform
import Randomness
import Testing

@Suite("Threads that share a training step")
struct ThreadCountTests {
    /// Three training steps and an evaluation; all that they leave.
    private func train(
        _ configuration: CRNNConfiguration, examples: Int, _ team: @autoclosure () -> ThreadTeam
    ) throws -> [[Float]] {
        NumericBackend.prepare()
        var stream = Stream(5, "threads")
        let network = try CRNN(configuration, initialisation: &stream)
        let head = ProjectionHead(
            inputFeatures: configuration.embeddingSize, hiddenFeatures: 40, outputFeatures: 24,
            initialisation: &stream)
        let parameters = network.parameters + head.parameters
        let adam = Adam(parameters, AdamConfiguration())
        let loss = NTXentLoss(temperature: 0.1)
        let shape = [
            examples, configuration.inputChannels, configuration.frames, configuration.bins,
        ]
        let input = Tensor(shape, numbers(shape.reduce(1, *), seed: 1))
        var losses: [Float] = []
        for _ in 0..<3 {
            // The number may change at every step.
            let team = team()
            network.team = team
            head.team = team
            adam.team = team
            loss.team = team
            losses.append(Float(loss(head(network(input, mode: .training)))))
            network.backward(head.backward(loss.gradient))
            adam.step(learningRate: 1e-3)
            adam.zeroGradients()
        }
        let embedding = network(input, mode: .evaluation).values
        #expect(network.evaluationTwin()(input, mode: .evaluation).values == embedding)
        return [losses, embedding] + network.state.map(\.tensor.values)
            + head.parameters.map(\.value.values) + adam.state.map(\.tensor.values)
    }

    private static let networks: [(CRNNConfiguration, examples: Int)] = [
        (CRNNConfiguration(inputChannels: 10, frames: 32, bins: 32), 6),
        // Sizes that no vector, tile or block divides, and products that are left to OpenBLAS.
        (
            CRNNConfiguration(
                inputChannels: 3, frames: 23, bins: 29, channels: [24, 40, 16],
                pools: [[2, 3], [2, 2], [1, 2]], recurrentUnits: 20), 14
        ),
        // Kernels that Winograd's way does not fit.
        (
            CRNNConfiguration(
                inputChannels: 5, frames: 12, bins: 16, channels: [16, 24], kernelSize: 5,
                pools: [[2, 4], [2, 2]], recurrentUnits: 16), 8
        ),
        (
            CRNNConfiguration(
                inputChannels: 4, frames: 8, bins: 8, channels: [8], kernelSize: 1,
                pools: [[2, 2]], recurrentUnits: 16), 4
        ),
    ]

    @Test("any number of them leaves the same bits", arguments: networks.indices)
    func bits(network: Int) throws {
        let (configuration, examples) = Self.networks[network]
        let alone = try train(configuration, examples: examples, ThreadTeam())
        for threads in [2, 3, 8, 16] {
            let team = ThreadTeam(threads: threads)
            #expect(
                try train(configuration, examples: examples, team) == alone, "\(threads) threads")
        }
        var numbers = [3, 1, 8].makeIterator()
        #expect(
            try train(
                configuration, examples: examples, ThreadTeam(threads: numbers.next() ?? 1))
                == alone, "another number at each step")
    }
}
