import AblateChecks
import Acoustics
import Foundation
import Testing

@Suite("Physics")
struct PhysicsTests {
    @Test(
        "delays between KEMAR's ears lie along Woodworth's curve",
        .enabled(
            if: FileManager.default.isReadableFile(atPath: HeadDelays.kemarFile.path),
            "file not installed (apt-get install soundscaperenderer-common)"))
    func kemar() throws {
        for figure in try PhysicsReport.head(HeadDelays.kemarFile) {
            #expect(figure.isKept, "\(figure.name): \(figure.value) \(figure.unit)")
        }
        let delays = try HeadDelays(HeadDelays.kemarFile).delays
        // The file counts counter-clockwise: at 90 degrees the sound comes from the left, and the
        // right ear hears later.
        #expect(delays[60] > 400e-6 && delays[300] < -400e-6)
        #expect(abs(delays[0]) < 20e-6 && abs(delays[180]) < 20e-6)
    }

    @Test("Woodworth's curve has its known values")
    func woodworth() {
        #expect(HeadDelays.woodworth(degree: 0) == 0)
        #expect(abs(HeadDelays.woodworth(degree: 90) - 0.0875 / 343 * (.pi / 2 + 1)) < 1e-12)
        #expect(abs(HeadDelays.woodworth(degree: 150) - HeadDelays.woodworth(degree: 30)) < 1e-12)
        #expect(abs(HeadDelays.woodworth(degree: 210) + HeadDelays.woodworth(degree: 30)) < 1e-12)
    }

    @Test("steered response power on the features finds sources in dry rooms within 5 degrees")
    func localisation() throws {
        let readings = try SceneReading.readings(24, reverberationTime: 0.2, method: .images)
        let errors = readings.map(\.azimuthError).sorted()
        #expect(errors.count { $0 <= 5 } >= 22)
        #expect(errors[12] < 2)
    }

    @Test(
        "the hybrid method's features and directions are those of all images",
        arguments: [0.3, 0.6, 1.0])
    func hybrid(reverberationTime: Double) throws {
        let count = 16
        let images = try SceneReading.readings(
            count, reverberationTime: reverberationTime, method: .images)
        let hybrid = try SceneReading.readings(
            count, reverberationTime: reverberationTime, method: .hybrid)
        #expect(images != hybrid)
        func mean(_ readings: [SceneReading], _ figure: (SceneReading) -> Double) -> Double {
            readings.reduce(0) { $0 + figure($1) } / Double(count)
        }
        #expect(abs(mean(hybrid, \.melMean) - mean(images, \.melMean)) < 0.5)
        #expect(abs(mean(hybrid, \.melDeviation) - mean(images, \.melDeviation)) < 0.5)
        let spread = mean(hybrid, \.correlationDeviation) / mean(images, \.correlationDeviation)
        #expect(abs(spread - 1) < 0.05)
        #expect(abs(mean(hybrid, \.ridge) / mean(images, \.ridge) - 1) < 0.08)
        let medians = [images, hybrid].map { $0.map(\.azimuthError).sorted()[count / 2] }
        #expect(abs(medians[0] - medians[1]) < 1.5)
    }

    @Test("a bound holds up to its value, and a value that is no number keeps none")
    func bounds() {
        #expect(PhysicsFigure("", 5, "", .atMost, 5).isKept)
        #expect(!PhysicsFigure("", 5.1, "", .atMost, 5).isKept)
        #expect(PhysicsFigure("", 5, "", .atLeast, 5).isKept)
        #expect(!PhysicsFigure("", 4.9, "", .atLeast, 5).isKept)
        #expect(!PhysicsFigure("", .nan, "", .atMost, 5).isKept)
    }

    @Test("a file with another number of channels is refused with what it should be")
    func wrongHead() {
        #expect(
            HeadError(path: "/x.wav", channels: 2).description
                == "/x.wav has 2 channels, but impulse responses of a head need 720, two for each "
                + "degree; give a file such as hrirs_kemar.wav")
    }
}
