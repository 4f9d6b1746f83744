import AudioFeatures
import Foundation
import Testing

@Suite("Azimuth from correlation maps")
struct SteeredResponseTests {
    /// First at azimuth 0, counter-clockwise.
    static func circle(_ count: Int, diameter: Double) -> [SIMD3<Double>] {
        (0..<count).map { index in
            let angle = 2 * Double.pi * Double(index) / Double(count)
            return SIMD3(cos(angle), sin(angle), 0) * (diameter / 2)
        }
    }

    /// A plane wave from `azimuth`, worked out from arrival times alone.
    static func maps(
        _ settings: FeatureSettings, positions: [SIMD3<Double>], azimuth: Double,
        elevation: Double = 0,
        frames: Int
    ) throws -> [Float] {
        let count = settings.samples(frames: frames)
        let signal = TestSignal(seed: 11, waves: 200)
        let samples = positions.flatMap { position in
            let across = position.x * cos(azimuth) + position.y * sin(azimuth)
            let closer = across * cos(elevation) + position.z * sin(elevation)
            return signal.samples(count, delay: -closer / 343 * Double(settings.sampleRate))
        }
        let extractor = try FeatureExtractor(settings, microphones: positions.count)
        return extractor(samples, sampleCount: count)
    }

    @Test(
        "A plane wave's azimuth is found within half a degree",
        arguments: [2.9, -179.5, 180, 90, -90, 37, -122.3, 0], [3, 4, 8])
    func planeWave(degrees: Double, microphones: Int) throws {
        let settings = FeatureSettings()
        let positions = Self.circle(microphones, diameter: 0.1)
        let azimuth = degrees * .pi / 180
        let maps = try Self.maps(settings, positions: positions, azimuth: azimuth, frames: 3)
        let found = try SteeredResponse(settings, positions: positions).azimuth(maps, frames: 3)
        let error = (found - azimuth).remainder(dividingBy: 2 * .pi)
        #expect(abs(error) < 0.5 * .pi / 180)
        #expect(found > -.pi && found <= .pi)
    }

    @Test("A source far above or below is found too", arguments: [-70.0, -35, 52, 66])
    func elevated(degrees: Double) throws {
        let settings = FeatureSettings()
        let positions = Self.circle(4, diameter: 0.1)
        let maps = try Self.maps(
            settings, positions: positions, azimuth: -2, elevation: degrees * .pi / 180, frames: 3)
        let found = try SteeredResponse(settings, positions: positions).azimuth(maps, frames: 3)
        #expect(abs(found + 2) < 0.5 * .pi / 180)
    }

    @Test("Pooled maps serve as well")
    func pooled() throws {
        let settings = FeatureSettings(pooling: FeaturePooling(frames: 2, bins: 2))
        let positions = Self.circle(4, diameter: 0.1)
        let maps = try Self.maps(settings, positions: positions, azimuth: 1, frames: 2)
        let found = try SteeredResponse(settings, positions: positions).azimuth(maps, frames: 2)
        #expect(abs(found - 1) < 0.5 * .pi / 180)
    }

    @Test("The response is largest at the source and close to one there")
    func response() throws {
        let settings = FeatureSettings()
        let positions = Self.circle(4, diameter: 0.1)
        let maps = try Self.maps(settings, positions: positions, azimuth: .pi / 4, frames: 3)
        let steered = try SteeredResponse(settings, positions: positions)
        let level = try #require(steered.elevations.firstIndex(of: 0))
        let response = try steered.response(maps, frames: 3)[level]
        let best = response.indices.max { response[$0] < response[$1] }!
        #expect(steered.azimuths.count == 360 && steered.azimuths.last == .pi)
        #expect(abs(steered.azimuths[best] - .pi / 4) < 0.02)
        #expect(response[best] > 0.7 && response[best] < 1.001)
    }

    @Test("The spacing proposed for an aperture covers it, and is 1/4 for 10 cm")
    func spacing() throws {
        #expect(FeatureSettings.lagSpacing(aperture: 0.1, lags: 64, sampleRate: 16000) == 0.25)
        #expect(FeatureSettings.lagSpacing(aperture: 0.1, lags: 1, sampleRate: 16000) == 1)
        for aperture in [0, 0.02, 0.15, 0.3, 1] {
            let spacing = FeatureSettings.lagSpacing(
                aperture: aperture, lags: 64, sampleRate: 24000)
            #expect(31.5 * spacing >= aperture / 343 * 24000 + 2)
        }
    }

    @Test("Arrays and maps that do not fit are refused with the reason")
    func faults() throws {
        let settings = FeatureSettings()
        func message(_ body: () throws -> Void) -> String {
            do {
                try body()
                return "no error"
            } catch { return "\(error)" }
        }
        #expect(
            message { _ = try SteeredResponse(settings, positions: [.zero]) }
                == "there are 1 microphones, but 2 are needed: give an array and its own maps")
        #expect(
            message {
                _ = try SteeredResponse(settings, positions: Self.circle(2, diameter: 0.3))
            }
                == """
                the lags reach 7.875 samples, but the array is 13.99 samples wide: use the spacing \
                that FeatureSettings.lagSpacing(aperture:) proposes
                """)
        let steered = try SteeredResponse(settings, positions: Self.circle(2, diameter: 0.1))
        #expect(
            message { _ = try steered.azimuth([1, 2], frames: 1) }
                == """
                there are 2 values in the maps, but 192 are needed: give an array and its own maps
                """)
    }
}
