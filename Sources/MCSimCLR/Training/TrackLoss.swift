import Foundation
public import NeuralNetwork

/// The permutation-invariant loss of K tracks: cross-entropy of the classes and squared error of the
/// directions, mean over tracks, for the assignment of sources to tracks that makes each example's
/// loss least (tPIT of EINV2, arXiv 2010.13092).
///
/// With one track it is the plain sum of both losses.
public final class TrackLoss {
    /// Gradient for the class scores of the last call. Shape: [n, K x classes].
    public var classGradient: Tensor { crossEntropy.gradient }
    /// Gradient for the directions of the last call. Shape: [n, K x 2].
    public var directionGradient: Tensor { squaredError.gradient }
    private let crossEntropy = SoftmaxCrossEntropy()
    private let squaredError = MeanSquaredError()
    private let trackCount: Int
    private let azimuthWeight: Double

    public init(trackCount: Int, azimuthWeight: Double) {
        self.trackCount = trackCount
        self.azimuthWeight = azimuthWeight
    }

    /// Shape: logits [n, K x classes], track after track; directions [n, K x 2], cosine and sine of
    /// each track; sources [n][K].
    public func callAsFunction(
        logits: Tensor, directions: Tensor, sources: [[SourceFacts]]
    ) -> Double {
        let rows = sources.count
        let classes = logits.shape[1] / trackCount
        let ordered = sources.indices.map { row in
            order(row, logits: logits, directions: directions, sources: sources[row])
        }.joined()
        let targets = Tensor(
            [rows, 2 * trackCount],
            ordered.flatMap { [Float(cos($0.azimuth)), Float(sin($0.azimuth))] })
        // Each track of each example is a row of its own to the cross-entropy.
        logits.resize([rows * trackCount, classes])
        let classLoss = crossEntropy(logits, labels: ordered.map(\.label))
        logits.resize([rows, trackCount * classes])
        crossEntropy.gradient.resize([rows, trackCount * classes])
        let azimuthLoss = squaredError(directions, targets: targets)
        squaredError.gradient.scale(by: Float(azimuthWeight))
        return classLoss + azimuthWeight * azimuthLoss
    }

    /// The sources of an example in the order of the tracks.
    private func order(
        _ row: Int, logits: Tensor, directions: Tensor, sources: [SourceFacts]
    ) -> [SourceFacts] {
        precondition(sources.count == trackCount, "\(sources.count) sources, \(trackCount) tracks")
        guard trackCount > 1 else { return sources }
        let classes = logits.shape[1] / trackCount
        let cost = (0..<trackCount).map { track -> [Double] in
            let first = (row * trackCount + track) * classes
            let scores = (0..<classes).map { Double(logits[first + $0]) }
            let largest = scores.max() ?? 0
            let partition = largest + log(scores.reduce(0) { $0 + exp($1 - largest) })
            let place = (row * trackCount + track) * 2
            let (x, y) = (Double(directions[place]), Double(directions[place + 1]))
            return sources.map { source in
                let (dx, dy) = (x - cos(source.azimuth), y - sin(source.azimuth))
                return partition - scores[source.label] + azimuthWeight * (dx * dx + dy * dy) / 2
            }
        }
        return SourceMatching.tracks(cost: cost).map { sources[$0] }
    }
}
