import Acoustics
import MCSimCLR
import SoundData
import Testing

/// What holds of every augmentation, the next one too.
@Suite("Augmentations")
struct AugmentationTests {
    private static let size = 32 * 32

    private func pairs(
        _ enabled: [Augmentation], seed: UInt64 = 1, step: Int = 0,
        change: (inout AugmentationSettings) -> Void = { _ in }
    ) throws -> [(first: ViewPlan, second: ViewPlan)] {
        var settings = AugmentationSettings()
        settings.enabled = enabled
        change(&settings)
        return try PairSampler(
            settings: settings, seed: seed, batchSize: 16, spatialNegatives: 1,
            bank: SmallBank.bank, recordings: SmallBank.bank.indices(for: .pretraining),
            frames: SmallBank.maps(isKept: false).frames, patchFrames: 32, bins: 32,
            array: SmallBank.array
        ).pairs(step: step)
    }

    /// Views with their maps as they are in memory.
    private func views(_ plans: [ViewPlan]) throws -> [[Float]] {
        let renderer = try ViewRenderer(SmallBank.maps(isKept: true), patchFrames: 32)
        return plans.map { plan in
            [Float](unsafeUninitializedCapacity: renderer.size) { buffer, count in
                renderer.render(plan, into: buffer)
                count = renderer.size
            }
        }
    }

    private func row(_ map: [Float], _ channel: Int, _ frame: Int) -> [Float] {
        let start = channel * Self.size + frame * 32
        return Array(map[start..<start + 32])
    }

    @Test(
        "each by itself changes views, and decides on nothing else",
        arguments: Augmentation.allCases)
    func alone(_ augmentation: Augmentation) throws {
        let plain = try pairs([])
        let changed = try pairs([augmentation])
        for side in [\(first: ViewPlan, second: ViewPlan).first, \.second] {
            let (before, after) = (
                try views(plain.map { $0[keyPath: side] }),
                try views(changed.map { $0[keyPath: side] })
            )
            // Chance may leave a view as it is: the identity is a reordering, too.
            #expect(zip(before, after).count { $0 != $1 } >= 8, "\(augmentation)")
        }
        for (one, other) in zip(plain, changed) {
            var first = other.first
            first.drawn = DrawnAugmentations()
            #expect(first == one.first)
        }
    }

    @Test(
        "each is the same for the same seed and step, and another for another",
        arguments: Augmentation.allCases)
    func streams(_ augmentation: Augmentation) throws {
        func drawn(seed: UInt64, step: Int) throws -> [DrawnAugmentations] {
            try pairs([augmentation], seed: seed, step: step).flatMap {
                [$0.first.drawn, $0.second.drawn]
            }
        }
        let once = try drawn(seed: 1, step: 3)
        #expect(try drawn(seed: 1, step: 3) == once)
        #expect(try drawn(seed: 2, step: 3) != once)
        #expect(try drawn(seed: 1, step: 4) != once)
        // Others beside it change nothing of what it decides.
        let beside = try pairs(Augmentation.allCases, step: 3).flatMap {
            [$0.first.drawn, $0.second.drawn]
        }
        let kept = zip(once, beside).map { alone, all in
            var merged = all
            merged.keep(augmentation)
            return merged == alone
        }
        #expect(kept.allSatisfy { $0 })
    }

    @Test("where nothing is said the paper's four are used")
    func standard() {
        #expect(AugmentationSettings().enabled == Augmentation.paper)
        #expect(
            Augmentation.paper == [.channelSwap, .mixup, .randomResizedCrop, .channelDrop])
    }

    @Test("a frequency shift moves all mel maps by the same bands and leaves GCC maps alone")
    func shift() throws {
        for bands in [1, 3, -2, -31, 40] {
            let plain = ViewPlan(recording: 2, firstFrame: 5)
            var plan = plain
            plan.drawn.frequencyShift = .init(bands: bands)
            let maps = try views([plain, plan])
            for channel in 0..<10 {
                for frame in [0, 13, 31] {
                    let before = row(maps[0], channel, frame)
                    let expected =
                        channel < 4
                        // The outermost band is what lies beyond it.
                        ? before.indices.map { before[min(max($0 - bands, 0), 31)] } : before
                    #expect(row(maps[1], channel, frame) == expected, "\(bands) \(channel)")
                }
            }
        }
    }

    @Test("shifts reach the most that is asked for, up and down, each as often")
    func shifts() throws {
        let drawn = try (0..<40).flatMap { step in
            try pairs([.frequencyShift], step: step) { $0.frequencyShift.bands = 3 }
                .flatMap { [$0.first, $0.second] }
        }.compactMap(\.drawn.frequencyShift?.bands)
        let counts = Dictionary(grouping: drawn) { $0 }.mapValues(\.count)
        #expect(Set(counts.keys) == Set(-3...3))
        // 1,280 draws of 7: 183 each, five standard errors are 63.
        #expect(counts.values.allSatisfy { abs($0 - 183) < 63 })
    }

    @Test("a mask hides the same frames and bins of every channel, and nothing else")
    func mask() throws {
        let plain = ViewPlan(recording: 2, firstFrame: 5)
        var plan = plain
        plan.drawn.timeFrequencyMask = .init(frames: [3..<7, 6..<9, 12..<12], bins: [30..<40])
        let maps = try views([plain, plan])
        for channel in 0..<10 {
            for frame in 0..<32 {
                let expected = row(maps[0], channel, frame).enumerated().map { bin, value in
                    (3..<9).contains(frame) || bin >= 30 ? 0 : value
                }
                #expect(row(maps[1], channel, frame) == expected, "\(channel) \(frame)")
            }
        }
    }

    @Test("masks are as many and as wide as asked for, anywhere in the view")
    func masks() throws {
        let drawn = try (0..<40).flatMap { step in
            try pairs([.timeFrequencyMask], step: step) {
                $0.timeFrequencyMask.count = 2
                $0.timeFrequencyMask.time = 0.25
                $0.timeFrequencyMask.frequency = 0
            }.flatMap { [$0.first, $0.second] }
        }.compactMap(\.drawn.timeFrequencyMask)
        #expect(drawn.count == 1280)
        #expect(drawn.allSatisfy { $0.frames.count == 2 && $0.bins.count == 2 })
        #expect(drawn.allSatisfy { $0.bins.allSatisfy(\.isEmpty) })
        let frames = drawn.flatMap(\.frames)
        #expect(Set(frames.map(\.count)) == Set(0...8))
        let hidden = Set(frames.flatMap { Array($0) })
        #expect(hidden == Set(0..<32))
    }
}

extension DrawnAugmentations {
    /// Forgets what was decided of others.
    fileprivate mutating func keep(_ augmentation: Augmentation) {
        var kept = DrawnAugmentations()
        switch augmentation {
        case .channelSwap: kept.channelSwap = channelSwap
        case .mixup: kept.mixup = mixup
        case .randomResizedCrop: kept.randomResizedCrop = randomResizedCrop
        case .channelDrop: kept.channelDrop = channelDrop
        case .frequencyShift: kept.frequencyShift = frequencyShift
        case .timeFrequencyMask: kept.timeFrequencyMask = timeFrequencyMask
        }
        self = kept
    }
}
