import MCSimCLR
import NeuralNetwork
import SoundData
import Testing

/// What the steps of both trainings learn from and what they change.
@Suite("Steps of training")
struct TrainingStepTests {
    private static let encoder: CRNNConfiguration = {
        var encoder = CRNNConfiguration(inputChannels: 10, frames: 32, bins: 32)
        encoder.channels = [8, 8, 8]
        encoder.recurrentUnits = 8
        return encoder
    }()

    private func optimisation(_ rate: Double, steps: Int = 10) -> OptimisationSettings {
        OptimisationSettings(
            steps: steps, batchSize: 12, learningRate: rate, warmUpFraction: 0.5)
    }

    private func pretraining(
        seed: UInt64 = 3, rate: Double = 1e-3, spatialNegatives: Int = 1
    ) throws -> Pretraining {
        try Pretraining(
            maps: SmallBank.maps(isKept: true), array: SmallBank.array, encoder: Self.encoder,
            settings: PretrainingSettings(
                augmentations: AugmentationSettings(), optimisation: optimisation(rate),
                spatialNegatives: spatialNegatives, projection: [16, 8], patchFrames: 32),
            seed: seed)
    }

    private func supervised(
        _ encoder: CRNN? = nil, seed: UInt64 = 3, rate: Double = 1e-3, labels: LabelledClips = .all,
        azimuthWeight: Double = 1
    ) throws -> SupervisedTraining {
        let maps = try SmallBank.maps(isKept: true)
        return try SupervisedTraining(
            encoder ?? makeEncoder(Self.encoder, seed: 1),
            maps: EvaluationMaps(
                training: maps,
                test: FeatureMaps(bank: SmallBank.bank, like: maps, byteLimit: .max)),
            settings: SupervisedSettings(
                optimisation: optimisation(rate), labels: labels,
                azimuthWeight: azimuthWeight, patchFrames: 32),
            seed: seed)
    }

    /// Stops a training after its first steps.
    private func run(_ run: (TrainingMonitor) throws -> Void, steps: Int) {
        var done = 0
        try? run(
            TrainingMonitor(report: { step, _, _ in done = step }, isCancelled: { done == steps }))
    }

    @Test("a step of pretraining moves every weight of encoder and projection head")
    func trainsAll() throws {
        let training = try pretraining()
        let before = training.state.map(\.tensor.values)
        run(training.run, steps: 1)
        for (tensor, before) in zip(training.state, before) {
            #expect(tensor.tensor.values != before, "\(tensor.name)")
        }
    }

    @Test("a step of supervised training moves every weight of the encoder")
    func trainsEncoder() throws {
        let encoder = try makeEncoder(Self.encoder, seed: 1)
        let before = encoder.state.map(\.tensor.values)
        run(try supervised(encoder).run, steps: 1)
        for (tensor, before) in zip(encoder.state, before) {
            #expect(tensor.tensor.values != before, "\(tensor.name)")
        }
    }

    @Test("a step of supervised training moves both heads, the azimuth's weight moves the encoder")
    func trainsHeads() throws {
        let training = try supervised()
        let before = training.heads.map(\.value.values)
        run(training.run, steps: 1)
        for (head, before) in zip(training.heads, before) {
            #expect(head.value.values != before, "\(head.name)")
        }
        func encoder(azimuthWeight: Double) throws -> [[Float]] {
            let encoder = try makeEncoder(Self.encoder, seed: 1)
            run(try supervised(encoder, azimuthWeight: azimuthWeight).run, steps: 1)
            return encoder.parameters.map(\.value.values)
        }
        #expect(try encoder(azimuthWeight: 1) != encoder(azimuthWeight: 100))
    }

    @Test("two views of a recording are two; looking at their similarities changes nothing")
    func similarities() throws {
        let training = try pretraining()
        let before = training.state.map(\.tensor.values)
        let found = training.similarities(bins: 40)
        #expect(training.state.map(\.tensor.values) == before)
        #expect(found.positive.count == 12 && found.positive.contains { $0 < 0.99999 })
    }

    @Test("similarities are counted in equal bins from -1 to 1, and averaged")
    func histogram() {
        let pairs = PairSimilarities(
            positive: [-1, -0.6, 0.1, 0.2, 1], negativeCounts: [1, 0, 0, 3])
        #expect(pairs.positiveShares == [0.4, 0, 0.4, 0.2])
        #expect(pairs.negativeShares == [0.25, 0, 0, 0.75])
        #expect(abs(pairs.meanPositive + 0.06) < 1e-7)
        #expect(abs(pairs.meanNegative - (0.75 * 0.75 - 0.25 * 0.75)) < 1e-12)
    }

