import AudioFeatures
import Testing

@Suite("Features of an array's samples")
struct FeatureExtractorTests {
    static func recording(_ microphones: Int, _ samples: Int) -> [Float] {
        (0..<microphones).flatMap {
            TestSignal(seed: 5, waves: 60).samples(samples, delay: 1.7 * Double($0))
        }
    }

    @Test(
        "A microphone that hears later by d has its peak within 1/8 sample of lag +d",
        arguments: [-7.4, -3.3, -0.125, 0.0, 0.3, 1.0, 2.625, 5.05, 7.8])
    func delayGivesLag(delay: Double) throws {
        let settings = FeatureSettings()
        let count = settings.samples(frames: 5)
        let signal = TestSignal(seed: 1)
        let samples = signal.samples(count, delay: delay) + signal.samples(count)
        let maps = try FeatureExtractor(settings, microphones: 2)(samples, sampleCount: count)
        for frame in 0..<5 {
            let row = Array(maps[((2 * 5 + frame) * 64)...].prefix(64))
            let peak = row.indices.max { row[$0] < row[$1] }!
            #expect(abs(settings.lagValues[peak] - delay) <= 0.125 + 1e-9)
            #expect(row[peak] > 0.7)
        }
    }

    @Test(
        "A frame's bits depend neither on the number of frames in the call nor on its place",
        arguments: [1, 2, 3, 4, 5, 8, 9])
    func framesAreIndependent(microphones: Int) throws {
        let settings = FeatureSettings()
        let frames = 21
        let count = settings.samples(frames: frames)
        let samples = Self.recording(microphones, count)
        let extractor = try FeatureExtractor(settings, microphones: microphones)
        let channels = settings.channels(microphones: microphones)
        let whole = extractor(samples, sampleCount: count)
        for (first, length) in [(0, 1), (1, 1), (20, 1), (3, 2), (4, 7), (1, 16), (0, 20)] {
            let partCount = settings.samples(frames: length)
            let part = extractor(
                (0..<microphones).flatMap {
                    samples[($0 * count + first * settings.hopLength)...].prefix(partCount)
                }, sampleCount: partCount)
            for channel in 0..<channels {
                let wanted = whole[((channel * frames + first) * 64)...].prefix(length * 64)
                let found = part[(channel * length * 64)...].prefix(length * 64)
                #expect(wanted.map(\.bitPattern) == found.map(\.bitPattern))
            }
        }
    }

    @Test(
        "Two microphones' maps do not depend on how many others there are, however few fit a block",
        arguments: [(1024, 9), (4096, 5), (4096, 17)])
    func microphonesAreIndependent(length: Int, microphones: Int) throws {
        let settings = FeatureSettings(fftLength: length, hopLength: length / 2)
        let frames = 14
        let count = settings.samples(frames: frames)
        let samples = Self.recording(microphones, count)
        let all = try FeatureExtractor(settings, microphones: microphones)(
            samples, sampleCount: count)
        let two = try FeatureExtractor(settings, microphones: 2)(
            Array(samples[..<(2 * count)]), sampleCount: count)
        let size = frames * 64
        for (channel, place) in [(0, 0), (1, 1), (2, microphones)] {
            #expect(two[(channel * size)...].prefix(size) == all[(place * size)...].prefix(size))
        }
    }

