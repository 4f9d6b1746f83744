public import Acoustics
import Foundation
public import NeuralNetwork
public import Platform
import Randomness
import SoundData

/// Settings of contrastive pretraining.
public struct PretrainingSettings: Sendable, Codable, Hashable {
    public var augmentations: AugmentationSettings
    public var optimisation: OptimisationSettings
    /// NT-Xent's temperature.
    public var temperature: Double
    /// How many spatialisations of one clip meet in a batch: negatives that only direction tells apart.
    public var spatialNegatives: Int
    /// Units of the projection head: hidden layer, output.
    public var projection: [Int]
    /// (Pooled) frames of a view.
    public var patchFrames: Int

    public init(
        augmentations: AugmentationSettings, optimisation: OptimisationSettings,
        temperature: Double = 0.1, spatialNegatives: Int = 1, projection: [Int] = [256, 128],
        patchFrames: Int = 64
    ) {
        self.augmentations = augmentations
        self.optimisation = optimisation
        self.temperature = temperature
        self.spatialNegatives = spatialNegatives
        self.projection = projection
        self.patchFrames = patchFrames
    }
}

/// Self-supervised contrastive learning of an encoder: two augmented views of each recording, NT-Xent
/// on their projections (arXiv 2309.15938; the loss is equation 1 of SimCLR, arXiv 2002.05709).
///
/// One thread uses it at a time, with those of its team. A run is a function of settings, maps and seed,
/// however many threads there are: it can be stopped after any step, saved, loaded and continued to the same bits.
public final class Pretraining: ResumableTraining {
    public let encoder: CRNN
    private let projection: ProjectionHead
    private let loss: NTXentLoss
    private let optimiser: Adam
    private let schedule: CosineSchedule
    package let sampler: PairSampler
    private let renderers: ViewRenderers
    private let team: ThreadTeam
    private let settings: PretrainingSettings
    private let input: Tensor
    /// Steps done.
    public private(set) var step = 0
    public private(set) var curve: LossCurve
    /// Time spent so far on drawing batches (features and augmentation), and on all of the steps.
    public private(set) var times = (batches: Duration.zero, steps: Duration.zero)

    public init(
        maps: FeatureMaps, array: MicrophoneArray, encoder configuration: CRNNConfiguration,
        settings: PretrainingSettings, seed: UInt64, team: ThreadTeam = ThreadTeam()
    ) throws {
        self.settings = settings
        self.team = team
        encoder = try makeEncoder(configuration, seed: seed)
        var stream = Stream(seed, "projection weights")
        projection = ProjectionHead(
            inputFeatures: configuration.embeddingSize, hiddenFeatures: settings.projection[0],
            outputFeatures: settings.projection[1], initialisation: &stream)
        loss = NTXentLoss(temperature: settings.temperature)
        let optimisation = settings.optimisation
        optimiser = Adam(encoder.parameters + projection.parameters, AdamConfiguration())
        schedule = CosineSchedule(
            peak: optimisation.learningRate, warmUpSteps: optimisation.warmUpSteps,
            totalSteps: optimisation.steps)
        sampler = try PairSampler(
            settings: settings.augmentations, seed: seed, batchSize: optimisation.batchSize,
            spatialNegatives: settings.spatialNegatives, bank: maps.bank,
            recordings: maps.bank.indices(for: .pretraining), frames: maps.frames,
            patchFrames: settings.patchFrames, bins: maps.bins, array: array)
        renderers = try ViewRenderers(maps, patchFrames: settings.patchFrames)
        input = Tensor([
            2 * optimisation.batchSize, maps.channels, settings.patchFrames, maps.bins,
        ])
        curve = LossCurve(steps: optimisation.steps)
        encoder.team = team
        projection.team = team
        loss.team = team
        optimiser.team = team
    }

