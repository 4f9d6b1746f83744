import Foundation
public import Platform

/// Settings of ``Adam``, PyTorch's defaults.
public struct AdamConfiguration: Sendable, Codable, Hashable {
    /// Decay of the mean of the gradient.
    public var beta1: Double
    /// Decay of the mean of its square.
    public var beta2: Double
    /// Added to the root of the mean square.
    public var epsilon: Double
    /// What each step takes off the weights, as a multiple of the learning rate, apart from the
    /// gradient (AdamW, arXiv 1711.05101). Biases and what scales a normalisation keep theirs.
    public var weightDecay: Double

    public init(
        beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0
    ) {
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.weightDecay = weightDecay
    }
}

/// Adam (arXiv 1412.6980), with PyTorch's order of operations.
public final class Adam {
    private let parameters: [Parameter]
    private let configuration: AdamConfiguration
    private let means: [Tensor]
    private let squares: [Tensor]
    /// Steps taken.
    public private(set) var steps = 0
    /// Who computes. What comes of it is the same however many they are.
    public var team = ThreadTeam()
    /// What threads share: each number is moved by itself.
    private let pieces: [Piece]

    private struct Piece {
        let parameter: Int
        let numbers: Range<Int>
        static let size = 1 << 14
    }

    public init(_ parameters: [Parameter], _ configuration: AdamConfiguration) {
        self.parameters = parameters
        self.configuration = configuration
        means = parameters.map { Tensor($0.value.shape) }
        squares = parameters.map { Tensor($0.value.shape) }
        pieces = parameters.enumerated().flatMap { index, parameter in
            let count = parameter.value.count
            return stride(from: 0, to: count, by: Piece.size).map {
                Piece(parameter: index, numbers: $0..<min(count, $0 + Piece.size))
            }
        }
    }

    /// Moves every parameter against its gradient.
    public func step(learningRate: Double) {
        steps += 1
        let correction1 = 1 - pow(configuration.beta1, Double(steps))
        let correction2 = 1 - pow(configuration.beta2, Double(steps))
        team.perform(pieces.count) { [self] number, _ in
            let (index, first) = (pieces[number].parameter, pieces[number].numbers.lowerBound)
            let decays = parameters[index].value.shape.count > 1
            adamUpdate(
                parameters[index].value.base + first,
                gradient: parameters[index].gradient.base + first,
                mean: means[index].base + first, square: squares[index].base + first,
                count: pieces[number].numbers.count,
                beta1: Float(configuration.beta1), beta2: Float(configuration.beta2),
                stepSize: Float(learningRate / correction1),
                rootScale: Float(1 / correction2.squareRoot()),
                epsilon: Float(configuration.epsilon),
                kept: Float(decays ? 1 - learningRate * configuration.weightDecay : 1))
        }
    }

    public func zeroGradients() {
        team.perform(pieces.count) { [self] number, _ in
            let piece = pieces[number]
            (parameters[piece.parameter].gradient.base + piece.numbers.lowerBound)
                .update(repeating: 0, count: piece.numbers.count)
        }
    }

    /// What a checkpoint must hold, beside ``steps``, to go on to the same bits.
    public var state: [(name: String, tensor: Tensor)] {
        parameters.enumerated().flatMap { index, parameter in
            [
                ("adam.mean.\(parameter.name)", means[index]),
                ("adam.square.\(parameter.name)", squares[index]),
            ]
        }
    }

    /// Goes on from a state that was read from a checkpoint.
    ///
    /// Throws: ``NeuralNetworkError`` when a tensor is missing or has another shape.
    public func loadState(_ contents: Checkpoint.Contents, steps: Int) throws {
        try contents.load(into: state)
        self.steps = steps
    }
}
