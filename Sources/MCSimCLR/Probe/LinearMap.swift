import COpenBLAS

/// y = W x + b: what a fitted head is.
struct LinearMap: Sendable, Hashable {
    /// Shape: [inputs + 1, outputs]; the last row is b.
    let weights: Matrix

    var inputs: Int { weights.rows - 1 }
    var outputs: Int { weights.columns }

    /// With weights that 32-bit floats hold, so that stored heads answer as the fitted ones do.
    var rounded: LinearMap {
        LinearMap(
            weights: Matrix(
                rows: weights.rows, columns: weights.columns,
                values: weights.values.map { Double(Float($0)) }))
    }

    /// Shape: [examples, inputs] -> [examples, outputs].
    func callAsFunction(_ examples: Matrix) -> Matrix {
        precondition(examples.columns == inputs, "a linear map of other inputs")
        var result = Matrix(zeros: examples.rows, outputs)
        guard examples.rows > 0 else { return result }
        let intercept = weights.row(inputs)
        for row in 0..<examples.rows {
            for (output, value) in intercept.enumerated() { result[row, output] = value }
        }
        cblas_dgemm(
            CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(examples.rows), Int32(outputs),
            Int32(inputs), 1, examples.values, Int32(inputs), weights.values, Int32(outputs), 1,
            &result.values, Int32(outputs))
        return result
    }
}
