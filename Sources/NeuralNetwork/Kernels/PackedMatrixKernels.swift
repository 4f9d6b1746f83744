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
        _ source: UnsafePointer<Float>, stride: Int, transposed: Bool, rows: Int, columns: Int
    ) {
        self.source = source
        sourceStride = stride
        isTransposed = transposed
        self.rows = rows
        self.columns = columns
        guard columns % 16 == 0 else { return }
        panels.resize([rows * columns])
        forEachGroup(columns) { first, width in
            let panel = panels.base + first * rows
            if transposed {
                for column in 0..<width {
                    let line = source + (first + column) * stride
                    for row in 0..<rows { panel[row * width + column] = line[row] }
                }
            } else {
                for row in 0..<rows {
                    (panel + row * width).update(from: source + row * stride + first, count: width)
                }
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
}

/// Adds a^T b to the result. Shape: a [positions, rows], b [positions, columns].
func addTransposedProduct(
    _ a: UnsafePointer<Float>, stride aStride: Int, rows: Int, _ b: UnsafePointer<Float>,
    stride bStride: Int, columns: Int, positions: Int,
    to result: UnsafeMutablePointer<Float>, stride resultStride: Int
) {
    guard columns % 16 == 0 else {
        return multiply(
            a, transposed: true, stride: aStride, b, transposed: false, stride: bStride,
            into: result, stride: resultStride, rows: rows, columns: columns, inner: positions,
            beta: 1)
    }
    // So many positions of b that they stay in the first-level cache.
    let chunk = max(16, 8192 / columns)
    for first in stride(from: 0, to: positions, by: chunk) {
        outerProduct(
            a + first * aStride, stride: aStride, pitch: 0, rows: rows, b + first * bStride,
            stride: bStride, pitch: 0, columns: columns,
            over: PositionGrid(lines: 1, count: min(chunk, positions - first)), into: result,
            resultStride: resultStride)
    }
}
