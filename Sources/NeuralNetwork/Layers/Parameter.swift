/// A tensor that training changes, with the gradient of the loss for it.
///
/// Backward passes add to the gradient; ``Adam/zeroGradients()`` clears it.
public final class Parameter {
    /// The name in checkpoints: PyTorch's, such as `blocks.0.conv.weight`.
    public let name: String
    public let value: Tensor
    public let gradient: Tensor

    public init(_ name: String, _ value: Tensor) {
        self.name = name
        self.value = value
        gradient = Tensor(value.shape)
    }
}

/// A tensor that belongs to a layer's state but has no gradient, such as a running mean.
public final class LayerBuffer {
    public let name: String
    public let value: Tensor

    public init(_ name: String, _ value: Tensor) {
        self.name = name
        self.value = value
    }
}

/// Whether BatchNorm uses the batch's statistics (and updates the running ones) or the running ones
/// (``CRNN/keepsStatistics`` for both).
public enum Mode: Sendable {
    case training
    case evaluation
}
