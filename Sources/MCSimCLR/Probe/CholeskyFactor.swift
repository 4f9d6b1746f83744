import COpenBLAS

/// L of A = L L', for a symmetric positive definite A.
struct CholeskyFactor: Sendable {
    private let size: Int
    /// Shape: [size, size]; what lies above the diagonal is not used.
    private var lower: [Double]

    /// Panels of so many columns: all but their own triangle is left to matrix products.
    private static let panel = 32

    init(_ matrix: Matrix) {
        size = matrix.rows
        lower = matrix.values
        let size = size
        let stride = Int32(size)
        lower.withUnsafeMutableBufferPointer { factor in
            guard let base = factor.baseAddress else { return }
            for first in Swift.stride(from: 0, to: size, by: Self.panel) {
                let end = min(size, first + Self.panel)
                for column in first..<end {
                    for row in column..<end {
                        var sum = factor[row * size + column]
                        for k in first..<column {
                            sum -= factor[row * size + k] * factor[column * size + k]
                        }
                        factor[row * size + column] =
                            row == column
                            ? max(sum, 1e-300).squareRoot() : sum / factor[column * size + column]
                    }
                }
                guard end < size else { continue }
                let (rest, width) = (Int32(size - end), Int32(end - first))
                let below = base + end * size + first
                cblas_dtrsm(
                    CblasRowMajor, CblasRight, CblasLower, CblasTrans, CblasNonUnit, rest, width, 1,
                    base + first * size + first, stride, below, stride)
                cblas_dsyrk(
                    CblasRowMajor, CblasLower, CblasNoTrans, rest, width, -1, below, stride, 1,
                    base + end * size + end, stride)
            }
        }
    }

    /// Shape: [size, size].
    var inverse: Matrix {
        var identity = Matrix(zeros: size, size)
        for index in 0..<size { identity[index, index] = 1 }
        return solve(identity)
    }

    /// X of A X = B. Shape: B [size, k] -> X [size, k].
    func solve(_ right: Matrix) -> Matrix {
        var solution = right
        for transposition in [CblasNoTrans, CblasTrans] {
            cblas_dtrsm(
                CblasRowMajor, CblasLeft, CblasLower, transposition, CblasNonUnit, Int32(size),
                Int32(right.columns), 1, lower, Int32(size), &solution.values,
                Int32(right.columns))
        }
        return solution
    }
}
