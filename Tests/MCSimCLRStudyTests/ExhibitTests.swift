import Foundation
import MCSimCLRStudy
import Testing

@Suite("What the page shows and plays")
struct ExhibitTests {
    @Test("the plane of a flat cloud is its own: places keep distances, and nothing is lost")
    func plane() throws {
        // Points of a plane in five dimensions, on two axes at right angles.
        let first = [0.6, 0, 0.8, 0, 0]
        let second = [0, 1.0, 0, 0, 0]
        let places = (0..<40).map { (3 * sin(Double($0) * 1.7), cos(Double($0) * 0.9)) }
        let points = places.map { place in
            zip(first, second).map { 2 + place.0 * $0 + place.1 * $1 }
        }
        let plane = try #require(PrincipalPlane(points))
        #expect(plane.share > 1 - 1e-9)
        for index in 1..<40 {
            let wanted = hypot(places[index].0 - places[0].0, places[index].1 - places[0].1)
            let offset = plane.places[index] - plane.places[0]
            #expect(abs((offset * offset).sum().squareRoot() - wanted) < 1e-6)
        }
        // The first component has the most.
        let spread = plane.places.reduce(SIMD2(0, 0)) { $0 + $1 * $1 }
        #expect(spread.x > spread.y)
    }

    @Test("a cloud that is a point, or too few of them, has no plane")
    func noPlane() {
        #expect(PrincipalPlane([[1, 2], [1, 2], [1, 2]]) == nil)
        #expect(PrincipalPlane([[1, 2], [2, 1]]) == nil)
    }

    @Test("a sound is a WAV file: its header, interleaved channels, the loudest at full scale")
    func wave() {
        let data = WaveFile.data([[0.5, -0.25], [0, 0.125]], sampleRate: 16_000)
        #expect(data.count == 44 + 8)
        #expect(String(decoding: data.prefix(4), as: UTF8.self) == "RIFF")
        #expect(data[22] == 2)
        let samples = (0..<4).map { index in
            Int(Int16(bitPattern: UInt16(data[44 + 2 * index]) | UInt16(data[45 + 2 * index]) << 8))
        }
        #expect(samples == [32_000, 0, -16_000, 8_000])
        #expect(WaveFile.data([[0, 0]], sampleRate: 8_000).count == 48)
    }
}
