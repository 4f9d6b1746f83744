import Foundation
import MCSimCLR
import Randomness
import Testing

@Suite("Regressions of the probe")
struct RegressionTests {
    @Test("ridge regression without penalty recovers an exact linear map and its intercept")
    func exactLine() {
        let inputs = Matrix(rows: 4, columns: 2, values: [0, 0, 1, 0, 0, 1, 2, 3])
        let outputs = Matrix(
            rows: 4, columns: 1,
            values: (0..<4).map { 3 * inputs[$0, 0] - 2 * inputs[$0, 1] + 5 })
        let model = RidgeRegression(.init(inputs: inputs, outputs: outputs), penalty: 0)
        let answer = model(Matrix(rows: 1, columns: 2, values: [10, 20]))
        #expect(abs(answer[0, 0] - (30 - 40 + 5)) < 1e-6)
    }

    @Test("the penalty shrinks as the closed form says: w = Sxy / (Sxx + n penalty)")
    func shrinkage() {
        let inputs = Matrix(rows: 3, columns: 1, values: [-1, 0, 1])
        let outputs = Matrix(rows: 3, columns: 1, values: [-2, 0, 2])
        let model = RidgeRegression(.init(inputs: inputs, outputs: outputs), penalty: 0.5)
        let weight = 4 / (2 + 3 * 0.5)
        #expect(abs(model(Matrix(rows: 1, columns: 1, values: [1]))[0, 0] - weight) < 1e-12)
    }

    @Test("a constant input column is harmless")
    func constantColumn() {
        let inputs = Matrix(rows: 3, columns: 2, values: [7, 1, 7, 2, 7, 3])
        let outputs = Matrix(rows: 3, columns: 1, values: [1, 2, 3])
        let model = RidgeRegression(.init(inputs: inputs, outputs: outputs), penalty: 0)
        let answer = model(Matrix(rows: 1, columns: 2, values: [7, 4]))[0, 0]
        #expect(abs(answer - 4) < 1e-6)
    }

    @Test("Cholesky's solution satisfies the equations")
    func cholesky() {
        let matrix = Matrix(rows: 3, columns: 3, values: [4, 2, 1, 2, 5, 3, 1, 3, 6])
        let right = Matrix(rows: 3, columns: 2, values: [1, 0, 2, 1, 3, -1])
        let solution = solvePositiveDefinite(matrix, right)
        for row in 0..<3 {
            for column in 0..<2 {
                let value = (0..<3).reduce(0) { $0 + matrix[row, $1] * solution[$1, column] }
                #expect(abs(value - right[row, column]) < 1e-12)
            }
        }
    }

    @Test("softmax regression reaches the minimum: the gradient there is zero")
    func stationary() {
        var stream = Stream(5, "softmax")
        let rows = 60
        let penalty = 0.05
        let inputs = Matrix(
            rows: rows, columns: 3, values: (0..<rows * 3).map { _ in stream.normal() })
        let labels = (0..<rows).map { row in
            inputs[row, 0] > 0.3 ? 2 : inputs[row, 1] + 0.5 * stream.normal() > 0 ? 1 : 0
        }
        let model = SoftmaxRegression(
            inputs: inputs, labels: labels, classes: 3, penalty: penalty, iterations: 500)
        // The weights are read off as differences of logits.
        let probes = Matrix(rows: 4, columns: 3, values: [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1])
        let answers = model.logits(probes)
        let logits = model.logits(inputs)
        for feature in 0..<3 {
            for label in 0..<3 {
                var gradient = penalty * (answers[feature + 1, label] - answers[0, label])
                for row in 0..<rows {
                    let exponentials = (0..<3).map { exp(logits[row, $0]) }
                    let probability = exponentials[label] / exponentials.reduce(0, +)
                    gradient +=
                        inputs[row, feature] * (probability - (labels[row] == label ? 1 : 0))
                        / Double(rows)
                }
                #expect(abs(gradient) < 1e-4)
            }
        }
    }

