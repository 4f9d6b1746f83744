import Acoustics
import MCSimCLR
import SoundData
import Testing

@Suite("Pair sampler")
struct PairSamplerTests {
    private func sampler(
        _ enabled: [Augmentation], seed: UInt64 = 1, batchSize: Int = 16, spatialNegatives: Int = 1
    ) throws -> PairSampler {
        var settings = AugmentationSettings()
        settings.enabled = enabled
        return try PairSampler(
            settings: settings, seed: seed, batchSize: batchSize,
            spatialNegatives: spatialNegatives, bank: SmallBank.bank,
            recordings: SmallBank.bank.indices(for: .pretraining),
            frames: SmallBank.maps(isKept: false).frames, patchFrames: 32, bins: 32,
            array: SmallBank.array)
    }

    @Test("pretraining draws from the training split alone")
    func trainingSplitAlone() throws {
        let sampler = try sampler(Augmentation.allCases)
        for step in 0..<20 {
            for pair in sampler.pairs(step: step) {
                for view in [pair.first, pair.second] {
                    #expect(SmallBank.bank.recordings[view.recording].split == .training)
                    let other = try #require(view.interference)
                    #expect(SmallBank.bank.recordings[other.recording].split == .training)
                    #expect(other.recording != view.recording)
                }
            }
        }
    }

    @Test("variants of a seed share recordings and patches, whatever they augment")
    func pairedVariants() throws {
        let plain = try sampler([])
        let full = try sampler(Augmentation.allCases)
        for step in [0, 7] {
            for (a, b) in zip(plain.pairs(step: step), full.pairs(step: step)) {
                #expect(a.first.recording == b.first.recording)
                #expect(a.first.firstFrame == b.first.firstFrame)
                #expect(a.second.firstFrame == b.second.firstFrame)
            }
        }
    }

    @Test("a step's pairs do not depend on what was drawn before; another seed draws others")
    func pureFunction() throws {
        let one = try sampler(Augmentation.allCases)
        let two = try sampler(Augmentation.allCases)
        _ = two.pairs(step: 0)
        _ = two.pairs(step: 1)
        #expect(one.pairs(step: 5).map(\.first) == two.pairs(step: 5).map(\.first))
        let other = try sampler(Augmentation.allCases, seed: 2)
        #expect(one.pairs(step: 5).map(\.first) != other.pairs(step: 5).map(\.first))
    }

    @Test("an epoch visits every clip once before any comes again")
    func epochs() throws {
        let sampler = try sampler([], batchSize: 8)
        let clips = (0..<3).flatMap { step in
            sampler.pairs(step: step).map { SmallBank.bank.recordings[$0.first.recording].clip }
        }
        #expect(clips.count == 24)
        #expect(Set(clips).count == 24)
    }

    @Test("both views of a pair are reordered alike, by a symmetry of the array")
    func consistentSwap() throws {
        let symmetries = SmallBank.array.symmetries.map(\.permutation)
        var seen: Set<[Int]> = []
        for step in 0..<10 {
            for pair in try sampler([.channelSwap]).pairs(step: step) {
                let order = try #require(pair.first.microphones)
                #expect(pair.second.microphones == order)
                #expect(symmetries.contains(order))
                seen.insert(order)
            }
        }
        #expect(seen.count == symmetries.count)
    }

    @Test("channels are masked with the probability asked for, in each view by itself")
    func dropRate() throws {
        var count = 0
        var differs = false
        let sampler = try sampler([.channelDrop])
        for step in 0..<100 {
            for pair in sampler.pairs(step: step) {
                count += pair.first.droppedChannels.count + pair.second.droppedChannels.count
                differs = differs || pair.first.droppedChannels != pair.second.droppedChannels
            }
        }
        // 32,000 channels at p = 0.1: four standard errors are 0.0067.
        #expect(abs(Double(count) / 32_000 - 0.1) < 0.0067)
        #expect(differs)
    }

    @Test("spatial negatives put several spatialisations of a clip into a batch")
    func spatialNegatives() throws {
        let pairs = try sampler([], batchSize: 12, spatialNegatives: 3).pairs(step: 0)
        let clips = Dictionary(grouping: pairs) {
            SmallBank.bank.recordings[$0.first.recording].clip
        }
        #expect(clips.count == 4)
        #expect(clips.values.allSatisfy { Set($0.map(\.first.recording)).count == 3 })
    }

    @Test("a batch larger than the data says what to do")
    func tooLarge() throws {
        let error = #expect(throws: MCSimCLRError.self) { try sampler([], batchSize: 1000) }
        #expect(error?.description.contains("lower batch_size") == true)
    }
}
