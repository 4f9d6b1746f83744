import Foundation
import MCSimCLR
import Testing

/// scikit-learn's least values, from `Fixtures/probe.json` (made by `Fixtures/make_probe.py`).
private struct ProbeFixtures: Decodable {
    struct Fit: Decodable {
        let penalty: Double
        let objective: Double
    }
    struct Problem: Decodable {
        let inputs: [[Double]]
        let labels: [Int]
        let classes: Int
        let fits: [Fit]
    }
    let problems: [Problem]

    static func load() throws -> ProbeFixtures {
        let url = Bundle.module.url(
            forResource: "probe", withExtension: "json", subdirectory: "Fixtures")
        guard let url else { throw CocoaError(.fileNoSuchFile) }
        return try JSONDecoder().decode(ProbeFixtures.self, from: Data(contentsOf: url))
    }
}

@Suite("Softmax regression beside scikit-learn's")
struct ProbeReferenceTests {
    /// Mean cross-entropy + penalty / 2 |W|^2 of a fit, from what it says alone.
    private func objective(
        _ model: SoftmaxRegression, _ inputs: Matrix, _ problem: ProbeFixtures.Problem,
        penalty: Double
    ) -> Double {
        let logits = model.logits(inputs)
        var losses = 0.0
        for (row, label) in problem.labels.enumerated() {
            let scores = Array(logits.row(row))
            let largest = scores.max() ?? 0
            let sum = scores.reduce(0) { $0 + exp($1 - largest) }
            losses += log(sum) - (scores[label] - largest)
        }
        // The weights are what the scores of unit vectors have beyond those of zero.
        let count = inputs.columns
        var units = Matrix(zeros: count + 1, count)
        for index in 0..<count { units[index + 1, index] = 1 }
        let answers = model.logits(units)
        var squares = 0.0
        for index in 0..<count {
            for label in 0..<problem.classes {
                let weight = answers[index + 1, label] - answers[0, label]
                squares += weight * weight
            }
        }
        return losses / Double(inputs.rows) + penalty / 2 * squares
    }

    @Test("the minimum is reached to 1e-6 for every penalty, whether classes come apart or not")
    func minimum() throws {
        let fixtures = try ProbeFixtures.load()
        #expect(fixtures.problems.count == 2)
        for problem in fixtures.problems {
            let inputs = Matrix(
                rows: problem.inputs.count, columns: problem.inputs[0].count,
                values: problem.inputs.flatMap { $0 })
            for fit in problem.fits {
                let model = SoftmaxRegression(
                    inputs: inputs, labels: problem.labels, classes: problem.classes,
                    penalty: fit.penalty)
                let found = objective(model, inputs, problem, penalty: fit.penalty)
                #expect(abs(found - fit.objective) < 1e-6, "penalty \(fit.penalty)")
            }
        }
    }
}
