import MCSimCLR
import NeuralNetwork

/// Estimates of a stage's memory and work from its settings alone.
///
/// Work is in multiply-additions of the network and serves to put longer stages first and to weigh
/// progress; seconds come from measured rates.
struct StageCost: Sendable {
    private let settings: TrialSettings

    init(_ settings: TrialSettings) { self.settings = settings }

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
        // A training step costs about three forward passes. A probe reads some thousand patches.
        switch kind {
        case .scenes: return 1e10
        case .raw: return 1e9
        case .probe, .random: return 4000 * viewWork
        case .pretrain:
            return Double(pretraining.steps * 2 * pretraining.batchSize) * 3 * viewWork
        case .finetune, .scratch:
            return Double(supervised.steps * supervised.batchSize) * 3 * viewWork
        }
    }

    func memoryBytes(_ kind: StageKind) -> Int {
        let views =
            switch kind {
            case .scenes, .raw: 0
            case .probe, .random: 64
            case .pretrain: 2 * settings.pretraining.optimisation.batchSize
            case .finetune, .scratch: settings.supervised.optimisation.batchSize
            }
        let encoder = settings.encoder
        let map = encoder.frames * encoder.bins
        // The first layer's input, its output and its gradient dominate; the later ones are pooled.
        let floats = map * (2 * encoder.inputChannels + 2 * (encoder.channels.max() ?? 0))
        let parametersAndBuffers = 64 << 20
        return views * floats * MemoryLayout<Float>.stride + parametersAndBuffers
    }
}
