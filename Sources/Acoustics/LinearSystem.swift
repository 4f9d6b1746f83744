/// Small dense systems of equations.
enum LinearSystem {
    /// The solution x of A x = b for a symmetric positive definite A, by Cholesky's decomposition.
    static func solve(_ matrix: [[Double]], _ right: [Double]) -> [Double] {
        let count = right.count
        var lower = matrix
        for row in 0..<count {
            for column in 0...row {
                var sum = matrix[row][column]
                for inner in 0..<column { sum -= lower[row][inner] * lower[column][inner] }
                lower[row][column] =
                    row == column ? sum.squareRoot() : sum / lower[column][column]
            }
        }
        var solution = right
        for row in 0..<count {
            for inner in 0..<row { solution[row] -= lower[row][inner] * solution[inner] }
            solution[row] /= lower[row][row]
        }
        for row in (0..<count).reversed() {
            for inner in row + 1..<max(count, row + 1) {
                solution[row] -= lower[inner][row] * solution[inner]
            }
            solution[row] /= lower[row][row]
        }
        return solution
    }
}
