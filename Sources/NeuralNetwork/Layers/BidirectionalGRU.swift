import Platform
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
    /// Who computes; the examples are independent of one another, and so are the rows of a weight's gradient.
    var team = ThreadTeam()

    init(inputs: Int, units: Int, initialisation stream: inout Stream) {
        self.inputs = inputs
        self.units = units
        inputWeights = Tensor([6 * units, inputs])
        directions = ["", "_reverse"].map {
            GRUDirection(suffix: $0, inputs: inputs, units: units, initialisation: &stream)
        }
    }

    /// The parameters of another one, with room of its own.
    init(sharing other: BidirectionalGRU) {
        units = other.units
        inputs = other.inputs
        inputWeights = Tensor([6 * units, inputs])
        directions = other.directions.map(GRUDirection.init(sharing:))
    }

    var parameters: [Parameter] { directions.flatMap(\.parameters) }

    /// - Parameter isContinued: whether the weights are those of the call before, so that they need not be packed again.
    func callAsFunction(isContinued: Bool = false) -> Tensor {
        let (steps, count) = (sequence.shape[0], sequence.shape[1])
        let gates = 6 * units
        if !isContinued { packInputWeights() }
        // Both directions and all steps in one product.
        inputGates.resize([steps, count, gates])
        packedInput.product(
            sequence.base, stride: inputs, count: steps * count, into: inputGates.base,
            stride: gates, team)
        output.resize([count, 2 * units])
        output.fill(0)
        for direction in directions {
            direction.beginForward(steps: steps, count: count, isContinued: isContinued)
        }
        let blocks = RowBlocks(count, team, isWhole: !directions[0].isRowwise)
        team.perform(2 * blocks.count) { [self] item, _ in
            let (index, block) = item.quotientAndRemainder(dividingBy: blocks.count)
            let direction = directions[index]
            let rows = blocks[block]
            direction.forward(
                inputGates, rows, column: index * 3 * units, isReversed: index == 1)
            addMeanOverTime(
                direction.states.base, rows, into: output.base + index * units,
                stride: 2 * units, steps: steps, count: count, units: units)
        }
        return output
    }

    private func packInputWeights() {
        for (index, direction) in directions.enumerated() {
            (inputWeights.base + index * 3 * units * inputs).update(
                from: direction.inputWeight.value.base, count: 3 * units * inputs)
        }
        packedInput.pack(
            inputWeights.base, stride: inputs, transposed: true, rows: inputs,
            columns: 6 * units, team)
    }

    func backward(_ gradient: Tensor) {
        let (steps, count) = (sequence.shape[0], sequence.shape[1])
        let gates = 6 * units
        inputGateGradients.resize([steps, count, gates])
        for direction in directions { direction.beginBackward(count: count) }
        let blocks = RowBlocks(count, team, isWhole: !directions[0].isRowwise)
        team.perform(2 * blocks.count) { [self] item, _ in
            let (index, block) = item.quotientAndRemainder(dividingBy: blocks.count)
            directions[index].backward(
                gradient, blocks[block], column: index * units, into: inputGateGradients,
                gateColumn: index * 3 * units, isReversed: index == 1)
        }
        for (index, direction) in directions.enumerated() {
            let gates = inputGateGradients.base + index * 3 * units
            direction.addRecurrentGradients(
                steps: steps, count: count, isReversed: index == 1, team)
            addTransposedProduct(
                gates, stride: 6 * units, rows: 3 * units, sequence.base, stride: inputs,
                columns: inputs, positions: steps * count,
                to: direction.inputWeight.gradient.base, stride: inputs, team)
            addColumnSums(
                gates, stride: 6 * units, rows: steps * count, columns: 3 * units,
                to: direction.inputBias.gradient.base, team)
        }
        sequenceGradient.resize(sequence.shape)
        packedInput.pack(
            inputWeights.base, stride: inputs, transposed: false, rows: gates, columns: inputs, team
        )
        packedInput.product(
            inputGateGradients.base, stride: gates, count: steps * count,
            into: sequenceGradient.base, stride: inputs, team)
    }
}
