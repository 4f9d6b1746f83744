public import Platform
public import Randomness

/// A fully connected layer: y = x W^T + b.
///
/// Shape: [n, inputFeatures] -> [n, outputFeatures].
public final class Linear {
    public let weight: Parameter
    public let bias: Parameter
    private let inputs: Int
    private let outputs: Int
    private var input: Tensor?
    private let output = Tensor([0])
    private let inputGradient = Tensor([0])
    /// Who computes. What comes of it is the same however many they are.
    public var team = ThreadTeam()

    /// - Parameters:
    ///   - name: what the parameters' names start with, such as `classifier` or `proj.0`.
    public init(
        inputFeatures: Int, outputFeatures: Int, name: String = "linear",
        initialisation stream: inout Stream
    ) {
        inputs = inputFeatures
        outputs = outputFeatures
        weight = Parameter(
            "\(name).weight",
            Initialisation.uniform([outputs, inputs], fan: inputs, &stream))
        bias = Parameter(
            "\(name).bias", Initialisation.uniform([outputs], fan: inputs, &stream))
    }

    /// A twin with the same parameters, and room of its own: what another thread computes with.
    public func evaluationTwin() -> Linear { Linear(sharing: self) }

    private init(sharing other: Linear) {
        inputs = other.inputs
        outputs = other.outputs
        weight = other.weight
        bias = other.bias
    }

    public var parameters: [Parameter] { [weight, bias] }

    /// The output belongs to the layer and is valid until the next call; the input must stay as it is
    /// until ``backward(_:)``.
    public func callAsFunction(_ input: Tensor) -> Tensor {
        self.input = input
        let rows = input.shape[0]
        output.resize([rows, outputs])
        multiply(
            input.base, transposed: false, stride: inputs, weight.value.base, transposed: true,
            stride: inputs,
            into: output.base, stride: outputs, rows: rows, columns: outputs, inner: inputs)
        addBias(bias.value.base, to: output.base, rows: rows, columns: outputs)
        return output
    }

    /// Adds to the parameters' gradients; the result is the gradient of the input.
    public func backward(_ gradient: Tensor) -> Tensor {
        guard let input else { preconditionFailure("backward before a forward pass") }
        let rows = gradient.shape[0]
        inputGradient.resize([rows, inputs])
        // Two products that each stay whole.
        team.perform(2) { [self] part, _ in
            if part == 0 {
                multiply(
                    gradient.base, transposed: true, stride: outputs, input.base,
                    transposed: false, stride: inputs, into: weight.gradient.base,
                    stride: inputs, rows: outputs, columns: inputs, inner: rows, beta: 1)
                addColumnSums(
                    gradient.base, stride: outputs, rows: rows, columns: outputs,
                    to: bias.gradient.base)
            } else {
                multiply(
                    gradient.base, transposed: false, stride: outputs, weight.value.base,
                    transposed: false, stride: inputs, into: inputGradient.base,
                    stride: inputs, rows: rows, columns: inputs, inner: outputs)
            }
        }
        return inputGradient
    }
}
