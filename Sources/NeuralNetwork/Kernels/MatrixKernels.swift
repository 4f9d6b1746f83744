import COpenBLAS
import Platform

/// C = alpha op(A) op(B) + beta C, all row-major, by OpenBLAS on one thread: how it sums depends on the sizes, so that parts of
/// a product need not be bit for bit those of the whole.
///
/// Shape: op(A) [rows, inner], op(B) [inner, columns], C [rows, columns]; strides are those of the
/// matrices as stored.
@inline(__always)
func multiply(
    _ a: UnsafePointer<Float>, transposed transposeA: Bool, stride strideA: Int,
    _ b: UnsafePointer<Float>, transposed transposeB: Bool, stride strideB: Int,
    into c: UnsafeMutablePointer<Float>, stride strideC: Int,
    rows: Int, columns: Int, inner: Int, alpha: Float = 1, beta: Float = 0
) {
    cblas_sgemm(
        CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans,
        transposeB ? CblasTrans : CblasNoTrans, blasint(rows), blasint(columns), blasint(inner),
        alpha, a, blasint(strideA), b, blasint(strideB), beta, c, blasint(strideC))
}

/// Adds the sum of each column of `a` to `sums`. Shape: a [rows, columns], sums [columns].
func addColumnSums(
    _ a: UnsafePointer<Float>, stride: Int, rows: Int, columns: Int,
    to sums: UnsafeMutablePointer<Float>
) {
    for first in Swift.stride(from: 0, to: columns, by: 16) {
        let width = min(16, columns - first)
        var total = Vector()
        for row in 0..<rows { total += load(a + row * stride + first, width) }
        store(load(sums + first, width) + total, sums + first, width)
    }
}

/// The same, the columns shared by threads.
func addColumnSums(
    _ a: UnsafePointer<Float>, stride: Int, rows: Int, columns: Int,
    to sums: UnsafeMutablePointer<Float>, _ team: ThreadTeam
) {
    let width = team.likelyThreads == 1 ? columns : 32
    team.perform((columns + width - 1) / width) { block, _ in
        let first = block * width
        addColumnSums(
            a + first, stride: stride, rows: rows, columns: min(width, columns - first),
            to: sums + first)
    }
}

/// Adds `bias` to each row. Shape: a [rows, columns], bias [columns].
func addBias(
    _ bias: UnsafePointer<Float>, to a: UnsafeMutablePointer<Float>, rows: Int, columns: Int
) {
    for row in 0..<rows {
        let line = a + row * columns
        for column in 0..<columns { line[column] += bias[column] }
    }
}

/// The dot product of two rows.
func dot(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int) -> Float {
    var total = Vector()
    for first in stride(from: 0, to: count, by: 16) {
        let width = min(16, count - first)
        total = total.addingProduct(load(a + first, width), load(b + first, width))
    }
    return total.sum()
}

/// Rows in blocks that threads share. Kernels take eight rows at a time.
struct RowBlocks {
    private let rows: Int
    private let size: Int

    /// - Parameter isWhole: whether the rows must stay together.
    init(_ rows: Int, _ team: ThreadTeam, isWhole: Bool = false) {
        self.rows = rows
        let threads = isWhole ? 1 : team.likelyThreads
        let share = (rows + 2 * threads - 1) / (2 * threads)
        size = threads == 1 ? max(1, rows) : max(8, (share + 7) / 8 * 8)
    }

    var count: Int { (rows + size - 1) / size }

    subscript(index: Int) -> Range<Int> { index * size..<min(rows, (index + 1) * size) }
}
