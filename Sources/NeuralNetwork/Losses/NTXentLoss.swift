import Foundation
public import Platform

/// The normalised, temperature-scaled cross-entropy of SimCLR (arXiv 2002.05709, equation 1).
///
/// Rows i and i + B are two views of the same thing; each row must find its partner among all other
/// rows by cosine similarity. The loss is the mean over all 2B rows.
public final class NTXentLoss {
    public let temperature: Double
    /// The loss's gradient for the projections of the last call. Shape: [2B, features].
    public let gradient = Tensor([0])
    private let unit = Tensor([0])
    private let norms = Tensor([0])
    private let logits = Tensor([0])
    private let unitGradient = Tensor([0])
    /// Who computes. What comes of it is the same however many they are.
    public var team = ThreadTeam()

    public init(temperature: Double) {
        self.temperature = temperature
    }

    /// Shape: projections [2B, features].
    public func callAsFunction(_ projections: Tensor) -> Double {
        let rows = projections.shape[0]
        let features = projections.shape[1]
        unit.resize([rows, features])
        norms.resize([rows])
        logits.resize([rows, rows])
        gradient.resize([rows, features])
        unitGradient.resize([rows, features])
        let blocks = RowBlocks(rows, team)
        team.perform(blocks.count) { [self] block, _ in
            normaliseRows(
                projections.base, into: unit.base, norms: norms.base, rows: blocks[block],
                features: features)
        }
        multiply(
            unit.base, transposed: false, stride: features, unit.base, transposed: true,
            stride: features,
            into: logits.base, stride: rows, rows: rows, columns: rows, inner: features,
            alpha: Float(1 / temperature))
        let loss = pairEntropy(logits.base, rows: rows, team)
        // The matrix of logits is symmetric in the projections: each entry counts for row and column.
        symmetrise(logits.base, rows: rows, team)
        multiply(
            logits.base, transposed: false, stride: rows, unit.base, transposed: false,
            stride: features, into: unitGradient.base,
            stride: features, rows: rows, columns: features, inner: rows,
            alpha: Float(1 / temperature))
        team.perform(blocks.count) { [self] block, _ in
            normaliseRowsBackward(
                unitGradient.base, unit: unit.base, norms: norms.base, into: gradient.base,
                rows: blocks[block], features: features)
        }
        return loss
    }

    /// Cosines of the pairs of the last call, and a histogram of those of all other pairs of rows
    /// (each pair once).
    ///
    /// Shape: positive [B]; negatives [bins], equal bins from -1 to 1.
    public func similarities(bins: Int = 64) -> (positive: [Float], negatives: [Int]) {
        let (rows, features) = (unit.shape[0], unit.shape[1])
        let half = rows / 2
        let cosines = Tensor([rows, rows])
        multiply(
            unit.base, transposed: false, stride: features, unit.base, transposed: true,
            stride: features,
            into: cosines.base, stride: rows, rows: rows, columns: rows, inner: features)
        var histogram = [Int](repeating: 0, count: bins)
        for row in 0..<rows {
            for column in row + 1..<rows where column != row + half {
                let place = Int((cosines[row * rows + column] + 1) / 2 * Float(bins))
                histogram[min(max(place, 0), bins - 1)] += 1
            }
        }
        return ((0..<half).map { cosines[$0 * rows + $0 + half] }, histogram)
    }
}
