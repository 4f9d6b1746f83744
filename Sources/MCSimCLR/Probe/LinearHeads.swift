import Acoustics
import Foundation

/// The two linear heads of the probe: class (softmax) and azimuth (ridge regression to cos and sin).
///
/// Penalties are chosen on the validation split; without one, 0.01 is taken.
public struct LinearHeads: Sendable, Hashable {
    package let standardisation: Standardisation
    /// Shape: [features + 1, classes].
    let classes: LinearMap
    /// Shape: [features + 1, 2]: cosine and sine.
    let direction: LinearMap
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

    /// From far too weak to far too strong for standardised features: a best one at an end is rare,
    /// and said (``PenaltyEdge``).
    static let classPenalties = (-6...1).map { pow(10, Double($0)) }
    static let directionPenalties = (-9...3).map { pow(10, Double($0)) }
    static let penaltyWithoutValidation = 1e-2

    public init(training: Examples, validation: Examples, classCount: Int) {
        standardisation = Standardisation(training.features)
        let inputs = standardisation(training.features)
        let checks = standardisation(validation.features)
        let isChecked = checks.rows > 0

        let sums = RidgeRegression.Sums(inputs: inputs, outputs: training.directions)
        let directionCandidates =
            isChecked ? Self.directionPenalties : [Self.penaltyWithoutValidation]
        let directions = directionCandidates.map { RidgeRegression(sums, penalty: $0) }
        let directionErrors = directions.map { model in
            isChecked ? Self.meanError(model(checks), validation.azimuths) : 0
        }
        let bestDirection = indexOfLeast(directionErrors)
        direction = directions[bestDirection].map.rounded
        directionPenalty = directionCandidates[bestDirection]

        let path = SoftmaxRegression.Path(
            inputs: inputs, labels: training.labels, classes: classCount)
        if isChecked {
            (classes, classPenalty) = Self.best(path, checks, validation.labels)
        } else {
            classes = path.fit(penalty: Self.penaltyWithoutValidation).map.rounded
            classPenalty = Self.penaltyWithoutValidation
        }
    }

    /// From the strongest penalty on, until two in a row have neither fewer errors nor less
    /// cross-entropy than the best before: weaker ones only fit the training split more closely.
    private static func best(
        _ path: SoftmaxRegression.Path, _ checks: Matrix, _ labels: [Int]
    ) -> (classes: LinearMap, penalty: Double) {
        var best: (classes: LinearMap, penalty: Double)?
        var least = (errors: Double.infinity, loss: Double.infinity)
        var worse = 0
        for penalty in classPenalties.reversed() where worse < 2 {
            let model = path.fit(penalty: penalty)
            let logits = model.logits(checks)
            let errors = errorRate(logits, labels)
            let loss = crossEntropy(logits, labels)
            worse = errors < least.errors || loss < least.loss ? 0 : worse + 1
            if errors < least.errors { best = (model.map.rounded, penalty) }
            least = (min(least.errors, errors), min(least.loss, loss))
        }
        return best ?? (path.fit(penalty: penaltyWithoutValidation).map, penaltyWithoutValidation)
    }

    init(
        standardisation: Standardisation, classes: LinearMap, direction: LinearMap,
        classPenalty: Double, directionPenalty: Double
    ) {
        self.standardisation = standardisation
        self.classes = classes
        self.direction = direction
        self.classPenalty = classPenalty
        self.directionPenalty = directionPenalty
    }

    /// Where in their grids the penalties lie.
    public var edges: (classes: PenaltyEdge, direction: PenaltyEdge) {
        (
            PenaltyEdge(classPenalty, in: Self.classPenalties),
            PenaltyEdge(directionPenalty, in: Self.directionPenalties)
        )
    }

    /// Class and azimuth (radians) of each recording.
    public func callAsFunction(_ features: Matrix) -> [(label: Int, azimuth: Double)] {
        let inputs = standardisation(features)
        let logits = classes(inputs)
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

    private static func crossEntropy(_ logits: Matrix, _ labels: [Int]) -> Double {
        labels.enumerated().reduce(0) { sum, example in
            let scores = logits.row(example.offset)
            let largest = scores.max() ?? 0
            let total = scores.reduce(0) { $0 + exp($1 - largest) }
            return sum + log(total) + largest - scores[scores.startIndex + example.element]
        }
    }
}

/// Whether a chosen penalty is an end of its grid, where a penalty beyond it might do better.
public enum PenaltyEdge: Int, Sendable, Hashable {
    case weakest = -1
    case none = 0
    case strongest = 1

    init(_ penalty: Double, in grid: [Double]) {
        self = penalty == grid.first ? .weakest : penalty == grid.last ? .strongest : .none
    }
}

/// The last of the least: of penalties in rising order, on a tie the stronger one.
func indexOfLeast(_ values: [Double]) -> Int {
    var best = 0
    for index in values.indices where values[index] <= values[best] { best = index }
    return best
}

/// Position of the largest value, the first of equals, counted from the slice's start.
func indexOfLargest(_ values: ArraySlice<Double>) -> Int {
    var best = values.startIndex
    for index in values.indices where values[index] > values[best] { best = index }
    return best - values.startIndex
}
