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
    struct Bootstrap: Decodable {
        struct Interval: Decodable {
            let statistic: String
            let lower: Double
            let upper: Double
        }
        let values: [Double]
        let intervals: [Interval]
    }
    let power: [[Double]]
    let bootstrap: Bootstrap
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

/// A small generator for simulations (SplitMix64), so that each test is the same run every time.
struct SimulationGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    /// Standard normal, by Box and Muller.
    mutating func normal() -> Double {
        let radius = (-2 * log(Double.random(in: Double.ulpOfOne..<1, using: &self))).squareRoot()
        return radius * cos(2 * .pi * Double.random(in: 0..<1, using: &self))
    }

    mutating func normals(_ count: Int) -> [Double] { (0..<count).map { _ in normal() } }
}
