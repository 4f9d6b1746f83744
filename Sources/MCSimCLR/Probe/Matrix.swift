/// A small row-major matrix of doubles, for the closed-form baselines.
public struct Matrix: Sendable, Hashable {
    public let rows: Int
    public let columns: Int
    public var values: [Double]

    public init(rows: Int, columns: Int, values: [Double]) {
        precondition(values.count == rows * columns, "a matrix of another size")
        self.rows = rows
        self.columns = columns
        self.values = values
    }

    public init(zeros rows: Int, _ columns: Int) {
        self.init(
            rows: rows, columns: columns, values: Array(repeating: 0, count: rows * columns))
    }

    public subscript(row: Int, column: Int) -> Double {
        get { values[row * columns + column] }
        set { values[row * columns + column] = newValue }
    }

    public func row(_ index: Int) -> ArraySlice<Double> {
        values[index * columns..<(index + 1) * columns]
    }

    /// The rows at `indices`, in that order.
    public func rows(at indices: [Int]) -> Matrix {
        Matrix(rows: indices.count, columns: columns, values: indices.flatMap { row($0) })
    }
}

/// Mean and deviation of each column over the rows it was made from.
public struct Standardisation: Sendable, Hashable {
    public let mean: [Double]
    public let inverseDeviation: [Double]

    public init(_ matrix: Matrix) {
        var mean = [Double](repeating: 0, count: matrix.columns)
        var squares = mean
        for row in 0..<matrix.rows {
            for (column, value) in matrix.row(row).enumerated() { mean[column] += value }
        }
        for column in mean.indices { mean[column] /= Double(max(1, matrix.rows)) }
        for row in 0..<matrix.rows {
            for (column, value) in matrix.row(row).enumerated() {
                squares[column] += (value - mean[column]) * (value - mean[column])
            }
        }
        self.mean = mean
        inverseDeviation = squares.map { sum in
            let deviation = (sum / Double(max(1, matrix.rows))).squareRoot()
            // A constant column says nothing: it becomes zero.
            return deviation > 1e-8 ? 1 / deviation : 0
        }
    }

    init(mean: [Double], inverseDeviation: [Double]) {
        self.mean = mean
        self.inverseDeviation = inverseDeviation
    }

    public func callAsFunction(_ matrix: Matrix) -> Matrix {
        var result = matrix
        for row in 0..<matrix.rows {
            for column in 0..<matrix.columns {
                let index = row * matrix.columns + column
                result.values[index] =
                    (matrix.values[index] - mean[column]) * inverseDeviation[column]
            }
        }
        return result
    }
}

extension Matrix {
    /// Each column times the power of two that brings its largest magnitude to [1, 2), which loses no digit.
    func withColumnsOfUnitSize() -> Matrix {
        var largest = [Double](repeating: 0, count: columns)
        for row in 0..<rows {
            for (column, value) in self.row(row).enumerated() {
                largest[column] = max(largest[column], abs(value))
            }
        }
        let factors = largest.map { size in
            size > 0 ? Double(sign: .plus, exponent: -Int(size.exponent), significand: 1) : 1
        }
        var result = self
        for index in values.indices { result.values[index] *= factors[index % columns] }
        return result
    }
}
