import NeuralNetwork
import Randomness
import Testing

@Suite("Gradients by finite differences")
struct GradientTests {
    /// Compares the derivative along a random direction of each tensor with central differences.
    ///
    /// The bound: rounding of a float32 forward pass over the step, about 1e-6 / 1e-3, and kinks of
    /// rectifier and pooling inside the step.
    func check(
        _ tensors: [(name: String, value: Tensor, gradient: Tensor)], step: Float = 1e-3,
        tolerance: Double = 2e-2, loss: () -> Double,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for (index, (name, value, gradient)) in tensors.enumerated() {
            let original = value.values
            let slopes = gradient.values
            // Along the gradient the derivative is largest; noise is added so that errors of single
            // elements cannot hide.
            let noise = numbers(value.count, seed: 900 + UInt64(index))
            let largest = slopes.reduce(0) { max($0, abs($1)) }
            let direction = zip(slopes, noise).map { $0 / max(largest, 1e-20) + 0.5 * $1 }
            let expected = zip(direction, slopes).reduce(0.0) {
                $0 + Double($1.0) * Double($1.1)
            }
            value.values = zip(original, direction).map { $0 + step * $1 }
            let above = loss()
            value.values = zip(original, direction).map { $0 - step * $1 }
            let below = loss()
            value.values = original
            let found = (above - below) / (2 * Double(step))
            #expect(
                abs(found - expected) < tolerance * max(abs(expected), 1e-3),
                "\(name): by differences \(found), by the backward pass \(expected)",
                sourceLocation: sourceLocation)
        }
    }

    /// A loss with a known gradient: the sum of products with fixed numbers.
    func weightedSum(_ output: Tensor, _ weights: Tensor) -> Double {
        zip(output.values, weights.values).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }

    @Test("fully connected layer: weights, bias, input")
    func linear() {
        var stream = Stream(1, "linear")
        let layer = Linear(inputFeatures: 7, outputFeatures: 19, initialisation: &stream)
        let input = Tensor([5, 7], numbers(35, seed: 1))
        let weights = Tensor([5, 19], numbers(95, seed: 2))
        _ = layer(input)
        let inputGradient = Tensor([0])
        inputGradient.copy(from: layer.backward(weights))
        check(
            layer.parameters.map { ($0.name, $0.value, $0.gradient) }
                + [("input", input, inputGradient)]
        ) { weightedSum(layer(input), weights) }
    }

    @Test("projection head: weights, biases, input")
    func head() {
        var stream = Stream(2, "head")
        let layer = ProjectionHead(
            inputFeatures: 6, hiddenFeatures: 33, outputFeatures: 5, initialisation: &stream)
        let input = Tensor([4, 6], numbers(24, seed: 1))
        let weights = Tensor([4, 5], numbers(20, seed: 2))
        _ = layer(input)
        let inputGradient = Tensor([0])
        inputGradient.copy(from: layer.backward(weights))
        check(
            layer.parameters.map { ($0.name, $0.value, $0.gradient) }
                + [("input", input, inputGradient)]
        ) { weightedSum(layer(input), weights) }
    }

    @Test("NT-Xent")
    func contrastive() {
        let loss = NTXentLoss(temperature: 0.3)
        let input = Tensor([10, 6], numbers(60, seed: 4))
        _ = loss(input)
        let gradient = Tensor([0])
        gradient.copy(from: loss.gradient)
        check([("projections", input, gradient)]) { loss(input) }
    }

    @Test("softmax cross-entropy and mean squared error")
    func supervised() {
        let entropy = SoftmaxCrossEntropy()
        let logits = Tensor([3, 21], numbers(63, seed: 4))
        _ = entropy(logits, labels: [0, 20, 7])
        let gradient = Tensor([0])
        gradient.copy(from: entropy.gradient)
        check([("logits", logits, gradient)]) { entropy(logits, labels: [0, 20, 7]) }
        let squares = MeanSquaredError()
        let targets = Tensor([3, 2], numbers(6, seed: 5))
        let predictions = Tensor([3, 2], numbers(6, seed: 6))
        _ = squares(predictions, targets: targets)
        gradient.copy(from: squares.gradient)
        check([("predictions", predictions, gradient)]) { squares(predictions, targets: targets) }
    }

    @Test(
        "the whole network: every parameter, by channels, kernel, map and batch, and by statistics",
        arguments: [
            (
                CRNNConfiguration(
                    inputChannels: 3, frames: 16, bins: 32, channels: [16, 32],
                    pools: [[2, 4], [2, 2]],
                    recurrentUnits: 16), 3
            ),
            (
                CRNNConfiguration(
                    inputChannels: 5, frames: 13, bins: 11, channels: [10, 7], kernelSize: 5,
                    pools: [[2, 2], [1, 3]], recurrentUnits: 9), 1
            ),
            (
                CRNNConfiguration(
                    inputChannels: 1, frames: 6, bins: 6, channels: [24], kernelSize: 1,
                    pools: [[3, 3]],
                    recurrentUnits: 20), 4
            ),
        ], [false, true])
    func network(
        sizes: (configuration: CRNNConfiguration, examples: Int), keepsStatistics: Bool
    ) throws {
        let (configuration, examples) = sizes
        var stream = Stream(3, "network")
        let network = try CRNN(configuration, initialisation: &stream)
        initialise(network.parameters)
        let shape = [
            examples, configuration.inputChannels, configuration.frames, configuration.bins,
        ]
        let input = Tensor(shape, numbers(shape.reduce(1, *), seed: 1))
        let size = examples * configuration.embeddingSize
        let weights = Tensor([examples, configuration.embeddingSize], numbers(size, seed: 2))
        // Statistics that are neither the batch's nor those of the start.
        if keepsStatistics { _ = network(input, mode: .training) }
        network.keepsStatistics = keepsStatistics
        _ = network(input, mode: .training)
        network.backward(weights)
        check(
            network.parameters.map { ($0.name, $0.value, $0.gradient) }, step: 2e-4,
            tolerance: 4e-2
        ) { weightedSum(network(input, mode: .training), weights) }
    }
}
