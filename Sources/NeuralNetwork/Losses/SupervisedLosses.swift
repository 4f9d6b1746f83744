/// The cross-entropy of a class, mean over the batch.
public final class SoftmaxCrossEntropy {
    /// The loss's gradient for the logits of the last call.
    public let gradient = Tensor([0])

    public init() {}

    /// Shape: logits [n, classes]; labels [n], each in 0 ..< classes.
    public func callAsFunction(_ logits: Tensor, labels: [Int]) -> Double {
        let (rows, classes) = (logits.shape[0], logits.shape[1])
        gradient.copy(from: logits)
        var loss = 0.0
        for (row, label) in labels.enumerated() {
            precondition((0..<classes).contains(label), "label \(label) of \(classes) classes")
            loss -= softmaxRow(
                gradient.base + row * classes, count: classes, target: label,
                scale: 1 / Float(rows))
        }
        return loss / Double(rows)
    }
}

/// The squared difference, mean over all numbers.
public final class MeanSquaredError {
    /// The loss's gradient for the predictions of the last call.
    public let gradient = Tensor([0])

    public init() {}

    /// Shape: predictions and targets alike.
    public func callAsFunction(_ predictions: Tensor, targets: Tensor) -> Double {
        gradient.resize(predictions.shape)
        var sum = 0.0
        let scale = 2 / Float(predictions.count)
        for index in 0..<predictions.count {
            let difference = predictions[index] - targets[index]
            sum += Double(difference) * Double(difference)
            gradient[index] = scale * difference
        }
        return sum / Double(predictions.count)
    }
}
