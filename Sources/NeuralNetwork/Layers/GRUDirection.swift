import Platform
import Randomness

/// One direction of a ``BidirectionalGRU``: its weights, and what its last pass left.
final class GRUDirection {
    let inputWeight: Parameter
    let inputBias: Parameter
    private let recurrentWeight: Parameter
    private let recurrentBias: Parameter
    private let units: Int
    private let packedRecurrent = PackedMatrix()
    /// The state after each step. Shape: [time, n, units].
    let states = Tensor([0])
    /// Reset, update, new and the recurrent part of new. Shape: [time, n, 4, units].
    private let saved = Tensor([0])
    /// Shape: [time, n, 3 units].
    private let recurrentGates = Tensor([0])
    /// The gradient of the state that the next step back passes on. Shape: [n, units].
    private let carry = Tensor([0])

    init(suffix: String, inputs: Int, units: Int, initialisation stream: inout Stream) {
        self.units = units
        func parameter(_ name: String, _ shape: [Int]) -> Parameter {
            Parameter(
                "gru.\(name)_l0\(suffix)", Initialisation.uniform(shape, fan: units, &stream))
        }
        inputWeight = parameter("weight_ih", [3 * units, inputs])
        recurrentWeight = parameter("weight_hh", [3 * units, units])
        inputBias = parameter("bias_ih", [3 * units])
        recurrentBias = parameter("bias_hh", [3 * units])
    }

    /// The parameters of another one, with room of its own.
    init(sharing other: GRUDirection) {
        units = other.units
        inputWeight = other.inputWeight
        recurrentWeight = other.recurrentWeight
        inputBias = other.inputBias
        recurrentBias = other.recurrentBias
    }

    var parameters: [Parameter] { [inputWeight, recurrentWeight, inputBias, recurrentBias] }

    /// Whether products of some rows are bit for bit those of all (``PackedMatrix``).
    var isRowwise: Bool { units % 16 == 0 }

    /// - Parameter isContinued: whether the weights are those of the call before.
    func beginForward(steps: Int, count: Int, isContinued: Bool) {
        states.resize([steps, count, units])
        saved.resize([steps, count, 4, units])
        recurrentGates.resize([steps, count, 3 * units])
        if isContinued { return }
        packedRecurrent.pack(
            recurrentWeight.value.base, stride: units, transposed: true, rows: units,
            columns: 3 * units)
    }

    /// All steps of some examples.
    ///
    /// Shape: inputGates [time, n, stride]; this direction's 3 units start at `column`.
    func forward(_ inputGates: Tensor, _ rows: Range<Int>, column: Int, isReversed: Bool) {
        let (steps, count) = (inputGates.shape[0], inputGates.shape[1])
        let stride = inputGates.shape[2]
        for step in 0..<steps {
            let time = isReversed ? steps - 1 - step : step
            let row = time * count + rows.lowerBound
            let gates = recurrentGates.base + row * 3 * units
            let previous =
                step > 0
                ? states.base + (row + (isReversed ? count : -count)) * units : nil
            if let previous {
                packedRecurrent.product(
                    previous, stride: units, count: rows.count, into: gates, stride: 3 * units)
            } else {
                gates.update(repeating: 0, count: rows.count * 3 * units)
            }
            gruGates(
                inputGates.base + row * stride + column, stride: stride,
                recurrent: gates, inputBias: inputBias.value.base,
                recurrentBias: recurrentBias.value.base, previous: previous,
                state: states.base + row * units, saved: saved.base + row * 4 * units,
                rows: rows.count, units: units)
        }
    }

    func beginBackward(count: Int) {
        carry.resize([count, units])
        carry.fill(0)
        packedRecurrent.pack(
            recurrentWeight.value.base, stride: units, transposed: false, rows: 3 * units,
            columns: units)
    }

    /// All steps of some examples; ``addRecurrentGradients(steps:count:isReversed:_:)`` follows once all are through.
    ///
    /// Shape: gradient [n, 2 units] of the mean over time, of which this direction's start at `column`.
    func backward(
        _ gradient: Tensor, _ rows: Range<Int>, column: Int, into inputGateGradients: Tensor,
        gateColumn: Int, isReversed: Bool
    ) {
        let (steps, count) = (inputGateGradients.shape[0], inputGateGradients.shape[1])
        let stride = inputGateGradients.shape[2]
        let carry = carry.base + rows.lowerBound * units
        for step in (0..<steps).reversed() {
            let time = isReversed ? steps - 1 - step : step
            let row = time * count + rows.lowerBound
            let gates = recurrentGates.base + row * 3 * units
            gruGatesBackward(
                gradient.base + rows.lowerBound * 2 * units + column, stride: 2 * units,
                scale: 1 / Float(steps), carry: carry,
                previous: step > 0
                    ? states.base + (row + (isReversed ? count : -count)) * units : nil,
                saved: saved.base + row * 4 * units,
                inputGates: inputGateGradients.base + row * stride + gateColumn,
                inputStride: stride, recurrentGates: gates, rows: rows.count, units: units)
            if step > 0 {
                packedRecurrent.product(
                    gates, stride: 3 * units, count: rows.count, into: carry, stride: units,
                    accumulate: true)
            }
        }
    }

    func addRecurrentGradients(steps: Int, count: Int, isReversed: Bool, _ team: ThreadTeam) {
        addColumnSums(
            recurrentGates.base, stride: 3 * units, rows: steps * count, columns: 3 * units,
            to: recurrentBias.gradient.base, team)
        if steps > 1 {
            // Each step's gates meet the state before it, which lies one step away in memory.
            let rows = (steps - 1) * count
            addTransposedProduct(
                recurrentGates.base + (isReversed ? 0 : count * 3 * units), stride: 3 * units,
                rows: 3 * units, states.base + (isReversed ? count * units : 0), stride: units,
                columns: units, positions: rows, to: recurrentWeight.gradient.base, stride: units,
                team)
        }
    }
}
