import Platform

/// A matrix of weights in the order in which the product kernels read it.
///
/// Columns that are no multiple of 16 are left to OpenBLAS.
final class PackedMatrix {
    private let panels = Tensor([0])
    private var source: UnsafePointer<Float>?
    private var sourceStride = 0
    private var isTransposed = false
    private var rows = 0
    private var columns = 0

    /// Takes over a matrix, which must stay in place. Shape: [rows, columns]; when transposed it is
    /// stored as [columns, rows].
    func pack(
        _ source: UnsafePointer<Float>, stride: Int, transposed: Bool, rows: Int, columns: Int,
        _ team: ThreadTeam? = nil
    ) {
        self.source = source
        sourceStride = stride
        isTransposed = transposed
        self.rows = rows
        self.columns = columns
        guard columns % 16 == 0 else { return }
        panels.resize([rows * columns])
        var groups: [(first: Int, width: Int)] = []
        forEachGroup(columns) { groups.append(($0, $1)) }
        guard let team else { return groups.forEach(packGroup) }
        team.perform(groups.count) { [self] group, _ in packGroup(groups[group]) }
    }

    private func packGroup(_ group: (first: Int, width: Int)) {
        guard let source else { return }
        let (first, width) = group
        let panel = panels.base + first * rows
        if isTransposed {
            for column in 0..<width {
                let line = source + (first + column) * sourceStride
                for row in 0..<rows { panel[row * width + column] = line[row] }
            }
        } else {
            for row in 0..<rows {
                (panel + row * width).update(
                    from: source + row * sourceStride + first, count: width)
            }
        }
    }

    /// result = a * matrix, or with `accumulate` added to it. Shape: a [count, rows].
    func product(
        _ a: UnsafePointer<Float>, stride: Int, count: Int,
        into result: UnsafeMutablePointer<Float>, stride resultStride: Int, accumulate: Bool = false
    ) {
        guard columns % 16 == 0 else {
            if let source {
                multiply(
                    a, transposed: false, stride: stride, source, transposed: isTransposed,
                    stride: sourceStride, into: result, stride: resultStride, rows: count,
                    columns: columns, inner: rows, beta: accumulate ? 1 : 0)
            }
            return
        }
        rowsProduct(
            SegmentedRows(a, stride: stride, count: count, length: rows), panels.base,
            columns: columns, into: result, outputStride: resultStride, accumulate: accumulate)
    }

    /// The same, the rows shared by threads; those that are left to OpenBLAS stay together.
    func product(
        _ a: UnsafePointer<Float>, stride: Int, count: Int,
        into result: UnsafeMutablePointer<Float>, stride resultStride: Int, _ team: ThreadTeam
    ) {
        let blocks = RowBlocks(count, team, isWhole: columns % 16 != 0)
        team.perform(blocks.count) { [self] block, _ in
            let rows = blocks[block]
            product(
                a + rows.lowerBound * stride, stride: stride, count: rows.count,
                into: result + rows.lowerBound * resultStride, stride: resultStride)
        }
    }
}

/// Adds a^T b to the result, whose rows threads share. Shape: a [positions, rows], b [positions, columns].
func addTransposedProduct(
    _ a: UnsafePointer<Float>, stride aStride: Int, rows: Int, _ b: UnsafePointer<Float>,
    stride bStride: Int, columns: Int, positions: Int,
    to result: UnsafeMutablePointer<Float>, stride resultStride: Int, _ team: ThreadTeam
) {
    guard columns % 16 == 0 else {
        return multiply(
            a, transposed: true, stride: aStride, b, transposed: false, stride: bStride,
            into: result, stride: resultStride, rows: rows, columns: columns, inner: positions,
            beta: 1)
    }
    // So many positions of b that they stay in the first-level cache.
    let chunk = max(16, 8192 / columns)
    let blocks = RowBlocks(rows, team)
    team.perform(blocks.count) { block, _ in
        let rows = blocks[block]
        for first in stride(from: 0, to: positions, by: chunk) {
            outerProduct(
                a + first * aStride + rows.lowerBound, stride: aStride, pitch: 0,
                rows: rows.count, b + first * bStride, stride: bStride, pitch: 0,
                columns: columns,
                over: PositionGrid(lines: 1, count: min(chunk, positions - first)),
                into: result + rows.lowerBound * resultStride, resultStride: resultStride)
        }
    }
}
