/// Linear heads for quantities (``ProbeTarget``): ridge regression of each to the standardised features.
///
/// The penalty of each is the one with the least mean absolute error on the validation split; without
/// one, 0.01 is taken.
package struct QuantityHeads: Sendable {
    private let standardisation: Standardisation
    /// One with a single output for each quantity.
    private let maps: [LinearMap]
    package let penalties: [Double]

    /// Features of some recordings, with the truth about them.
    package struct Examples: Sendable {
        /// Shape: [examples, features].
        package var features: Matrix
        /// Shape: [examples, quantities].
        package var values: Matrix

        package init(features: Matrix, values: Matrix) {
            self.features = features
            self.values = values
        }
    }

    package init(training: Examples, validation: Examples) {
        let standardisation = Standardisation(training.features)
        self.standardisation = standardisation
        let checks = standardisation(validation.features)
        let candidates =
            checks.rows > 0
            ? LinearHeads.directionPenalties : [LinearHeads.penaltyWithoutValidation]
        let sums = RidgeRegression.Sums(
            inputs: standardisation(training.features), outputs: training.values)
        let fits = candidates.map { RidgeRegression(sums, penalty: $0).map }
        let answers = fits.map { $0(checks) }
        let best = (0..<training.values.columns).map { column in
            indexOfLeast(answers.map { Self.meanError($0, validation.values, column) })
        }
        penalties = best.map { candidates[$0] }
        maps = best.enumerated().map { fits[$1].output($0) }
    }

    /// Where in their grid the penalties lie.
    var edges: [PenaltyEdge] {
        penalties.map { PenaltyEdge($0, in: LinearHeads.directionPenalties) }
    }

    /// Shape: [examples, features] -> [examples, quantities].
    package func callAsFunction(_ features: Matrix) -> Matrix {
        let inputs = standardisation(features)
        var result = Matrix(zeros: features.rows, maps.count)
        for (column, map) in maps.enumerated() {
            let answers = map(inputs)
            for row in 0..<features.rows { result[row, column] = answers[row, 0] }
        }
        return result
    }

    private static func meanError(_ answers: Matrix, _ truth: Matrix, _ column: Int) -> Double {
        let sum = (0..<truth.rows).reduce(0) { $0 + abs(answers[$1, column] - truth[$1, column]) }
        return sum / Double(max(1, truth.rows))
    }
}

extension LinearMap {
    /// The map to one of the outputs alone.
    fileprivate func output(_ column: Int) -> LinearMap {
        LinearMap(
            weights: Matrix(
                rows: weights.rows, columns: 1,
                values: (0..<weights.rows).map { weights[$0, column] }))
    }
}
