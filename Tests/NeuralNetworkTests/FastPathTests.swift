import NeuralNetwork
import Randomness
import Testing

@Suite("Fast kernels against the plain ones")
struct FastPathTests {
    struct Case: Sendable {
        let configuration: CRNNConfiguration
        let examples: Int
        let hasSmallWeights: Bool

        init(
            _ examples: Int, _ configuration: CRNNConfiguration, hasSmallWeights: Bool = false
        ) {
            self.examples = examples
            self.hasSmallWeights = hasSmallWeights
            self.configuration = configuration
        }
    }

    static let cases = [
        Case(5, CRNNConfiguration(inputChannels: 10)),
        Case(1, CRNNConfiguration(inputChannels: 3, channels: [32, 64, 96])),
        Case(
            2, CRNNConfiguration(inputChannels: 4, frames: 32, bins: 32), hasSmallWeights: true),
        Case(
            3, CRNNConfiguration(inputChannels: 21, frames: 32, bins: 32, channels: [96, 32, 64])),
        Case(2, CRNNConfiguration(inputChannels: 36, frames: 32, bins: 32, kernelSize: 5)),
        Case(4, CRNNConfiguration(inputChannels: 10, frames: 47, kernelSize: 5)),
        Case(
            7,
            CRNNConfiguration(
                inputChannels: 4, frames: 29, bins: 26, channels: [20, 50, 7],
                pools: [[2, 2], [3, 2], [1, 3]], recurrentUnits: 24)),
        Case(
            2,
            CRNNConfiguration(
                inputChannels: 2, frames: 9, bins: 7, channels: [16, 48], kernelSize: 1,
                pools: [[2, 2], [1, 1]], recurrentUnits: 16)),
        Case(
            2,
            CRNNConfiguration(
                inputChannels: 3, frames: 13, bins: 12, channels: [16, 16], kernelSize: 7,
                pools: [[2, 2], [2, 2]], recurrentUnits: 16)),
    ]

    /// Both are single precision; Winograd's rounding is some 5e-6 a layer, and the gradient of the
    /// first layer sums a million terms. (An element in which two numbers of a pooling window are
    /// equal up to rounding may send its gradient elsewhere; these inputs have none.)
    @Test("embeddings, statistics and gradients agree", arguments: cases, [false, true])
    func agreement(testCase: Case, keepsStatistics: Bool) throws {
        NumericBackend.prepare()
        let configuration = testCase.configuration
        func run(reference: Bool) throws -> (CRNN, [Float], [Float]) {
            var stream = Stream(3, "fast")
            let network = try CRNN(configuration, initialisation: &stream)
            initialise(network.parameters)
            network.usesReferenceKernels = reference
            let shape = [
                testCase.examples, configuration.inputChannels, configuration.frames,
                configuration.bins,
            ]
            // Channels with different means and scales, as features have.
            var values = numbers(shape.reduce(1, *), seed: 1)
            let area = configuration.frames * configuration.bins
            for index in values.indices {
                let channel = index / area % configuration.inputChannels
                values[index] = values[index] * Float(1 + channel % 3) + Float(channel % 4) - 1
            }
            let input = Tensor(shape, values)
            if testCase.hasSmallWeights {
                // Channels whose normalised values cannot be found from the output.
                for parameter in network.parameters where parameter.name.contains("bn.weight") {
                    parameter.value[0] = 0
                    parameter.value[1] = -1e-4
                }
            }
            if keepsStatistics {
                _ = network(input, mode: .training)
                network.keepsStatistics = true
            }
            let statistics = network.buffers.map(\.value.values)
            let embedding = network(input, mode: .training).values
            #expect((network.buffers.map(\.value.values) == statistics) == keepsStatistics)
            let gradient = numbers(testCase.examples * configuration.embeddingSize, seed: 2)
            network.backward(Tensor([testCase.examples, configuration.embeddingSize], gradient))
            return (network, embedding, network(input, mode: .evaluation).values)
        }
        let (fast, training, evaluation) = try run(reference: false)
        let (plain, expectedTraining, expectedEvaluation) = try run(reference: true)
        #expect(relativeError(training, expectedTraining) < 2e-5)
        // Training and evaluation are one then, but for the order in which numbers are added.
        if keepsStatistics { #expect(relativeError(training, evaluation) < 2e-5) }
        #expect(relativeError(evaluation, expectedEvaluation) < 2e-5)
        for (one, other) in zip(fast.buffers, plain.buffers) {
            let error = relativeError(one.value.values, other.value.values)
            #expect(error < 2e-5, "\(one.name) differs by \(error)")
        }
        for (one, other) in zip(fast.parameters, plain.parameters) {
            let error = relativeError(one.gradient.values, other.gradient.values)
            #expect(error < 1e-4, "\(one.name) differs by \(error)")
        }
    }
}
