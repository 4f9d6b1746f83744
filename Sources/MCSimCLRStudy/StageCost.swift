import Acoustics
import AudioFeatures
import Foundation
import MCSimCLR
import NeuralNetwork
import Platform
package import SoundData

/// Estimates of a stage's memory and work from its settings alone.
///
/// Work is in units that stages of one kind share: multiply-additions of the network as `TrainingBenchmark` does them
/// (``Worth`` says how many other work is worth), or recordings of a room. Seconds come from measured rates, see
/// ``RunForecast``.
package struct StageCost: Sendable {
    private let settings: TrialSettings
    private let clips: [Split: Int]
    private let classes: Int

    /// What work takes beside a multiply-addition of the benchmark's training step: least squares of the relative error over
    /// the processor time of 126 stages of three runs of quickstart, with what each run's calibration had said of the
    /// machine. On recordings, from the rate of their own training, heads take three times as long to fit
    /// (`StageCostTests`).
    private enum Worth {
        /// A multiply-addition of a step: beside the benchmark's there are patches to copy and normalise.
        static let training = 1.03
        /// One of a forward pass in evaluation.
        static let embedding = 0.9
        /// One of a forward pass in training mode, which keeps what a backward pass would need.
        static let calibrating = 2.0
        /// A frame of one map that is made of samples while a view is drawn.
        static let analysis = 20_000.0
        /// An example of the class head's fit, for each class and number of its embedding.
        static let fitting = 8_000.0
    }

    /// Settings of which no cost depends.
    static let settingsWithoutCost = TrialSchema.keys { $0.traits.contains(.free) }

    /// - Parameters:
    ///   - clips: how many clips the data set has in each split.
    ///   - classes: how many it tells apart.
    package init(_ settings: TrialSettings, clips: [Split: Int], classes: Int = 20) {
        self.settings = settings
        self.clips = clips
        self.classes = classes
    }

    private func recordings(_ bank: BankSettings) -> Double {
        bank.splits.reduce(0) { $0 + Double(clips[$1, default: 0] * bank.spatialisations[$1]) }
    }

    /// Work of a recording: rooms, convolution and noise for each source.
    private func work(of bank: BankSettings) -> Double {
        let scene = bank.scene
        // Responses that a file has are there already.
        if bank.rooms != nil { return recordings(bank) * Double(bank.array.count) }
        let ofSource =
            scene.motion == .still ? 1 + responseCost(scene) : workOfMotion(bank)
        return recordings(bank) * Double(bank.array.count * scene.sourceCount) * ofSource
    }

    /// A moving source has a response for each step of its way, without the first reflections; these and the direct sound are
    /// delayed sample by sample, which takes most of the time (banks of 2.6 s at 0.25 and 1 m/s: 111 and 122 ms a recording
    /// where still sources had 1.9).
    private func workOfMotion(_ bank: BankSettings) -> Double {
        let scene = bank.scene
        let steps =
            1 + scene.sourceSpeed.upperBound * bank.maximumSeconds / SceneRenderer.motionStep
        return 1 + 0.45 * steps * responseCost(scene) + 29 * bank.maximumSeconds
    }

    /// Cost of a response beside that of one at 0.3 s: the number of images grows with the cube of
    /// the reverberation time, the length of the hybrid's tail with the time itself.
    private func responseCost(_ scene: SceneSettings) -> Double {
        let times = scene.reverberationTime
        if scene.method == .hybrid { return (times.lowerBound + times.upperBound) / 2 / 0.3 }
        let cubes = (0...10).map { step in
            let time =
                times.lowerBound
                + (times.upperBound - times.lowerBound) * Double(step) / 10
            return time * time * time
        }
        return cubes.reduce(0, +) / 11 / 0.027
    }

    /// Multiply-additions of one view's forward pass.
    package var viewWork: Double {
        let encoder = settings.encoder
        var frames = Double(encoder.frames)
        var bins = Double(encoder.bins)
        var inputs = Double(encoder.inputChannels)
        var total = 0.0
        for (channels, pool) in zip(encoder.channels, encoder.pools) {
            let kernel = Double(encoder.kernelSize * encoder.kernelSize)
            total += frames * bins * inputs * Double(channels) * kernel
            inputs = Double(channels)
            frames = (frames / Double(pool[0])).rounded(.down)
            bins = (bins / Double(pool[1])).rounded(.down)
        }
        let units = Double(encoder.recurrentUnits)
        return total + frames * 6 * units * (inputs * max(1, bins) + units)
    }

    package func work(_ kind: StageKind) -> Double {
        let pretraining = settings.pretraining
        switch kind {
        case .scenes: return work(of: settings.bank)
        case .testScenes: return work(of: settings.testBank)
        case .raw, .mean: return recordings(settings.bank) + recordings(settings.testBank)
        case .pretrain:
            return training(
                2 * pretraining.optimisation.steps * pretraining.optimisation.batchSize,
                pretraining.augmentations)
        case .probe, .probeValidation: return heads + embedding(judged(kind))
        case .random:
            return heads + embedding(judged(kind)) + Worth.calibrating * 30 * 64 * viewWork
        case .finetune, .finetuneValidation: return supervised(settings.supervised, kind)
        case .scratch, .scratchValidation:
            return supervised(settings.supervised.fromScratch, kind)
        }
    }

    /// Of so many views: forward, and backward to the inputs and to the weights.
    private func training(_ views: Int, _ augmentations: AugmentationSettings) -> Double {
        Double(views)
            * (3 * Worth.training * viewWork + analysis(ofViewsWith: augmentations))
    }

    private func supervised(_ settings: SupervisedSettings, _ kind: StageKind) -> Double {
        let optimisation = settings.optimisation
        var work = training(optimisation.steps * optimisation.batchSize, settings.augmentations)
        if settings.heads == .probe { work += heads }
        if settings.selection == .best {
            let looks = Double(1 + min(settings.checks, optimisation.steps))
            work += looks * embedding(labelled(.validation))
        }
        return work + embedding(judged(kind))
    }

    /// What views take whose maps are not at hand: waveforms are mixed before there is a map, and maps of a bank that has too
    /// many are not kept.
    private func analysis(ofViewsWith augmentations: AugmentationSettings) -> Double {
        let isMixed = augmentations.uses(.mixup)
        guard isMixed || !keepsMaps else { return 0 }
        let crop = augmentations.randomResizedCrop.time
        // Frames that a crop leaves out are not made.
        let share =
            augmentations.uses(.randomResizedCrop) ? (crop.lowerBound + crop.upperBound) / 2 : 1
        return share * analysisOfPatch
    }

    private var analysisOfPatch: Double {
        Worth.analysis
            * Double(
                settings.encoder.inputChannels * settings.encoder.frames
                    * settings.features.pooling.frames)
    }

    /// Whether the maps of the bank that is learnt from fit into the memory that an executor has for them.
    private var keepsMaps: Bool {
        let floats =
            recordings(settings.bank)
            * Double(frames * settings.encoder.inputChannels * settings.encoder.bins)
        return floats * Double(MemoryLayout<Float>.stride) <= Double(TrainingExecutor.featureMemory)
    }

    /// (Pooled) frames of a recording of the greatest length.
    private var frames: Int {
        settings.features.frames(
            samples: Int(settings.bank.maximumSeconds * Double(settings.bank.sampleRate)))
    }

    /// Patches of a recording that an evaluation looks at.
    private var patches: Double { Double(settings.grid.patchCount(ofRecordingWith: frames)) }

    /// Of embedding so many recordings.
    private func embedding(_ recordings: Double) -> Double {
        let maps = keepsMaps ? 0 : analysisOfPatch
        return recordings * patches * (Worth.embedding * viewWork + maps)
    }

    /// Of fitting a probe's heads: what has labels is embedded, then fitted.
    private var heads: Double {
        let examples = settings.grid.unit == .patch ? patches : 1
        let tracks = Double(settings.bank.scene.sourceCount)
        return embedding(labelled(.training) + labelled(.validation)) + Worth.fitting
            * labelled(.training) * examples * tracks
            * Double(settings.encoder.embeddingSize * classes)
    }

    /// Recordings of a split whose labels are learnt from, or chosen by.
    private func labelled(_ split: Split) -> Double {
        let learnt = Double(max(1, clips[.training, default: 0]))
        let most = settings.labels.perClass.map { Double($0 * classes) / learnt } ?? 1
        return min(1, settings.labels.fraction, most) * recordings(of: split)
    }

    /// Recordings that are judged.
    private func judged(_ kind: StageKind) -> Double {
        kind.isOnValidation ? recordings(of: .validation) : recordings(settings.testBank)
    }

    private func recordings(of split: Split) -> Double {
        Double(clips[split, default: 0] * settings.bank.spatialisations[split])
    }

    package func memoryBytes(_ kind: StageKind) -> Int {
        let parametersAndBuffers = 64 << 20
        switch kind {
        case .scenes, .testScenes:
            return parametersAndBuffers + threadsAtMost * bytesOfARecordingInTheMaking
        case .raw: return parametersAndBuffers + bytesOfRawFeatures
        case .mean: return parametersAndBuffers
        case .probe, .random, .pretrain, .finetune, .scratch, .probeValidation,
            .finetuneValidation, .scratchValidation:
            return parametersAndBuffers + bytesOfViews(kind)
        }
    }

    private var threadsAtMost: Int { Processors.available }

    /// A thread holds the longest recording's channels, spectra and samples: about nine floats for
    /// each sample of each channel (measured at 30 s: 66 MB). Of a clip it holds a minute at most,
    /// however long it is.
    private var bytesOfARecordingInTheMaking: Int {
        let bank = settings.bank
        let samples = bank.maximumSeconds * Double(bank.sampleRate) * Double(bank.array.count)
        return Int(9 * samples) * MemoryLayout<Float>.stride + ClipReader.bytesInUse
    }

    /// A row of averaged maps for each recording.
    private var bytesOfRawFeatures: Int {
        let encoder = settings.encoder
        let recordings = Int(recordings(settings.bank) + recordings(settings.testBank))
        return recordings * encoder.inputChannels * encoder.bins * MemoryLayout<Float>.stride
    }

    private func bytesOfViews(_ kind: StageKind) -> Int {
        let views =
            switch kind {
            case .scenes, .testScenes, .raw, .mean: 0
            case .probe, .random, .probeValidation: 64
            case .pretrain: 2 * settings.pretraining.optimisation.batchSize
            case .finetune, .scratch, .finetuneValidation, .scratchValidation:
                settings.supervised.optimisation.batchSize
            }
        let encoder = settings.encoder
        let map = encoder.frames * encoder.bins
        // The first layer's input, its output and its gradient dominate; the later ones are pooled.
        let floats = map * (2 * encoder.inputChannels + 2 * (encoder.channels.max() ?? 0))
        return views * floats * MemoryLayout<Float>.stride
    }
}
