public import Platform
public import Randomness

/// Two fully connected layers with a rectifier between them: what contrastive learning puts behind
/// the encoder and throws away afterwards (SimCLR, arXiv 2002.05709, section 2.1).
///
/// Shape: [n, inputFeatures] -> [n, outputFeatures].
public final class ProjectionHead {
    private let first: Linear
    private let second: Linear
    private let hidden = Tensor([0])

    public init(
        inputFeatures: Int, hiddenFeatures: Int, outputFeatures: Int, name: String = "proj",
        initialisation stream: inout Stream
    ) {
        first = Linear(
            inputFeatures: inputFeatures, outputFeatures: hiddenFeatures, name: "\(name).0",
            initialisation: &stream)
        second = Linear(
            inputFeatures: hiddenFeatures, outputFeatures: outputFeatures, name: "\(name).2",
            initialisation: &stream)
    }

    /// Who computes. What comes of it is the same however many they are.
    public var team = ThreadTeam() {
        didSet {
            first.team = team
            second.team = team
        }
    }

    public var parameters: [Parameter] { first.parameters + second.parameters }

    /// The output belongs to the layer and is valid until the next call.
    public func callAsFunction(_ input: Tensor) -> Tensor {
        let sum = first(input)
        hidden.resize(sum.shape)
        rectify(sum.base, into: hidden.base, count: sum.count)
        return second(hidden)
    }

    /// Adds to the parameters' gradients; the result is the gradient of the input.
    public func backward(_ gradient: Tensor) -> Tensor {
        let inner = second.backward(gradient)
        maskWhereZero(hidden.base, inner.base, count: inner.count)
        return first.backward(inner)
    }
}