    @Test("Exchanging two microphones flips the lags of their map, bit for bit")
    func exchangeFlips() throws {
        let settings = FeatureSettings()
        let count = settings.samples(frames: 6)
        let samples = Self.recording(2, count)
        let extractor = try FeatureExtractor(settings, microphones: 2)
        let maps = extractor(samples, sampleCount: count)
        let exchanged = extractor(
            Array(samples[count...]) + Array(samples[..<count]), sampleCount: count)
        for frame in 12..<18 {
            #expect(
                Array(maps[(frame * 64)...].prefix(64).reversed())
                    == Array(exchanged[(frame * 64)...].prefix(64)))
        }
    }

    @Test("Pure zeros give -100 dB and correlations of zero")
    func silence() throws {
        let settings = FeatureSettings()
        let count = settings.samples(frames: 3)
        let maps = try FeatureExtractor(settings, microphones: 4)(
            [Float](repeating: 0, count: 4 * count), sampleCount: count)
        #expect(maps[..<(4 * 3 * 64)].allSatisfy { abs($0 + 100) < 1e-4 })
        #expect(maps[(4 * 3 * 64)...].allSatisfy { $0 == 0 })
    }

    @Test(
        "Very quiet, very loud and one-sided sound gives finite values and correlations within 1",
        arguments: [1e-30, 1e-12, 1e-6, 1e3, 1e9] as [Float])
    func extremes(level: Float) throws {
        let settings = FeatureSettings()
        let count = settings.samples(frames: 3)
        var samples = Self.recording(3, count).map { $0 * level }
        for index in 0..<count { samples[index] = 0 }
        let maps = try FeatureExtractor(settings, microphones: 3)(samples, sampleCount: count)
        #expect(maps.allSatisfy { $0.isFinite })
        #expect(maps[(3 * 3 * 64)...].allSatisfy { abs($0) <= 1.00001 })
        // Pairs with the silent microphone.
        #expect(maps[(3 * 3 * 64)..<(5 * 3 * 64)].allSatisfy { $0 == 0 })
    }

    @Test("A silent microphone hears nothing of a loud one")
    func noCrosstalk() throws {
        let settings = FeatureSettings()
        let count = settings.samples(frames: 2)
        let samples = TestSignal(seed: 3).samples(count) + [Float](repeating: 0, count: count)
        let maps = try FeatureExtractor(settings, microphones: 2)(samples, sampleCount: count)
        #expect(maps[(2 * 64)..<(4 * 64)].allSatisfy { abs($0 + 100) < 1e-4 })
    }

    @Test("Pooling is the mean over blocks of frames and bins")
    func pooling() throws {
        let plain = FeatureSettings()
        let pooled = FeatureSettings(pooling: FeaturePooling(frames: 2, bins: 4))
        let count = plain.samples(frames: 7)
        let samples = Self.recording(3, count)
        let fine = try FeatureExtractor(plain, microphones: 3)(samples, sampleCount: count)
        let coarse = try FeatureExtractor(pooled, microphones: 3)(samples, sampleCount: count)
        #expect(pooled.frames(samples: count) == 3 && pooled.bins == 16)
        #expect(coarse.count == 6 * 3 * 16)
        for channel in 0..<6 {
            for frame in 0..<3 {
                for bin in 0..<16 {
                    var sum: Float = 0
                    for inner in 0..<2 {
                        for neighbour in 0..<4 {
                            sum +=
                                fine[
                                    (channel * 7 + 2 * frame + inner) * 64 + 4 * bin + neighbour]
                        }
                    }
                    let mean = coarse[(channel * 3 + frame) * 16 + bin]
                    #expect(abs(mean - sum / 8) < 2e-5)
                }
            }
        }
    }

    @Test("An odd number of whole-sample lags has lag zero in the middle")
    func oddLags() throws {
        let settings = FeatureSettings(
            fftLength: 256, hopLength: 100, melBands: 33, melRange: 100...7000, lags: 33,
            lagSpacing: 1)
        let count = settings.samples(frames: 2)
        let signal = TestSignal(seed: 9)
        let samples = signal.samples(count, delay: 6) + signal.samples(count)
        let maps = try FeatureExtractor(settings, microphones: 2)(samples, sampleCount: count)
        #expect(settings.lagValues[16] == 0)
        let row = Array(maps[(4 * 33)...].prefix(33))
        #expect(row.indices.max { row[$0] < row[$1] } == 22)
    }

    @Test("Fewer samples than a frame give no frames")
    func tooShort() throws {
        let extractor = try FeatureExtractor(FeatureSettings(), microphones: 1)
        #expect(extractor([Float](repeating: 1, count: 511), sampleCount: 511).isEmpty)
        #expect(extractor([], sampleCount: 0).isEmpty)
    }
}
