import Acoustics
import Foundation
public import NeuralNetwork
public import Platform
import Randomness
package import SoundData

/// Settings of fine-tuning and of training from scratch.
public struct SupervisedSettings: Sendable, Codable, Hashable {
    public var optimisation: OptimisationSettings
    /// Share of the labelled training clips that is used, in (0, 1].
    public var labelFraction: Double
    /// Weight of the azimuth's squared error beside the cross-entropy of the class.
    public var azimuthWeight: Double
    /// (Pooled) frames of a patch.
    public var patchFrames: Int

    public init(
        optimisation: OptimisationSettings, labelFraction: Double = 1, azimuthWeight: Double = 1,
        patchFrames: Int = 64
    ) {
        self.optimisation = optimisation
        self.labelFraction = labelFraction
        self.azimuthWeight = azimuthWeight
        self.patchFrames = patchFrames
    }
}

/// Trains an encoder and two linear heads (class, azimuth) on labelled recordings: fine-tuning when
/// the encoder has been pretrained, training from scratch when it is new.
///
/// Where K sources overlap, the heads have K tracks (``TrackLoss``). A patch's truth is that at its
/// centre. A run is a function of settings, maps, the encoder that it begins with and the seed: it can be
/// stopped after any step, saved, loaded and continued to the same bits.
public final class SupervisedTraining: ResumableTraining {
    private let encoder: CRNN
    private let classHead: Linear
    private let azimuthHead: Linear
    private let settings: SupervisedSettings
    private let maps: EvaluationMaps
    private let splits: EvaluationSplits
    package let sampler: PatchSampler
    private let renderers: ViewRenderers
    private let team: ThreadTeam
    private let loss: TrackLoss
    private let optimiser: Adam
    private let schedule: CosineSchedule
    private let input: Tensor
    /// Steps done.
    public private(set) var step = 0
    public private(set) var curve: LossCurve

    /// - Parameter encoder: trained further, in place.
    public init(
        _ encoder: CRNN, maps: EvaluationMaps, settings: SupervisedSettings, seed: UInt64,
        team: ThreadTeam = ThreadTeam()
    ) throws {
        self.team = team
        self.encoder = encoder
        self.settings = settings
        self.maps = maps
        splits = try EvaluationSplits(maps)
        let size = encoder.configuration.embeddingSize
        let tracks = splits.sourceCount
        let maps = maps.training
        loss = TrackLoss(trackCount: tracks, azimuthWeight: settings.azimuthWeight)
        var stream = Stream(seed, "head weights")
        classHead = Linear(
            inputFeatures: size, outputFeatures: tracks * maps.bank.classes.count,
            name: "class_head", initialisation: &stream)
        azimuthHead = Linear(
            inputFeatures: size, outputFeatures: tracks * 2, name: "azimuth_head",
            initialisation: &stream)
        let optimisation = settings.optimisation
        sampler = PatchSampler(
            seed: seed, name: "supervised",
            recordings: labelledSubset(
                splits.training, bank: maps.bank, fraction: settings.labelFraction, seed: seed),
            frames: maps.frames, patchFrames: settings.patchFrames,
            batchSize: optimisation.batchSize)
        if let short = splits.training.first(where: { maps.frames[$0] < settings.patchFrames }) {
            throw MCSimCLRError.patchLongerThanRecording(
                patchFrames: settings.patchFrames, recordingFrames: maps.frames[short])
        }
        renderers = try ViewRenderers(maps, patchFrames: settings.patchFrames)
        optimiser = Adam(
            encoder.parameters + classHead.parameters + azimuthHead.parameters,
            AdamConfiguration())
        schedule = CosineSchedule(
            peak: optimisation.learningRate, warmUpSteps: optimisation.warmUpSteps,
            totalSteps: optimisation.steps)
        input = Tensor([
            optimisation.batchSize, maps.channels, settings.patchFrames, maps.bins,
        ])
        curve = LossCurve(steps: optimisation.steps)
        encoder.team = team
        classHead.team = team
        azimuthHead.team = team
        optimiser.team = team
    }

