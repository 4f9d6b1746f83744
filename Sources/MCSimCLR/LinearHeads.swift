import Acoustics
import Foundation

/// The two linear heads of the probe: class (softmax) and azimuth (ridge regression to cos and sin).
///
/// Penalties are chosen on the validation split; without one, the middle of the grid is taken.
public struct LinearHeads: Sendable {
    private let standardisation: Standardisation
    private let classes: SoftmaxRegression
    private let direction: RidgeRegression
    public let classPenalty: Double
    public let directionPenalty: Double

    /// Features of some recordings, with their truth.
    public struct Examples: Sendable {
        /// Shape: [recordings, features].
        public var features: Matrix
        public var labels: [Int]
        /// Units: radians.
        public var azimuths: [Double]

        public init(features: Matrix, labels: [Int], azimuths: [Double]) {
            self.features = features
            self.labels = labels
            self.azimuths = azimuths
        }

        var directions: Matrix {
            Matrix(
                rows: azimuths.count, columns: 2, values: azimuths.flatMap { [cos($0), sin($0)] })
        }
    }

    private static let classPenalties = [1e-4, 1e-3, 1e-2, 1e-1]
    private static let directionPenalties = [1e-4, 1e-3, 1e-2, 1e-1, 1]

    public init(training: Examples, validation: Examples, classCount: Int) {
        standardisation = Standardisation(training.features)
        let inputs = standardisation(training.features)
        let checks = standardisation(validation.features)
        let isChecked = checks.rows > 0

        let sums = RidgeRegression.Sums(inputs: inputs, outputs: training.directions)
        let directionCandidates = isChecked ? Self.directionPenalties : [1e-2]
        let directions = directionCandidates.map { RidgeRegression(sums, penalty: $0) }
        let directionErrors = directions.map { model in
            isChecked
                ? Self.meanError(model(checks), validation.azimuths) : 0
        }
        let bestDirection = Self.indexOfLeast(directionErrors)
        direction = directions[bestDirection]
        directionPenalty = directionCandidates[bestDirection]

        let classCandidates = isChecked ? Self.classPenalties : [1e-2]
        let models = classCandidates.map { penalty in
            SoftmaxRegression(
                inputs: inputs, labels: training.labels, classes: classCount, penalty: penalty)
        }
        let classErrors = models.map { model in
            isChecked ? Self.errorRate(model.logits(checks), validation.labels) : 0
        }
        let bestClass = Self.indexOfLeast(classErrors)
        classes = models[bestClass]
        classPenalty = classCandidates[bestClass]
    }

    /// Class and azimuth (radians) of each recording.
    public func callAsFunction(_ features: Matrix) -> [(label: Int, azimuth: Double)] {
        let inputs = standardisation(features)
        let logits = classes.logits(inputs)
        let directions = direction(inputs)
        return (0..<features.rows).map { row in
            (indexOfLargest(logits.row(row)), atan2(directions[row, 1], directions[row, 0]))
        }
    }

    private static func meanError(_ directions: Matrix, _ azimuths: [Double]) -> Double {
        let errors = azimuths.enumerated().map { row, azimuth in
            Angle.absoluteDifference(atan2(directions[row, 1], directions[row, 0]), azimuth)
        }
        return errors.reduce(0, +) / Double(max(1, errors.count))
    }

    private static func errorRate(_ logits: Matrix, _ labels: [Int]) -> Double {
        let wrong = labels.enumerated().filter { indexOfLargest(logits.row($0)) != $1 }
        return Double(wrong.count) / Double(max(1, labels.count))
    }

    /// The first of the least: on a tie the weaker penalty.
    private static func indexOfLeast(_ values: [Double]) -> Int {
        values.indices.min { values[$0] < values[$1] } ?? 0
    }
}

/// Position of the largest value, the first of equals, counted from the slice's start.
func indexOfLargest(_ values: ArraySlice<Double>) -> Int {
    var best = values.startIndex
    for index in values.indices where values[index] > values[best] { best = index }
    return best - values.startIndex
}
