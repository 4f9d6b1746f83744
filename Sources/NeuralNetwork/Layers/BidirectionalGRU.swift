import Randomness

/// A gated recurrent unit that reads a sequence in both directions (PyTorch's `nn.GRU`, one layer,
/// gates in the order reset, update, new; h0 = 0), and the mean of its outputs over time.
///
/// Shape: [time, n, inputs] -> [n, 2 units].
final class BidirectionalGRU {
    let units: Int
    let inputs: Int
    /// Forward, then backward direction.
    private let directions: [GRUDirection]
    /// Where the sequence is put before the call. Shape: [time, n, inputs].
    let sequence = Tensor([0])
    /// The gradient of the sequence after ``backward(_:)``.
    let sequenceGradient = Tensor([0])
    private let output = Tensor([0])
    private let inputWeights: Tensor
    private let packedInput = PackedMatrix()
    private let inputGates = Tensor([0])
    private let inputGateGradients = Tensor([0])

    init(inputs: Int, units: Int, initialisation stream: inout Stream) {
        self.inputs = inputs
        self.units = units
        inputWeights = Tensor([6 * units, inputs])
        directions = ["", "_reverse"].map {
            GRUDirection(suffix: $0, inputs: inputs, units: units, initialisation: &stream)
        }
    }

    var parameters: [Parameter] { directions.flatMap(\.parameters) }

    func callAsFunction() -> Tensor {
        let (steps, count) = (sequence.shape[0], sequence.shape[1])
        let gates = 6 * units
        for (index, direction) in directions.enumerated() {
            (inputWeights.base + index * 3 * units * inputs).update(
                from: direction.inputWeight.value.base, count: 3 * units * inputs)
        }
        // Both directions and all steps in one product.
        inputGates.resize([steps, count, gates])
        packedInput.pack(
            inputWeights.base, stride: inputs, transposed: true, rows: inputs, columns: gates)
        packedInput.product(
            sequence.base, stride: inputs, count: steps * count, into: inputGates.base,
            stride: gates)
        output.resize([count, 2 * units])
        output.fill(0)
        for (index, direction) in directions.enumerated() {
            direction.forward(
                inputGates, column: index * 3 * units, isReversed: index == 1)
            addMeanOverTime(
                direction.states.base, into: output.base + index * units, stride: 2 * units,
                steps: steps, rows: count, units: units)
        }
        return output
    }

    func backward(_ gradient: Tensor) {
        let (steps, count) = (sequence.shape[0], sequence.shape[1])
        let gates = 6 * units
        inputGateGradients.resize([steps, count, gates])
        for (index, direction) in directions.enumerated() {
            direction.backward(
                gradient, column: index * units, into: inputGateGradients,
                gateColumn: index * 3 * units, isReversed: index == 1)
            addTransposedProduct(
                inputGateGradients.base + index * 3 * units, stride: gates, rows: 3 * units,
                sequence.base, stride: inputs, columns: inputs, positions: steps * count,
                to: direction.inputWeight.gradient.base, stride: inputs)
            addColumnSums(
                inputGateGradients.base + index * 3 * units, stride: gates, rows: steps * count,
                columns: 3 * units, to: direction.inputBias.gradient.base)
        }
        sequenceGradient.resize(sequence.shape)
        packedInput.pack(
            inputWeights.base, stride: inputs, transposed: false, rows: gates, columns: inputs)
        packedInput.product(
            inputGateGradients.base, stride: gates, count: steps * count,
            into: sequenceGradient.base, stride: inputs)
    }
}