    /// Trains to the end.
    ///
    /// Throws: ``MCSimCLRError/lossNotFinite(phase:step:loss:)``, or `CancellationError` when the
    /// monitor asks for it; the state then is that after the last whole step.
    public func run(_ monitor: TrainingMonitor) throws {
        while step < settings.optimisation.steps {
            if monitor.isCancelled() { throw CancellationError() }
            let value = try takeStep()
            monitor.report(step, settings.optimisation.steps, value)
        }
    }

    private func takeStep() throws -> Double {
        let start = ContinuousClock.now
        defer { times.steps += .now - start }
        fillBatch(step: step)
        times.batches += .now - start
        let embedding = encoder(input, mode: .training)
        let value = loss(projection(embedding))
        guard value.isFinite else {
            throw MCSimCLRError.lossNotFinite(phase: "pretraining", step: step, loss: value)
        }
        encoder.backward(projection.backward(loss.gradient))
        optimiser.step(learningRate: schedule.learningRate(step: step))
        optimiser.zeroGradients()
        curve.add(value, step: step)
        step += 1
        return value
    }

    /// Rows 0 ..< B hold the first views, rows B ..< 2B the second ones.
    private func fillBatch(step: Int) {
        let recordings = sampler.drawRecordings(step: step)
        renderers.render(recordings.count, into: input, team) { [sampler] place in
            let pair = sampler.pair(recording: recordings[place], step: step, place: place)
            return [(place, pair.first), (recordings.count + place, pair.second)]
        }
    }

    /// All that the next step depends on.
    public var state: [(name: String, tensor: Tensor)] {
        encoder.state + projection.parameters.map { ($0.name, $0.value) } + optimiser.state
    }

    /// Continues from a saved state; false, and nothing changed, if it is not of this run's shape.
    public func restore(_ contents: Checkpoint.Contents, step: Int, curve: LossCurve) -> Bool {
        guard (0...settings.optimisation.steps).contains(step), curve.fits(self.curve),
            (try? contents.load(into: state)) != nil,
            (try? optimiser.loadState(contents, steps: step)) != nil
        else { return false }
        self.step = step
        self.curve = curve
        return true
    }

    /// Cosine similarities after training, on a fresh batch that is drawn as the next step's would
    /// be; the encoder is not changed.
    ///
    /// - Parameter bins: equal bins over [-1, 1].
    public func similarities(bins: Int) -> PairSimilarities {
        fillBatch(step: settings.optimisation.steps)
        _ = loss(projection(encoder(input, mode: .evaluation)))
        let found = loss.similarities(bins: bins)
        return PairSimilarities(positive: found.positive, negativeCounts: found.negatives)
    }
}

/// How alike the two views of a recording are, and views of different recordings.
public struct PairSimilarities: Sendable, Hashable {
    /// Cosine of each positive pair.
    public var positive: [Float]
    /// Number of negative pairs in each of equal bins over [-1, 1].
    public var negativeCounts: [Int]

    package init(positive: [Float], negativeCounts: [Int]) {
        self.positive = positive
        self.negativeCounts = negativeCounts
    }

    /// Share of the positive pairs in each of the same bins.
    public var positiveShares: [Double] {
        var counts = [Int](repeating: 0, count: negativeCounts.count)
        for cosine in positive {
            let bin = Int((Double(cosine) + 1) / 2 * Double(counts.count))
            counts[max(0, min(counts.count - 1, bin))] += 1
        }
        return counts.map { Double($0) / Double(max(1, positive.count)) }
    }

    public var negativeShares: [Double] {
        let total = Double(max(1, negativeCounts.reduce(0, +)))
        return negativeCounts.map { Double($0) / total }
    }

    public var meanPositive: Double {
        positive.reduce(0) { $0 + Double($1) } / Double(max(1, positive.count))
    }

    /// Mean over the negative pairs, each taken at the centre of its bin.
    public var meanNegative: Double {
        negativeShares.enumerated().reduce(0) { sum, bin in
            let centre = (Double(bin.offset) + 0.5) / Double(negativeCounts.count) * 2 - 1
            return sum + bin.element * centre
        }
    }
}
