import NeuralNetwork
import Testing

/// `count` numbers in [-1, 1): the rule of Fixtures/make_golden.py.
func numbers(_ count: Int, seed: UInt64) -> [Float] {
    (0..<count).map { index in
        var z = (UInt64(index) &+ seed << 32) &* 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        z ^= z >> 31
        return Float(z >> 40) * 0x1p-23 - 1
    }
}

/// Weights of the golden networks, parameter by parameter in PyTorch's order.
func initialise(_ parameters: [Parameter]) {
    for (index, parameter) in parameters.enumerated() {
        let values = numbers(parameter.value.count, seed: 100 + UInt64(index))
        let shape = parameter.value.shape
        let fan = shape.count > 1 ? shape.dropFirst().reduce(1, *) : 64
        let scale = 1 / Double(fan).squareRoot()
        parameter.value.values = values.map { value in
            if parameter.name.contains(".bn.weight") { return Float(1 + 0.5 * Double(value)) }
            if parameter.name.contains(".bn.bias") { return Float(0.3 * Double(value)) }
            return Float(Double(value) * scale)
        }
    }
}

/// The largest difference over the largest magnitude of the expected values.
func relativeError(_ found: [Float], _ expected: [Float]) -> Double {
    guard found.count == expected.count else { return .infinity }
    let largest = expected.reduce(0) { max($0, abs($1)) }
    let error = zip(found, expected).reduce(Float(0)) { partial, pair in
        let difference = abs(pair.0 - pair.1)
        return difference.isFinite ? max(partial, difference) : .infinity
    }
    return Double(error) / max(Double(largest), 1e-30)
}
