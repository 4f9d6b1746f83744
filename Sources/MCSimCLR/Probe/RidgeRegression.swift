import COpenBLAS

/// Linear regression with an L2 penalty on the weights (not on the intercept), in closed form.
///
/// Minimises sum |y - (Wx + b)|^2 + n penalty |W|^2.
public struct RidgeRegression: Sendable {
    let map: LinearMap

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
        let weights = solvePositiveDefinite(system, sums.moment)
        var intercept = sums.outputMean
        for output in intercept.indices {
            for input in 0..<weights.rows {
                intercept[output] -= weights[input, output] * sums.inputMean[input]
            }
        }
        map = LinearMap(
            weights: Matrix(
                rows: weights.rows + 1, columns: intercept.count,
                values: weights.values + intercept))
    }

    /// Shape: [examples, inputs] -> [examples, outputs].
    public func callAsFunction(_ inputs: Matrix) -> Matrix { map(inputs) }
}

/// Solves A X = B for a symmetric positive definite A by Cholesky's decomposition.
///
/// Shape: A [n, n], B [n, k] -> X [n, k].
public func solvePositiveDefinite(_ matrix: Matrix, _ right: Matrix) -> Matrix {
    CholeskyFactor(matrix).solve(right)
}
