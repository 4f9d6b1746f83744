import Acoustics
import MCSimCLR
import SoundData
import Testing

@Suite("Pair sampler")
struct PairSamplerTests {
    private func sampler(
        _ enabled: [Augmentation], seed: UInt64 = 1, batchSize: Int = 16, spatialNegatives: Int = 1,
        change: (inout AugmentationSettings) -> Void = { _ in }
    ) throws -> PairSampler {
        var settings = AugmentationSettings()
        settings.enabled = enabled
        change(&settings)
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

    @Test("every decision depends on the seed: order, spatialisation, patch and augmentations")
    func decisionsOfSeeds() throws {
        func views(_ seed: UInt64) throws -> [ViewPlan] {
            try sampler(Augmentation.allCases, seed: seed).pairs(step: 0).map(\.first)
        }
        let (one, other) = (try views(1), try views(2))
        func differ(_ decision: (ViewPlan) -> some Equatable) -> Bool {
            one.map(decision) != other.map(decision)
        }
        #expect(differ { SmallBank.bank.recordings[$0.recording].clip })
        #expect(differ { SmallBank.bank.recordings[$0.recording].spatialisation })
        #expect(differ(\.firstFrame))
        #expect(differ(\.microphones))
        #expect(differ(\.interference))
        #expect(differ(\.timeCrop))
        #expect(differ(\.frequencyCrop))
        #expect(differ(\.droppedChannels))
    }

    @Test("each epoch has an order of its own, and no clip is left out with spatial negatives")
    func ordersOfEpochs() throws {
        func clips(_ sampler: PairSampler, _ steps: Range<Int>) -> [Int] {
            steps.flatMap { step in
                sampler.pairs(step: step).map {
                    SmallBank.bank.recordings[$0.first.recording].clip
                }
            }
        }
        let plain = try sampler([], batchSize: 8)
        #expect(clips(plain, 0..<3) != clips(plain, 3..<6))
        let spatial = try sampler([], batchSize: 12, spatialNegatives: 3)
        let counts = Dictionary(grouping: clips(spatial, 0..<6)) { $0 }.mapValues(\.count)
        #expect(counts.count == 24 && counts.values.allSatisfy { $0 == 3 })
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

    @Test("each view is cropped and mixed by itself, within what is asked for, up to its ends")
    func bothViews() throws {
        let sampler = try sampler(Augmentation.allCases) { settings in
            settings.mixupLevel = 5...20
            settings.cropTime = 0.5...1
            settings.cropFrequency = 0.25...0.75
        }
        let pairs = (0..<20).flatMap { sampler.pairs(step: $0) }
        func spread(_ values: [Double], _ range: ClosedRange<Double>) {
            let margin = 0.05 * (range.upperBound - range.lowerBound)
            #expect(values.allSatisfy { range.contains($0) })
            #expect((values.min() ?? 99) < range.lowerBound + margin)
            #expect((values.max() ?? -99) > range.upperBound - margin)
        }
        for views in [pairs.map(\.first), pairs.map(\.second)] {
            let times = try views.map { try #require($0.timeCrop) }
            let frequencies = try views.map { try #require($0.frequencyCrop) }
            spread(times.map(\.length), 16...32)
            spread(frequencies.map(\.length), 8...24)
            for windows in [times, frequencies] {
                #expect(windows.allSatisfy { $0.start >= 0 && $0.start + $0.length <= 32 + 1e-9 })
                spread(windows.map { $0.start / (32 - $0.length + 1e-9) }, 0...1)
            }
            spread(try views.map { try #require($0.interference).level }, 5...20)
            #expect(views.allSatisfy { !$0.cropsLags })
        }
        #expect(pairs.allSatisfy { $0.first.timeCrop != $0.second.timeCrop })
        #expect(pairs.allSatisfy { $0.first.frequencyCrop != $0.second.frequencyCrop })
        #expect(pairs.allSatisfy { $0.first.interference != $0.second.interference })
        let lags = try self.sampler([.randomResizedCrop]) { $0.cropsLags = true }.pairs(step: 0)
        #expect(lags.allSatisfy { $0.first.cropsLags && $0.second.cropsLags })
    }

    @Test("an augmentation that is not asked for decides nothing")
    func onlyThoseEnabled() throws {
        for enabled in Augmentation.allCases {
            let sampler = try sampler([enabled])
            for pair in (0..<5).flatMap({ sampler.pairs(step: $0) }) {
                for view in [pair.first, pair.second] {
                    #expect((view.microphones != nil) == (enabled == .channelSwap))
                    #expect((view.interference != nil) == (enabled == .mixup))
                    #expect((view.timeCrop != nil) == (enabled == .randomResizedCrop))
                    #expect((view.frequencyCrop != nil) == (enabled == .randomResizedCrop))
                    #expect(view.droppedChannels.isEmpty || enabled == .channelDrop)
                }
            }
        }
    }

    @Test("one view alone is reordered where that is asked for, by any order where that is")
    func swapOfOneView() throws {
        let sampler = try sampler([.channelSwap]) {
            $0.channelSwapViews = .one
            $0.channelSwapMode = .permutations
        }
        let pairs = (0..<20).flatMap { sampler.pairs(step: $0) }
        #expect(pairs.allSatisfy { $0.second.microphones == nil })
        // 320 draws of 24 orders.
        #expect(Set(try pairs.map { try #require($0.first.microphones) }).count == 24)
    }

    @Test("every patch of every recording can be drawn, the first and the last too")
    func everyPatch() throws {
        let sampler = try sampler([.mixup])
        let frames = try SmallBank.maps(isKept: false).frames
        let views = (0..<150).flatMap { sampler.pairs(step: $0).flatMap { [$0.first, $0.second] } }
        let training = SmallBank.bank.indices(for: .training)
        let others = try views.map { try #require($0.interference) }
        for places in [
            views.map { ($0.recording, $0.firstFrame) },
            others.map { ($0.recording, $0.firstFrame) },
        ] {
            #expect(Set(places.map(\.0)) == Set(training))
            // All recordings are as long: 64 frames have 33 patches of 32.
            #expect(frames.allSatisfy { $0 == 64 })
            var counts = [Int](repeating: 0, count: 33)
            for (_, first) in places {
                counts[try #require((0..<33).contains(first) ? first : nil)] += 1
            }
            // 4,800 draws: 145 each, five standard errors are 60.
            #expect(counts.allSatisfy { abs($0 - 145) < 60 })
        }
        #expect(views.contains { $0.firstFrame != 0 })
        let pairs = (0..<20).flatMap { sampler.pairs(step: $0) }
        #expect(pairs.contains { $0.first.firstFrame != $0.second.firstFrame })
    }

    @Test("a batch larger than the data says what to do")
    func tooLarge() throws {
        let error = #expect(throws: MCSimCLRError.self) { try sampler([], batchSize: 1000) }
        #expect(error?.description.contains("lower batch_size") == true)
    }
}
