import Acoustics
import AudioFeatures
import Dispatch
import Foundation
import Randomness
import Testing

/// FFTW's planner keeps tables that all its callers share. Two modules plan: a lock in one does not
/// keep out the other, and plans made side by side once destroyed the heap.
@Suite("Plans of several modules and threads")
struct PlannerTests {
    /// Rooms whose responses are convolved at many lengths: one plan or two for each.
    private static func room(_ index: Int) throws -> [Float] {
        let scene = Scene(
            room: try ShoeboxRoom(size: SIMD3(3, 4, 2.5), absorption: 0.95),
            arrayPosition: SIMD3(1, 1, 1), sources: [PlacedSource(position: SIMD3(2, 3, 1.5))])
        let renderer = SceneRenderer(
            array: .circular(count: 1, diameter: 0.1), sampleRate: 16_000, highPass: nil)
        var noise = Stream(1, "planner")
        return try renderer.render(
            [[1, 0.5]], scene: scene, sampleCount: 40 << (index % 8), noise: &noise
        ).samples
    }

    private static func features(_ index: Int) throws -> [Float] {
        // Lengths of many factors take the planner through many of its tables.
        let length = 64 * (1 + index % 24)
        let settings = FeatureSettings(
            fftLength: length, hopLength: length, melBands: 2, lags: 2, lagSpacing: 1)
        let samples = (0..<2 * length).map { Float(($0 * 37) % 101) / 50 - 1 }
        return try FeatureExtractor(settings, microphones: 2)(samples, sampleCount: length)
    }

    @Test("rooms and features planned on many threads at once give what one thread gives")
    func sideBySide() throws {
        let count = 24
        let rooms = try (0..<count).map(Self.room)
        let maps = try (0..<count).map(Self.features)
        let lock = NSLock()
        nonisolated(unsafe) var wrong = 0
        // More threads than cores: some stop in the middle of a plan. Without FFTW's lock nearly
        // every run crashes or gives wrong values.
        let group = DispatchGroup()
        for thread in 0..<8 {
            group.enter()
            Thread {
                for round in 0..<500 {
                    let index = (round * 7 + thread * 3) % count
                    let isRight =
                        (round + thread) % 2 == 0
                        ? (try? Self.room(index)) == rooms[index]
                        : (try? Self.features(index)) == maps[index]
                    if !isRight { lock.withLock { wrong += 1 } }
                }
                group.leave()
            }.start()
        }
        group.wait()
        #expect(wrong == 0)
    }
}
