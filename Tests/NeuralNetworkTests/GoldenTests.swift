import Foundation
import NeuralNetwork
import Randomness
import Testing

@Suite("The same numbers as PyTorch")
struct GoldenTests {
    /// Single precision against PyTorch in double precision. PyTorch's own single precision differs
    /// from it by up to 2e-5 on these networks.
    static let tolerance = 1e-4

    struct Golden {
        let contents: Checkpoint.Contents

        init(_ name: String) throws {
            let url = try #require(
                Bundle.module.url(
                    forResource: name, withExtension: "safetensors", subdirectory: "Fixtures"))
            contents = try Checkpoint.read(url)
        }

        func expect(
            _ name: String, _ values: [Float], sourceLocation: SourceLocation = #_sourceLocation
        ) throws {
            let expected = try #require(contents.tensors[name]?.values)
            let stride = try #require(contents.metadata[name].flatMap { Int($0) })
            let found = Swift.stride(from: 0, to: values.count, by: stride).map { values[$0] }
            let error = relativeError(found, expected)
            #expect(
                error < GoldenTests.tolerance, "\(name) differs by \(error)",
                sourceLocation: sourceLocation)
        }
    }

    @Test(
        "embeddings, loss, every gradient, running statistics and three Adam steps",
        arguments: ["reference", "odd"])
    func golden(name: String) throws {
        NumericBackend.prepare()
        let golden = try Golden(name)
        let isReference = name == "reference"
        let configuration =
            isReference
            ? CRNNConfiguration(inputChannels: 10)
            : CRNNConfiguration(
                inputChannels: 3, frames: 37, bins: 42, channels: [32, 96, 20], kernelSize: 5,
                pools: [[2, 4], [3, 2], [1, 2]], recurrentUnits: 24)
        let shape = isReference ? [4, 10, 64, 64] : [6, 3, 37, 42]
        var stream = Stream(1, "golden")
        let network = try CRNN(configuration, initialisation: &stream)
        let head = ProjectionHead(
            inputFeatures: configuration.embeddingSize, hiddenFeatures: isReference ? 256 : 32,
            outputFeatures: isReference ? 128 : 16, initialisation: &stream)
        let parameters = network.parameters + head.parameters
        initialise(parameters)
        let loss = NTXentLoss(temperature: 0.1)
        let adam = Adam(parameters, AdamConfiguration(epsilon: 1e-3))
        let input = Tensor(shape)
        var losses: [Float] = []
        for step in 0..<3 {
            let seed = try #require(golden.contents.metadata["seed.\(step)"].flatMap { UInt64($0) })
            input.values = numbers(input.count, seed: seed)
            input.scale(by: 1.5)
            let embedding = network(input, mode: .training)
            let projection = head(embedding)
            losses.append(Float(loss(projection)))
            if step == 0 {
                try golden.expect("embedding", embedding.values)
                try golden.expect("projection", projection.values)
            }
            network.backward(head.backward(loss.gradient))
            if step == 0 {
                for parameter in parameters {
                    try golden.expect("gradient/\(parameter.name)", parameter.gradient.values)
                }
                for buffer in network.buffers {
                    try golden.expect("buffer/\(buffer.name)", buffer.value.values)
                }
            }
            adam.step(learningRate: 1e-3)
            adam.zeroGradients()
        }
        for parameter in parameters {
            try golden.expect("trained/\(parameter.name)", parameter.value.values)
        }
        try golden.expect("evaluation", network(input, mode: .evaluation).values)
        try golden.expect("losses", losses)
    }
}
