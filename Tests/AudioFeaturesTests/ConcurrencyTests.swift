import AudioFeatures
import Dispatch
import Foundation
import Testing

@Suite("Extractors on several threads")
struct ConcurrencyTests {
    @Test("Extractors made, used and thrown away side by side give the bits of one alone")
    func sideBySide() throws {
        let settings = FeatureSettings()
        let count = settings.samples(frames: 5)
        let samples = FeatureExtractorTests.recording(2, count)
        let wanted = try FeatureExtractor(settings, microphones: 2)(samples, sampleCount: count)
        let lock = NSLock()
        nonisolated(unsafe) var equal = 0
        DispatchQueue.concurrentPerform(iterations: 40) { _ in
            guard let extractor = try? FeatureExtractor(settings, microphones: 2) else { return }
            let isEqual = extractor(samples, sampleCount: count) == wanted
            lock.withLock { equal += isEqual ? 1 : 0 }
        }
        #expect(equal == 40)
    }
}
