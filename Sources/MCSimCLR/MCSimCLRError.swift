/// What can be wrong with a training run: what, the value, what to do.
public enum MCSimCLRError: Error, Equatable, CustomStringConvertible {
    case batchLargerThanData(batchSize: Int, recordings: Int)
    case patchLongerThanRecording(patchFrames: Int, recordingFrames: Int)
    case noRecordings(split: String)
    case tooFewClasses(Int)
    case lossNotFinite(phase: String, step: Int, loss: Double)
    case embeddingNotFinite(recording: Int)
    case foreignCheckpoint(path: String, reason: String)
    case recordingTooShort(seconds: Double, needed: Double)
    case silentRecording
    case recordingNotFinite
    case foreignHeads(features: Int, embedding: Int)
    case quantityUnknown(ProbeTarget)
    case embeddingCount(rows: Int, recordings: Int)

    public var description: String {
        switch self {
        case .batchLargerThanData(let batchSize, let recordings):
            "a batch of \(batchSize) does not fit the \(recordings) recordings to train on; "
                + "lower batch_size or raise spatialisations"
        case .patchLongerThanRecording(let patchFrames, let recordingFrames):
            "a patch of \(patchFrames) frames is longer than a recording of \(recordingFrames); "
                + "lower patch_frames or raise recording_seconds"
        case .noRecordings(let split):
            "the \(split) split has no recordings; give the data set some"
        case .tooFewClasses(let count):
            "\(count) class with labels leaves nothing to tell apart; give the data set two or more"
        case .lossNotFinite(let phase, let step, let loss):
            "the \(phase) loss is \(loss) at step \(step); lower the learning rate or raise the "
                + "temperature"
        case .embeddingNotFinite(let recording):
            "the embedding of recording \(recording) is not finite; the encoder has diverged"
        case .foreignCheckpoint(let path, let reason):
            "\(path) is not an encoder that ablate wrote: \(reason)"
        case .recordingTooShort(let seconds, let needed):
            "it lasts \(Self.rounded(seconds)) s, but the encoder looks at patches of "
                + "\(Self.rounded(needed)) s; give a longer recording"
        case .silentRecording:
            "every sample is zero, so that its level cannot be brought to the training's; give one "
                + "with sound"
        case .recordingNotFinite:
            "it has a sample that is no finite number; give one that has none"
        case .foreignHeads(let features, let embedding):
            "the probe's heads take \(features) numbers, but the encoder makes \(embedding); run the "
                + "sweep of this encoder again"
        case .embeddingCount(let rows, let recordings):
            "there are \(rows) embeddings of \(recordings) recordings; give one for each"
        case .quantityUnknown(let target):
            "the \(target.rawValue) of recordings of real rooms is not known; leave \(target.rawValue) out of "
                + "probe_targets"
        }
    }

    private static func rounded(_ seconds: Double) -> Double { (seconds * 1000).rounded() / 1000 }
}
