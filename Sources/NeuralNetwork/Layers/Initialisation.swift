import Randomness

/// The defaults of PyTorch's layers, drawn from a named stream.
enum Initialisation {
    /// Uniform in +-1 / sqrt(fan), which is what PyTorch gives to Linear (weights and biases), Conv2d
    /// (Kaiming uniform with a = sqrt(5)) and GRU (fan = hidden units).
    static func uniform(_ shape: [Int], fan: Int, _ stream: inout Stream) -> Tensor {
        let tensor = Tensor(shape)
        let bound = 1 / Double(fan).squareRoot()
        for index in 0..<tensor.count { tensor[index] = Float(stream.uniform(in: -bound...bound)) }
        return tensor
    }

    static func constant(_ shape: [Int], _ value: Float) -> Tensor {
        let tensor = Tensor(shape)
        tensor.fill(value)
        return tensor
    }
}
