import Foundation
import Platform

/// Rows divided by their Euclidean norms (at least 1e-12).
func normaliseRows(
    _ input: UnsafePointer<Float>, into unit: UnsafeMutablePointer<Float>,
    norms: UnsafeMutablePointer<Float>, rows: Range<Int>, features: Int
) {
    for row in rows {
        let line = input + row * features
        let norm = max(dot(line, line, features).squareRoot(), 1e-12)
        norms[row] = norm
        for index in 0..<features { unit[row * features + index] = line[index] / norm }
    }
}

/// Gradient of ``normaliseRows(_:into:norms:rows:features:)``: the part across the row, over its norm.
func normaliseRowsBackward(
    _ unitGradient: UnsafePointer<Float>, unit: UnsafePointer<Float>,
    norms: UnsafePointer<Float>, into gradient: UnsafeMutablePointer<Float>, rows: Range<Int>,
    features: Int
) {
    for row in rows {
        let first = row * features
        let along = dot(unitGradient + first, unit + first, features)
        for index in first..<first + features {
            gradient[index] = (unitGradient[index] - along * unit[index]) / norms[row]
        }
    }
}

/// The mean cross-entropy of finding row i + rows / 2 (cyclically) in row i, without the diagonal;
/// the logits are replaced by the gradient for them.
func pairEntropy(
    _ logits: UnsafeMutablePointer<Float>, rows: Int, _ team: ThreadTeam
) -> Double {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: rows) { logarithms in
        let logarithms = logarithms.baseAddress!
        let blocks = RowBlocks(rows, team)
        team.perform(blocks.count) { block, _ in
            for row in blocks[block] {
                let line = logits + row * rows
                let target = (row + rows / 2) % rows
                line[row] = -.infinity
                logarithms[row] = softmaxRow(
                    line, count: rows, target: target, scale: 1 / Float(rows))
                line[row] = 0
            }
        }
        var loss = 0.0
        for row in 0..<rows { loss -= logarithms[row] }
        return loss / Double(rows)
    }
}

/// Replaces a row of logits by the gradient of its cross-entropy times `scale`; the result is the
/// logarithm of the target's probability.
func softmaxRow(
    _ line: UnsafeMutablePointer<Float>, count: Int, target: Int, scale: Float
) -> Double {
    var largest = -Float.infinity
    for index in 0..<count { largest = max(largest, line[index]) }
    let logit = line[target] - largest
    var sum: Float = 0
    for first in stride(from: 0, to: count, by: 16) {
        let width = min(16, count - first)
        let power = exponential(load(line + first, width) - largest)
        store(power, line + first, width)
        for lane in 0..<width { sum += power[lane] }
    }
    let factor = scale / sum
    for index in 0..<count { line[index] *= factor }
    line[target] -= scale
    return Double(logit) - log(Double(sum))
}

/// A + A^T, in place.
func symmetrise(_ matrix: UnsafeMutablePointer<Float>, rows: Int, _ team: ThreadTeam) {
    team.perform(rows) { row, _ in
        for column in 0...row {
            let sum = matrix[row * rows + column] + matrix[column * rows + row]
            matrix[row * rows + column] = sum
            matrix[column * rows + row] = sum
        }
    }
}
