import NeuralNetwork

/// Encoder sizes with a name.
public enum EncoderPreset: String, CaseIterable, Sendable {
    /// 3 x 32 channels, bidirectional GRU of 64 units: for minutes on a laptop.
    case small
    /// 3 x 64 channels, bidirectional GRU of 128 units.
    case paper

    var channels: [Int] {
        switch self {
        case .small: [32, 32, 32]
        case .paper: [64, 64, 64]
        }
    }

    var recurrentUnits: Int {
        switch self {
        case .small: 64
        case .paper: 128
        }
    }
}
