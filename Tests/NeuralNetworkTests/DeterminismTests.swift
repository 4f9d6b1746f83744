import Foundation
import NeuralNetwork
import Randomness
import Testing

@Suite("Repeatability")
struct DeterminismTests {
    /// Two training steps; the weights afterwards.
    static func train(examples: Int) -> [[Float]] {
        NumericBackend.prepare()
        var stream = Stream(5, "determinism")
        guard
            let network = try? CRNN(
                CRNNConfiguration(inputChannels: 10, frames: 32, bins: 32),
                initialisation: &stream)
        else { return [] }
        let head = ProjectionHead(
            inputFeatures: 256, hiddenFeatures: 64, outputFeatures: 32, initialisation: &stream)
        let parameters = network.parameters + head.parameters
        let adam = Adam(parameters, AdamConfiguration())
        let loss = NTXentLoss(temperature: 0.1)
        let input = Tensor([examples, 10, 32, 32], numbers(examples * 10240, seed: 1))
        for _ in 0..<2 {
            _ = loss(head(network(input, mode: .training)))
            network.backward(head.backward(loss.gradient))
            adam.step(learningRate: 1e-3)
            adam.zeroGradients()
        }
        return parameters.map(\.value.values)
    }

    @Test("repeats and threads that run at once give the same bits")
    func threads() async {
        let expected = Self.train(examples: 6)
        let results = await withTaskGroup(of: [[Float]].self) { group in
            for _ in 0..<4 { group.addTask { Self.train(examples: 6) } }
            var results: [[[Float]]] = []
            for await result in group { results.append(result) }
            return results
        }
        #expect(results.count == 4)
        for result in results { #expect(result == expected) }
    }

    @Test("a network takes smaller and larger batches in any order, and longer maps")
    func batchSizes() throws {
        func network() throws -> CRNN {
            var stream = Stream(5, "batches")
            return try CRNN(
                CRNNConfiguration(
                    inputChannels: 3, frames: 16, bins: 16, channels: [16, 16],
                    pools: [[2, 2], [2, 2]], recurrentUnits: 16), initialisation: &stream)
        }
        let used = try network()
        for (examples, frames) in [(3, 16), (1, 16), (8, 16), (2, 21), (5, 21), (5, 16)] {
            let input = Tensor(
                [examples, 3, frames, 16], numbers(examples * 48 * frames, seed: 3))
            let fresh = try network()
            let gradient = Tensor([examples, 32], numbers(examples * 32, seed: 4))
            #expect(
                used(input, mode: .training).values == fresh(input, mode: .training).values)
            for parameter in used.parameters { parameter.gradient.fill(0) }
            used.backward(gradient)
            fresh.backward(gradient)
            for (one, other) in zip(used.parameters, fresh.parameters) {
                #expect(one.gradient.values == other.gradient.values, "\(one.name)")
            }
        }
    }

    @Test("in evaluation an example's embedding does not depend on the rest of the batch")
    func evaluation() throws {
        var stream = Stream(6, "evaluation")
        let network = try CRNN(
            CRNNConfiguration(inputChannels: 4, frames: 32, bins: 32), initialisation: &stream)
        let values = numbers(7 * 4096, seed: 1)
        let batch = network(Tensor([7, 4, 32, 32], values), mode: .evaluation).values
        let alone = network(Tensor([1, 4, 32, 32], Array(values.suffix(4096))), mode: .evaluation)
        #expect(relativeError(Array(batch.suffix(256)), alone.values) < 1e-6)
    }
}
