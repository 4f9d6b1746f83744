import Acoustics
import Foundation
public import NeuralNetwork
public import Platform
import Randomness
import SoundData

/// Trains an encoder and two linear heads (class, azimuth) on labelled recordings: fine-tuning when
/// the encoder has been pretrained, training from scratch when it is new.
///
/// Where K sources overlap, the heads have K tracks (``TrackLoss``). A patch's truth is that at its
/// centre, turned with it where its microphones are reordered. Recordings are brought to one level, as for
/// a probe. A run is a function of settings, maps, the encoder and heads that it begins with and the seed:
/// it can be stopped after any step, saved, loaded and continued to the same bits.
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
    private let encoderOptimiser: Adam
    private let headOptimiser: Adam
    private let directions: ReorderedDirections
    private let grid: EvaluationGrid
    /// Nil where the last state is judged, or nothing is there to choose by.
    private let best: BestState?
    private let schedule: CosineSchedule
    private let input: Tensor
    /// Steps done.
    public private(set) var step = 0
    public private(set) var curve: LossCurve

    /// - Parameters:
    ///   - encoder: trained further, in place.
    ///   - heads: what the heads begin as (``probeHeads(_:maps:grid:labels:seed:team:isCancelled:)``);
    ///     nil for random weights.
    ///   - grid: which patches of the validation split are looked at; nil as ``evaluate(_:isCancelled:)``
    ///     has it by default.
    public init(
        _ encoder: CRNN, heads: TrackHeads? = nil, maps: EvaluationMaps,
        settings: SupervisedSettings, grid: EvaluationGrid? = nil, seed: UInt64,
        team: ThreadTeam = ThreadTeam()
    ) throws {
        self.team = team
        self.encoder = encoder
        self.settings = settings
        self.maps = maps
        self.grid = grid ?? EvaluationGrid(patchFrames: settings.patchFrames)
        splits = try EvaluationSplits(maps, labels: settings.labels, seed: seed)
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
        heads?.write(classes: classHead, directions: azimuthHead)
        let optimisation = settings.optimisation
        if let short = splits.training.first(where: { maps.frames[$0] < settings.patchFrames }) {
            throw MCSimCLRError.patchLongerThanRecording(
                patchFrames: settings.patchFrames, recordingFrames: maps.frames[short])
        }
        let array = maps.bank.settings.array
        sampler = PatchSampler(
            seed: seed, name: "supervised", batchSize: optimisation.batchSize,
            choices: ViewChoices(
                recordings: splits.training, frames: maps.frames,
                patchFrames: settings.patchFrames, bins: maps.bins, microphones: array.count,
                symmetries: array.symmetries.map(\.permutation)),
            augmentations: settings.augmentations,
            gain: { recording in maps.level(of: recording).map { Float(maps.level - $0) } ?? 0 })
        directions = ReorderedDirections(array, azimuths: maps.bank.settings.scene.azimuth)
        renderers = try ViewRenderers(maps, patchFrames: settings.patchFrames)
        let configuration = AdamConfiguration(weightDecay: settings.weightDecay)
        encoderOptimiser = Adam(encoder.parameters, configuration)
        headOptimiser = Adam(classHead.parameters + azimuthHead.parameters, configuration)
        schedule = CosineSchedule(
            peak: optimisation.learningRate, warmUpSteps: optimisation.warmUpSteps,
            totalSteps: optimisation.steps)
        input = Tensor([
            optimisation.batchSize, maps.channels, settings.patchFrames, maps.bins,
        ])
        curve = LossCurve(steps: optimisation.steps)
        encoder.keepsStatistics = settings.statistics == .kept
        let parameters = (classHead.parameters + azimuthHead.parameters)
            .map { (name: $0.name, tensor: $0.value) }
        best =
            settings.selection == .last || splits.validation.isEmpty
            ? nil
            : BestState(
                of: encoder.state + parameters, steps: optimisation.steps, checks: settings.checks)
        encoder.team = team
        classHead.team = team
        azimuthHead.team = team
        encoderOptimiser.team = team
        headOptimiser.team = team
    }

    package var heads: [Parameter] { classHead.parameters + azimuthHead.parameters }

    /// Trains to the end, and goes back to the best state where that is judged.
    ///
    /// Throws: ``MCSimCLRError/lossNotFinite(phase:step:loss:)``, or `CancellationError` when the
    /// monitor asks for it; the state then is that after the last whole step.
    public func run(_ monitor: TrainingMonitor) throws {
        try look(monitor.isCancelled)
        while step < settings.optimisation.steps {
            if monitor.isCancelled() { throw CancellationError() }
            let value = try takeStep()
            try look(monitor.isCancelled)
            monitor.report(step, settings.optimisation.steps, value)
        }
        best?.restore()
    }

    /// Looks at the validation split where that is due.
    private func look(_ isCancelled: () -> Bool) throws {
        guard let best, best.isDue(after: step) else { return }
        let found = try predictions(
            for: splits.validation, of: maps.training, grid, isCancelled: isCancelled)
        let count = Double(found.count)
        best.add(
            BestState.Look(
                wrong: Float(Double(found.count { $0.label != $0.predictedLabel }) / count),
                error: Float(found.reduce(0) { $0 + $1.azimuthError } / count)),
            after: step)
    }

    /// What the looks at the validation split found: accuracy (percent) and error (degrees) by step.
    public var checks: [(step: Int, accuracy: Double, error: Double)] {
        (best?.looks ?? []).map { step, look in
            (step, 100 * (1 - Double(look.wrong)), Double(look.error))
        }
    }

    /// The step whose state is judged.
    public var chosenStep: Int { best?.bestStep ?? settings.optimisation.steps }

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
        let rate = schedule.learningRate(step: step)
        encoderOptimiser.step(learningRate: rate * settings.encoderRate)
        headOptimiser.step(learningRate: rate)
        encoderOptimiser.zeroGradients()
        headOptimiser.zeroGradients()
        curve.add(value, step: step)
        step += 1
        return value
    }

    /// All that the next step depends on.
    public var state: [(name: String, tensor: Tensor)] {
        encoder.state + heads.map { ($0.name, $0.value) } + encoderOptimiser.state
            + headOptimiser.state + (best?.state ?? [])
    }

    /// Continues from a saved state; false, and nothing changed, if it is not of this run's shape.
    public func restore(_ contents: Checkpoint.Contents, step: Int, curve: LossCurve) -> Bool {
        guard (0...settings.optimisation.steps).contains(step), curve.fits(self.curve),
            (try? contents.load(into: state)) != nil,
            (try? encoderOptimiser.loadState(contents, steps: step)) != nil,
            (try? headOptimiser.loadState(contents, steps: step)) != nil
        else { return false }
        self.step = step
        self.curve = curve
        return true
    }

    /// What a patch is trained with: its sources as they are at its centre.
    package func sources(of patch: ViewPlan) -> [SourceFacts] {
        let maps = maps.training
        let sources = maps.bank.sources(
            of: patch.recording,
            at: maps.centre(ofPatchAt: patch.firstFrame, frames: settings.patchFrames))
        guard let swap = patch.drawn.channelSwap else { return sources }
        return sources.map { source in
            SourceFacts(
                label: source.label,
                azimuth: directions(source.azimuth, microphones: swap.microphones))
        }
    }

    /// Predictions for the split that is judged: class scores and directions are averaged over a recording's
    /// patches, unless patches are judged by themselves.
    public func evaluate(
        _ grid: EvaluationGrid, isCancelled: () -> Bool = { false }
    ) throws -> EvaluationResult {
        EvaluationResult(
            predictions: try predictions(
                for: splits.test, of: maps.test, grid, isCancelled: isCancelled),
            extras: best == nil ? [:] : ["chosen_step": Double(chosenStep)])
    }

    private func predictions(
        for recordings: [Int], of maps: FeatureMaps, _ grid: EvaluationGrid,
        isCancelled: () -> Bool
    ) throws -> [Prediction] {
        let layout = TrackLayout(
            trackCount: splits.sourceCount, classCount: maps.bank.classes.count)
        let embedder = try Embedder(
            maps, grid: grid, level: self.maps.training.level, team: team)
        let outputs = try embedder.means(
            of: recordings, size: layout.size, isCancelled: isCancelled,
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
        return try maps.bank.predictions(
            grid.observations(of: recordings, in: maps.bank, features: maps.settings), answers)
    }
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
