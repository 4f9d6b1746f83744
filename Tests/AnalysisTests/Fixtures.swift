import Foundation

/// Scipy's values, from `Fixtures/scipy.json` (made by `Fixtures/make_fixtures.py`).
struct ScipyFixtures: Decodable {
    struct Sample: Decodable {
        let differences: [Double]
        let mean: Double
        let deviation: Double
        let lower: Double
        let upper: Double
        let studentP: Double
        let signFlip: Double
        let wilcoxon: Double
    }
    struct Wilcoxon: Decodable {
        let differences: [Double]
        let wilcoxon: Double
    }
    let logGamma: [[Double]]
    let studentCumulative: [[Double]]
    let studentQuantile: [[Double]]
    let normalQuantile: [[Double]]
    let samples: [Sample]
    let ties: [Wilcoxon]
    let large: Wilcoxon

    static func load() throws -> ScipyFixtures {
        let url = Bundle.module.url(
            forResource: "scipy", withExtension: "json", subdirectory: "Fixtures")
        guard let url else { throw CocoaError(.fileNoSuchFile) }
        return try JSONDecoder().decode(ScipyFixtures.self, from: Data(contentsOf: url))
    }
}

/// Whether two numbers agree to a relative error.
func agree(_ value: Double?, _ expected: Double, relative: Double = 1e-10) -> Bool {
    guard let value else { return false }
    return abs(value - expected) <= relative * abs(expected)
}