    package var heads: [Parameter] { classHead.parameters + azimuthHead.parameters }

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
        let plans = sampler.patches(step: step)
        let sources = plans.map(sources(of:))
        renderers.render(plans, into: input, team)
        let embedding = encoder(input, mode: .training)
        let value = loss(
            logits: classHead(embedding), directions: azimuthHead(embedding), sources: sources)
        guard value.isFinite else {
            throw MCSimCLRError.lossNotFinite(phase: "supervised", step: step, loss: value)
        }
        let gradient = classHead.backward(loss.classGradient)
        gradient.add(azimuthHead.backward(loss.directionGradient))
        encoder.backward(gradient)
        optimiser.step(learningRate: schedule.learningRate(step: step))
        optimiser.zeroGradients()
        curve.add(value, step: step)
        step += 1
        return value
    }

    /// All that the next step depends on.
    public var state: [(name: String, tensor: Tensor)] {
        encoder.state + heads.map { ($0.name, $0.value) } + optimiser.state
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

    /// What a patch is trained with: its sources as they are at its centre.
    package func sources(of patch: ViewPlan) -> [SourceFacts] {
        let maps = maps.training
        return maps.bank.sources(
            of: patch.recording,
            at: maps.centre(ofPatchAt: patch.firstFrame, frames: settings.patchFrames))
    }

    /// Predictions for the split that is judged: class scores and directions are averaged over a recording's
    /// patches, unless patches are judged by themselves.
    public func evaluate(
        _ grid: EvaluationGrid, isCancelled: () -> Bool = { false }
    ) throws -> EvaluationResult {
        let layout = TrackLayout(
            trackCount: splits.sourceCount, classCount: maps.test.bank.classes.count)
        let outputs = try Embedder(maps.test, grid: grid, team: team).means(
            of: splits.test, size: layout.size, isCancelled: isCancelled,
            aligning: layout.trackCount > 1 ? { layout.align($0, to: $1) } : nil
        ) { [encoder, classHead, azimuthHead] in
            let (encoder, classHead, azimuthHead) = (
                encoder.evaluationTwin(), classHead.evaluationTwin(), azimuthHead.evaluationTwin()
            )
            return { input in
                let embedding = encoder(input, mode: .evaluation)
                return Tensor(joining: classHead(embedding), azimuthHead(embedding))
            }
        }
        let answers = (0..<outputs.rows).map { layout.answers(outputs.row($0)) }
        return EvaluationResult(
            predictions: try maps.test.bank.predictions(
                grid.observations(
                    of: splits.test, in: maps.test.bank, features: maps.test.settings), answers),
            extras: [:])
    }
}

/// The recordings of a share of the labelled clips: at least one clip of each class, and a smaller
/// share is part of a larger one of the same seed.
package func labelledSubset(
    _ recordings: [Int], bank: RecordingBank, fraction: Double, seed: UInt64
) -> [Int] {
    guard fraction < 1 else { return recordings }
    var clipsByLabel: [Int: [Int]] = [:]
    for recording in recordings {
        let truth = bank.recordings[recording]
        if clipsByLabel[truth.label]?.contains(truth.clip) != true {
            clipsByLabel[truth.label, default: []].append(truth.clip)
        }
    }
    var chosen: Set<Int> = []
    for (label, clips) in clipsByLabel {
        var stream = Stream(seed, "label subset", label)
        let count = max(1, Int((Double(clips.count) * fraction).rounded()))
        chosen.formUnion(stream.permutation(clips.count).prefix(count).map { clips[$0] })
    }
    return recordings.filter { chosen.contains(bank.recordings[$0].clip) }
}

extension Tensor {
    /// Rows of two tensors side by side. Shape: [n, a], [n, b] -> [n, a + b].
    fileprivate convenience init(joining left: Tensor, _ right: Tensor) {
        let rows = left.shape[0]
        let (a, b) = (left.shape[1], right.shape[1])
        let (first, second) = (left.values, right.values)
        var joined: [Float] = []
        joined.reserveCapacity(rows * (a + b))
        for row in 0..<rows {
            joined += first[row * a..<(row + 1) * a]
            joined += second[row * b..<(row + 1) * b]
        }
        self.init([rows, a + b], joined)
    }
}
