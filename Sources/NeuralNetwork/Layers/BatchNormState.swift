import Foundation

/// BatchNorm over positions and examples: its parameters, its statistics, and the numbers that the
/// kernels of a pass need (PyTorch's `nn.BatchNorm2d`; arXiv 1502.03167, algorithm 1).
final class BatchNormState {
    let weight: Parameter
    let bias: Parameter
    let runningMean: LayerBuffer
    let runningVariance: LayerBuffer
    let channels: Int
    /// Whether the running statistics are constants: training uses them, and leaves them as they are.
    var keepsStatistics = false
    static let epsilon = 1e-5
    static let momentum = 0.1

    // All padded with zeros to whole vectors.
    let mean: Tensor
    let inverseDeviation: Tensor
    /// The normalisation as one product and one sum: z * scale + shift.
    let scale: Tensor
    let shift: Tensor
    /// Sums of the output's gradient, and of its product with the normalised input.
    let gradientSum: Tensor
    let gradientProductSum: Tensor
    /// The input's gradient is scale * gradient + constant + slope * z.
    let constant: Tensor
    let slope: Tensor

    convenience init(channels: Int, name: String) {
        self.init(
            weight: Parameter("\(name).weight", Initialisation.constant([channels], 1)),
            bias: Parameter("\(name).bias", Tensor([channels])),
            runningMean: LayerBuffer("\(name).running_mean", Tensor([channels])),
            runningVariance: LayerBuffer(
                "\(name).running_var", Initialisation.constant([channels], 1)))
    }

    /// The parameters and statistics of another one, with numbers of its own.
    convenience init(sharing other: BatchNormState) {
        self.init(
            weight: other.weight, bias: other.bias, runningMean: other.runningMean,
            runningVariance: other.runningVariance)
    }

    private init(
        weight: Parameter, bias: Parameter, runningMean: LayerBuffer, runningVariance: LayerBuffer
    ) {
        self.weight = weight
        self.bias = bias
        self.runningMean = runningMean
        self.runningVariance = runningVariance
        channels = weight.value.count
        let padded = [paddedChannels(channels)]
        mean = Tensor(padded)
        inverseDeviation = Tensor(padded)
        scale = Tensor(padded)
        shift = Tensor(padded)
        gradientSum = Tensor(padded)
        gradientProductSum = Tensor(padded)
        constant = Tensor(padded)
        slope = Tensor(padded)
    }

    /// Uses the statistics of a batch, and moves the running ones towards them.
    ///
    /// - Parameter squares: sums of squared deviations from the mean.
    func useBatch(mean batchMean: [Double], squares: [Double], count: Int) {
        for channel in 0..<channels {
            let variance = max(0, squares[channel]) / Double(count)
            set(channel, mean: batchMean[channel], variance: variance)
            let unbiased = max(0, squares[channel]) / Double(max(1, count - 1))
            move(runningMean.value, channel, towards: batchMean[channel])
            move(runningVariance.value, channel, towards: unbiased)
        }
    }

    func useRunning() {
        for channel in 0..<channels {
            set(
                channel, mean: Double(runningMean.value[channel]),
                variance: Double(runningVariance.value[channel]))
        }
    }

    /// Whether the normalised input follows from the output: (y - bias) / weight, to some 1e-5.
    var isInvertible: Bool {
        (0..<channels).allSatisfy {
            abs(weight.value[$0]) > max(1e-2 * abs(bias.value[$0]), 1e-6)
        }
    }

    /// After ``gradientSum`` and ``gradientProductSum`` are known: the parameters' gradients, and the
    /// numbers for the input's.
    ///
    /// - Parameter sumsOutputs: whether the products were with the output, not the normalised input.
    func finishBackward(count: Int, sumsOutputs: Bool) {
        for channel in 0..<channels {
            let gradientTotal = Double(gradientSum[channel])
            var product = Double(gradientProductSum[channel])
            if sumsOutputs {
                product =
                    (product - gradientTotal * Double(bias.value[channel]))
                    / Double(weight.value[channel])
            }
            bias.gradient[channel] += Float(gradientTotal)
            weight.gradient[channel] += Float(product)
            guard !keepsStatistics else {
                // Nothing but the product with the scale stands between z and the output.
                slope[channel] = 0
                constant[channel] = 0
                continue
            }
            let scale = Double(scale[channel])
            let inverse = Double(inverseDeviation[channel])
            product /= Double(count)
            slope[channel] = Float(-scale * product * inverse)
            constant[channel] = Float(
                scale * (product * inverse * Double(mean[channel]) - gradientTotal / Double(count)))
        }
    }

    private func set(_ channel: Int, mean value: Double, variance: Double) {
        let inverse = 1 / (variance + Self.epsilon).squareRoot()
        let factor = Double(weight.value[channel]) * inverse
        mean[channel] = Float(value)
        inverseDeviation[channel] = Float(inverse)
        scale[channel] = Float(factor)
        shift[channel] = Float(Double(bias.value[channel]) - value * factor)
    }

    private func move(_ running: Tensor, _ channel: Int, towards value: Double) {
        running[channel] = Float(
            (1 - Self.momentum) * Double(running[channel]) + Self.momentum * value)
    }
}

/// Means and sums of squared deviations by channel, merged example by example
/// (Chan, Golub and LeVeque 1983, doi:10.2307/2683386).
struct ChannelMoments {
    private(set) var count = 0
    private(set) var mean: [Double]
    private(set) var squares: [Double]

    init(channels: Int) {
        mean = Array(repeating: 0, count: channels)
        squares = mean
    }

    /// Adds `count` numbers a channel with their means and sums of squared deviations.
    ///
    /// - Parameter first: where they begin in both tensors.
    mutating func merge(
        mean other: Tensor, squares otherSquares: Tensor, at first: Int, count added: Int
    ) {
        let total = Double(count + added)
        let share = Double(added) / total
        let spread = Double(count) * share
        for channel in mean.indices {
            let difference = Double(other[first + channel]) - mean[channel]
            mean[channel] += difference * share
            squares[channel] +=
                Double(otherSquares[first + channel]) + difference * difference * spread
        }
        count += added
    }
}