    @Test("the learning rate rises to its peak and falls, in both trainings")
    func schedule() throws {
        /// The largest change of a weight in each step: about the learning rate, with Adam.
        func changes(
            _ encoder: CRNN, _ run: (TrainingMonitor) throws -> Void
        ) throws -> [Float] {
            func weights() -> [Float] { encoder.parameters.flatMap(\.value.values) }
            var last = weights()
            var changes: [Float] = []
            try run(
                TrainingMonitor(report: { _, _, _ in
                    let now = weights()
                    changes.append(zip(now, last).map { abs($0 - $1) }.max() ?? 0)
                    last = now
                }))
            return changes
        }
        let pretraining = try pretraining()
        let encoder = try makeEncoder(Self.encoder, seed: 1)
        for changes in [
            try changes(pretraining.encoder, pretraining.run),
            try changes(encoder, supervised(encoder).run),
        ] {
            // Five steps up, five down. The first step of Adam is the rate itself.
            #expect(changes.count == 10)
            #expect(abs(changes[0] / 2e-4 - 1) < 0.01)
            #expect(changes[4] > 6e-4 && changes[4] < 2e-3)
            #expect(changes[9] < 2.5e-4)
        }
    }

    @Test("every step has a batch of its own")
    func batches() throws {
        // Nothing is learnt, so that losses differ by their batches alone.
        let training = try pretraining(rate: 0)
        try training.run(TrainingMonitor())
        #expect(Set(training.curve.points.map(\.value)).count == 10)
        let other = try supervised(rate: 0)
        try other.run(TrainingMonitor())
        #expect(Set(other.curve.points.map(\.value)).count == 10)
    }

    @Test("the seed decides initial weights, projection head and batches of a pretraining")
    func seedsOfPretraining() throws {
        let (one, other) = (try pretraining(seed: 3), try pretraining(seed: 4))
        for (tensor, second) in zip(one.state, other.state)
        where tensor.name.hasSuffix("weight") && Set(tensor.tensor.values).count > 1 {
            #expect(tensor.tensor.values != second.tensor.values, "\(tensor.name)")
        }
        #expect(
            one.sampler.pairs(step: 0).map(\.first) != other.sampler.pairs(step: 0).map(\.first))
    }

    @Test(
        "a pretraining draws from the training split, with as many spatial negatives as asked for")
    func recordingsOfPretraining() throws {
        let training = try pretraining(spatialNegatives: 3)
        let recordings = (0..<20).flatMap { training.sampler.pairs(step: $0) }
            .map { SmallBank.bank.recordings[$0.first.recording] }
        #expect(recordings.allSatisfy { $0.split == .training })
        #expect(Set(recordings.prefix(12).map(\.clip)).count == 4)
    }

    @Test("the seed decides heads, labelled clips and batches of a supervised training")
    func seedsOfSupervision() throws {
        func answers(_ seed: UInt64) throws -> [Double] {
            try supervised(seed: seed).evaluate(EvaluationGrid(patchFrames: 32))
                .predictions.map(\.predictedAzimuth)
        }
        #expect(try answers(3) != answers(4))
        func plans(_ seed: UInt64, fraction: Double) throws -> [ViewPlan] {
            let training = try supervised(seed: seed, labels: LabelledClips(fraction: fraction))
            return (0..<30).flatMap { training.sampler.patches(step: $0) }
        }
        let (one, other) = (try plans(3, fraction: 1), try plans(4, fraction: 1))
        #expect(one.prefix(72).map(\.recording) != other.prefix(72).map(\.recording))
        // Each of the 72 recordings once an epoch, in another order each time.
        let training = SmallBank.bank.indices(for: .training)
        #expect(one.prefix(72).map(\.recording).sorted() == training)
        #expect(one[72..<144].map(\.recording).sorted() == training)
        #expect(one[72..<144].map(\.recording) != one.prefix(72).map(\.recording))
        // At places of their own.
        #expect(one.map(\.firstFrame) != other.map(\.firstFrame))
        #expect(Set(one.map(\.firstFrame)) == Set(0...32))
        func clips(_ seed: UInt64) throws -> Set<Int> {
            Set(try plans(seed, fraction: 0.5).map { SmallBank.bank.recordings[$0.recording].clip })
        }
        #expect(try clips(3).count == 12)
        #expect(try clips(3) != clips(4))
    }
}
