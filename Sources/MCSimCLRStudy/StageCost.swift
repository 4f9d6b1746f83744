import Acoustics
import Foundation
import MCSimCLR
import NeuralNetwork
import Platform
import SoundData

/// Estimates of a stage's memory and work from its settings alone.
///
/// Work is in units that stages of one kind share: multiply-additions of the network, or recordings
/// of a room. Seconds come from measured rates, see ``RunForecast``.
struct StageCost: Sendable {
    private let settings: TrialSettings
    private let clips: [Split: Int]

    /// Settings of which no cost depends.
    static let settingsWithoutCost = TrialSchema.keys { $0.traits.contains(.free) }

    /// - Parameter clips: how many clips the data set has in each split.
    init(_ settings: TrialSettings, clips: [Split: Int]) {
        self.settings = settings
        self.clips = clips
    }

    private func recordings(_ bank: BankSettings) -> Double {
        bank.splits.reduce(0) { $0 + Double(clips[$1, default: 0] * bank.spatialisations[$1]) }
    }

    /// Work of a recording: rooms, convolution and noise for each source.
    private func work(of bank: BankSettings) -> Double {
        let scene = bank.scene
        // Responses that a file has are there already.
        if bank.rooms != nil { return recordings(bank) * Double(bank.array.count) }
        // A moving source has a response for each step of its way (5 cm).
        let responses =
            scene.motion == .still
            ? 1 : 1 + scene.sourceSpeed.upperBound * bank.maximumSeconds / 0.05
        return recordings(bank) * Double(bank.array.count * scene.sourceCount)
            * (1 + responses * responseCost(scene))
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
    private var viewWork: Double {
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

    func work(_ kind: StageKind) -> Double {
        let pretraining = settings.pretraining.optimisation
        let supervised = settings.supervised.optimisation
        // A training step costs about three forward passes; a probe reads a few patches of each
        // recording once.
        switch kind {
        case .scenes: return work(of: settings.bank)
        case .testScenes: return work(of: settings.testBank)
        case .raw, .mean: return recordings(settings.bank) + recordings(settings.testBank)
        case .probe, .random:
            return 3 * (recordings(settings.bank) + recordings(settings.testBank)) * viewWork
        case .pretrain:
            return Double(pretraining.steps * 2 * pretraining.batchSize) * 3 * viewWork
        case .probeValidation: return 3 * recordings(settings.bank) * viewWork
        case .finetune, .scratch, .finetuneValidation, .scratchValidation:
            return Double(supervised.steps * supervised.batchSize) * 3 * viewWork
        }
    }

    func memoryBytes(_ kind: StageKind) -> Int {
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
