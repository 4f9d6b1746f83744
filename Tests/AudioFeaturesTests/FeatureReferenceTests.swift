import AudioFeatures
import Foundation
import Testing

@Suite("Agreement with independent references")
struct FeatureReferenceTests {
    static let cases: [(name: String, settings: FeatureSettings)] = [
        ("default", FeatureSettings()),
        ("htk", FeatureSettings(fftLength: 1024, hopLength: 480, melScale: .htk)),
    ]

    @Test("Log-mel equals librosa's and GCC-PHAT the plain sum, to 1e-4", arguments: cases)
    func agreesWithReference(name: String, settings: FeatureSettings) throws {
        let samples = try Fixture.array("\(name)-samples")
        let wanted = try Fixture.array("\(name)-maps")
        let extractor = try FeatureExtractor(settings, microphones: samples.shape[0])
        let maps = extractor(samples.values, sampleCount: samples.shape[1])
        #expect(wanted.shape == [10, 3, 64])
        #expect(maps.count == wanted.values.count)
        let mel = 4 * 3 * 64
        #expect(largestDifference(maps[..<mel], wanted.values[..<mel]) < 1e-4)
        #expect(largestDifference(maps[mel...], wanted.values[mel...]) < 1e-5)
    }
}

enum Fixture {
    static func url(_ name: String) throws -> URL {
        try #require(
            Bundle.module.url(forResource: name, withExtension: nil, subdirectory: "Fixtures"))
    }

    static func array(_ name: String) throws -> (values: [Float], shape: [Int]) {
        try NumPyFile.read(url("\(name).npy"))
    }
}

func largestDifference(_ left: ArraySlice<Float>, _ right: ArraySlice<Float>) -> Float {
    zip(left, right).reduce(0) { largest, values in
        let difference = abs(values.0 - values.1)
        // A NaN must not pass for agreement.
        return difference <= largest ? largest : difference
    }
}
