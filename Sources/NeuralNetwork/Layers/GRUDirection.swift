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

    var parameters: [Parameter] { [inputWeight, recurrentWeight, inputBias, recurrentBias] }

    /// Shape: inputGates [time, n, stride]; this direction's 3 units start at `column`.
    func forward(_ inputGates: Tensor, column: Int, isReversed: Bool) {
        let (steps, count) = (inputGates.shape[0], inputGates.shape[1])
        let stride = inputGates.shape[2]
        states.resize([steps, count, units])
        saved.resize([steps, count, 4, units])
        recurrentGates.resize([steps, count, 3 * units])
        packedRecurrent.pack(
            recurrentWeight.value.base, stride: units, transposed: true, rows: units,
            columns: 3 * units)
        for step in 0..<steps {
            let time = isReversed ? steps - 1 - step : step
            let previous = isReversed ? time + 1 : time - 1
            let gates = recurrentGates.base + time * count * 3 * units
            if step > 0 {
                packedRecurrent.product(
                    states.base + previous * count * units, stride: units, count: count,
                    into: gates, stride: 3 * units)
            } else {
                gates.update(repeating: 0, count: count * 3 * units)
            }
            gruGates(
                inputGates.base + time * count * stride + column, stride: stride,
                recurrent: gates, inputBias: inputBias.value.base,
                recurrentBias: recurrentBias.value.base,
                previous: step > 0 ? states.base + previous * count * units : nil,
                state: states.base + time * count * units,
                saved: saved.base + time * count * 4 * units, rows: count, units: units)
        }
    }

    /// Shape: gradient [n, 2 units] of the mean over time, of which this direction's start at `column`.
    func backward(
        _ gradient: Tensor, column: Int, into inputGateGradients: Tensor, gateColumn: Int,
        isReversed: Bool
    ) {
        let (steps, count) = (inputGateGradients.shape[0], inputGateGradients.shape[1])
        let stride = inputGateGradients.shape[2]
        carry.resize([count, units])
        carry.fill(0)
        packedRecurrent.pack(
            recurrentWeight.value.base, stride: units, transposed: false, rows: 3 * units,
            columns: units)
        for step in (0..<steps).reversed() {
            let time = isReversed ? steps - 1 - step : step
            let previous = isReversed ? time + 1 : time - 1
            let gates = recurrentGates.base + time * count * 3 * units
            gruGatesBackward(
                gradient.base + column, stride: 2 * units, scale: 1 / Float(steps),
                carry: carry.base,
                previous: step > 0 ? states.base + previous * count * units : nil,
                saved: saved.base + time * count * 4 * units,
                inputGates: inputGateGradients.base + time * count * stride + gateColumn,
                inputStride: stride, recurrentGates: gates, rows: count, units: units)
            if step > 0 {
                packedRecurrent.product(
                    gates, stride: 3 * units, count: count, into: carry.base, stride: units,
                    accumulate: true)
            }
        }
        addColumnSums(
            recurrentGates.base, stride: 3 * units, rows: steps * count, columns: 3 * units,
            to: recurrentBias.gradient.base)
        if steps > 1 {
            // Each step's gates meet the state before it, which lies one step away in memory.
            let rows = (steps - 1) * count
            addTransposedProduct(
                recurrentGates.base + (isReversed ? 0 : count * 3 * units), stride: 3 * units,
                rows: 3 * units, states.base + (isReversed ? count * units : 0), stride: units,
                columns: units, positions: rows, to: recurrentWeight.gradient.base, stride: units)
        }
    }
}
