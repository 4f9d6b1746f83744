import COpenBLAS

/// Linear regression with an L2 penalty on the weights (not on the intercept), in closed form.
///
/// Minimises sum |y - (Wx + b)|^2 + n penalty |W|^2.
public struct RidgeRegression: Sendable {
    /// Shape: [inputs, outputs].
    private let weights: Matrix
    private let intercept: [Double]

    /// The sums from which the regression for any penalty follows.
    public struct Sums: Sendable {
        let gram: Matrix
        let moment: Matrix
        let inputMean: [Double]
        let outputMean: [Double]
        let count: Int

        /// - Parameters:
        ///   - inputs: Shape: [examples, inputs].
        ///   - outputs: Shape: [examples, outputs].
        public init(inputs: Matrix, outputs: Matrix) {
            let centredInputs = Self.centre(inputs)
            let centredOutputs = Self.centre(outputs)
            inputMean = centredInputs.mean
            outputMean = centredOutputs.mean
            gram = Self.product(centredInputs.matrix, centredInputs.matrix)
            moment = Self.product(centredInputs.matrix, centredOutputs.matrix)
            count = inputs.rows
        }

        private static func centre(_ matrix: Matrix) -> (matrix: Matrix, mean: [Double]) {
            var mean = [Double](repeating: 0, count: matrix.columns)
            for row in 0..<matrix.rows {
                for (column, value) in matrix.row(row).enumerated() { mean[column] += value }
            }
            for column in mean.indices { mean[column] /= Double(max(1, matrix.rows)) }
            var result = matrix
            for row in 0..<matrix.rows {
                for column in mean.indices { result[row, column] -= mean[column] }
            }
            return (result, mean)
        }

        /// transposed(left) x right
        private static func product(_ left: Matrix, _ right: Matrix) -> Matrix {
            var result = Matrix(zeros: left.columns, right.columns)
            cblas_dgemm(
                CblasRowMajor, CblasTrans, CblasNoTrans, Int32(left.columns),
                Int32(right.columns), Int32(left.rows), 1, left.values, Int32(left.columns),
                right.values, Int32(right.columns), 0, &result.values, Int32(right.columns))
            return result
        }
    }

    public init(_ sums: Sums, penalty: Double) {
        var system = sums.gram
        for index in 0..<system.rows {
            // The tiny floor keeps constant inputs (all zero once centred) solvable.
            system[index, index] += Double(sums.count) * max(penalty, 1e-12)
        }
        weights = solvePositiveDefinite(system, sums.moment)
        var intercept = sums.outputMean
        for output in intercept.indices {
            for input in 0..<weights.rows {
                intercept[output] -= weights[input, output] * sums.inputMean[input]
            }
        }
        self.intercept = intercept
    }

    /// Shape: [examples, inputs] -> [examples, outputs].
    public func callAsFunction(_ inputs: Matrix) -> Matrix {
        var result = Matrix(zeros: inputs.rows, intercept.count)
        for row in 0..<inputs.rows {
            for output in intercept.indices { result[row, output] = intercept[output] }
        }
        cblas_dgemm(
            CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(inputs.rows),
            Int32(intercept.count), Int32(inputs.columns), 1, inputs.values,
            Int32(inputs.columns), weights.values, Int32(intercept.count), 1, &result.values,
            Int32(intercept.count))
        return result
    }
}

/// Solves A X = B for a symmetric positive definite A by Cholesky's decomposition.
///
/// Shape: A [n, n], B [n, k] -> X [n, k].
public func solvePositiveDefinite(_ matrix: Matrix, _ right: Matrix) -> Matrix {
    let size = matrix.rows
    var lower = matrix.values
    lower.withUnsafeMutableBufferPointer { factor in
        for column in 0..<size {
            for row in column..<size {
                var sum = factor[row * size + column]
                for k in 0..<column { sum -= factor[row * size + k] * factor[column * size + k] }
                if row == column {
                    factor[row * size + column] = max(sum, 1e-300).squareRoot()
                } else {
                    factor[row * size + column] = sum / factor[column * size + column]
                }
            }
        }
    }
    var solution = right
    cblas_dtrsm(
        CblasRowMajor, CblasLeft, CblasLower, CblasNoTrans, CblasNonUnit, Int32(size),
        Int32(right.columns), 1, lower, Int32(size), &solution.values, Int32(right.columns))
    cblas_dtrsm(
        CblasRowMajor, CblasLeft, CblasLower, CblasTrans, CblasNonUnit, Int32(size),
        Int32(right.columns), 1, lower, Int32(size), &solution.values, Int32(right.columns))
    return solution
}