    @Test(
        "softmax regression is at its minimum where features nearly repeat each other and one is constant",
        arguments: [1e-6, 1e-4, 1e-2, 10])
    func alikeFeatures(penalty: Double) {
        var stream = Stream(7, "alike")
        let (rows, columns, classes) = (90, 9, 5)
        var values: [Double] = []
        // The last class has no example.
        let labels = (0..<rows).map { _ in stream.index(below: classes - 1) }
        for label in labels {
            let hidden = [Double(label == 0 ? 1 : 0), Double(label)].map { $0 + stream.normal() }
            for column in 0..<columns {
                let angle = Double(column)
                values.append(
                    column == 4
                        ? 0
                        : cos(angle) * hidden[0] + sin(angle) * hidden[1] + 1e-4 * stream.normal())
            }
        }
        let inputs = Matrix(rows: rows, columns: columns, values: values)
        let model = SoftmaxRegression(
            inputs: inputs, labels: labels, classes: classes, penalty: penalty)
        let squares = squaredGradient(of: model, inputs, labels, classes, penalty)
        // With a curvature of at least the penalty no point is lower by more than this.
        #expect(squares / (2 * penalty) < 1e-6)
    }

    @Test(
        "softmax regression is at its minimum where probabilities are too small for any number",
        arguments: [1e-6, 1e-3])
    func farApart(penalty: Double) {
        var stream = Stream(8, "apart")
        let (rows, columns, classes) = (60, 2, 3)
        let labels = (0..<rows).map { _ in stream.index(below: classes) }
        // The first feature tells the first two classes apart, not quite; the third lies so far out along it
        // that one of the two is e^-500 times as likely there as the other.
        let centres = [[-1.0, 0], [1, 0], [500, 10]]
        let values = labels.flatMap { label in centres[label].map { $0 + stream.normal() } }
        let inputs = Matrix(rows: rows, columns: columns, values: values)
        let model = SoftmaxRegression(
            inputs: inputs, labels: labels, classes: classes, penalty: penalty)
        let squares = squaredGradient(of: model, inputs, labels, classes, penalty)
        #expect(squares / (2 * penalty) < 1e-6)
        #expect((0..<rows).allSatisfy { model.logits(inputs).row($0).allSatisfy(\.isFinite) })
    }

    /// Of mean cross-entropy + penalty / 2 |W|^2 at the model's weights.
    private func squaredGradient(
        of model: SoftmaxRegression, _ inputs: Matrix, _ labels: [Int], _ classes: Int,
        _ penalty: Double
    ) -> Double {
        let (rows, columns) = (inputs.rows, inputs.columns)
        let logits = model.logits(inputs)
        let probabilities = (0..<rows).map { row in
            let largest = logits.row(row).max() ?? 0
            let exponentials = logits.row(row).map { exp($0 - largest) }
            return exponentials.map { $0 / exponentials.reduce(0, +) }
        }
        var units = Matrix(zeros: columns + 1, columns)
        for index in 0..<columns { units[index, index] = 1 }
        let answers = model.logits(units)
        var squares = 0.0
        for feature in 0...columns {
            for label in 0..<classes {
                var gradient =
                    feature < columns
                    ? penalty * (answers[feature, label] - answers[columns, label]) : 0
                for row in 0..<rows {
                    gradient +=
                        (feature < columns ? inputs[row, feature] : 1)
                        * (probabilities[row][label] - (labels[row] == label ? 1 : 0))
                        / Double(rows)
                }
                squares += gradient * gradient
            }
        }
        return squares
    }

    @Test("the heads find class and direction, wherever the seam of the circle lies")
    func heads() {
        var stream = Stream(6, "heads")
        func examples(_ count: Int) -> LinearHeads.Examples {
            let azimuths = (0..<count).map { _ in stream.uniform(in: -Double.pi...Double.pi) }
            let labels = (0..<count).map { _ in stream.index(below: 3) }
            var values: [Double] = []
            for (azimuth, label) in zip(azimuths, labels) {
                let clean: [Double] = [
                    cos(azimuth), sin(azimuth), label == 0 ? 1 : 0, label == 1 ? 1 : 0, 4,
                ]
                values += clean.map { $0 + 0.02 * stream.normal() }
            }
            return .init(
                features: Matrix(rows: count, columns: 5, values: values), labels: labels,
                azimuths: azimuths)
        }
        let heads = LinearHeads(
            training: examples(300), validation: examples(60), classCount: 3)
        let test = examples(100)
        for (answer, truth) in zip(heads(test.features), zip(test.labels, test.azimuths)) {
            #expect(answer.label == truth.0)
            #expect(abs(remainder(answer.azimuth - truth.1, 2 * .pi)) < 0.15)
        }
    }
}
