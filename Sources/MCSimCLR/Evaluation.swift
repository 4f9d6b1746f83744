import AudioFeatures
public import NeuralNetwork
public import SoundData

/// What a downstream evaluation found.
public struct EvaluationResult: Sendable {
    public var predictions: [Prediction]
    /// Figures beyond those of the predictions, by name.
    public var extras: [String: Double]

    public var metrics: EventMetrics { EventMetrics(predictions) }
}

/// The recordings that downstream evaluations use. Test labels are read once, when predictions are
/// set beside the truth.
public struct EvaluationSplits: Sendable {
    public let training: [Int]
    public let validation: [Int]
    public let test: [Int]

    /// Throws: ``MCSimCLRError`` if there is nothing to learn from or to test on.
    public init(_ bank: RecordingBank) throws {
        training = bank.indices(for: .training)
        validation = bank.indices(for: .validation)
        test = bank.indices(for: .test)
        if training.isEmpty { throw MCSimCLRError.noRecordings(split: "training") }
        if test.isEmpty { throw MCSimCLRError.noRecordings(split: "test") }
        let labels = Set(training.map { bank.recordings[$0].label })
        if labels.count < 2 { throw MCSimCLRError.tooFewClasses(labels.count) }
    }
}

extension RecordingBank {
    func examples(_ recordings: [Int], features: Matrix) -> LinearHeads.Examples {
        LinearHeads.Examples(
            features: features, labels: recordings.map { self.recordings[$0].label },
            azimuths: recordings.map { self.recordings[$0].azimuth })
    }

    func predictions(
        _ recordings: [Int], _ answers: [(label: Int, azimuth: Double)]
    ) -> [Prediction] {
        zip(recordings, answers).map { index, answer in
            let truth = self.recordings[index]
            return Prediction(
                recording: index, clip: truth.clip, label: truth.label,
                predictedLabel: answer.label, azimuth: truth.azimuth,
                predictedAzimuth: answer.azimuth)
        }
    }
}

/// Linear probe: the encoder is frozen, BatchNorm statistics too; two linear heads are fitted to its
/// embeddings of the training split.
public func linearProbe(
    _ encoder: CRNN, maps: FeatureMaps, embedder: Embedder, isCancelled: () -> Bool = { false }
) throws -> EvaluationResult {
    let splits = try EvaluationSplits(maps.bank)
    func features(_ recordings: [Int]) throws -> Matrix {
        try embedder.embeddings(of: recordings, encoder: encoder, isCancelled: isCancelled)
    }
    let training = try features(splits.training)
    var result = try fitHeads(
        maps.bank, splits: splits, training: training, validation: features(splits.validation),
        test: features(splits.test))
    result.extras["embedding_deviation"] = meanDeviation(training)
    return result
}

/// Ridge and softmax regression on the time-averaged maps, with no encoder at all.
public func rawProbe(_ maps: FeatureMaps) throws -> EvaluationResult {
    let splits = try EvaluationSplits(maps.bank)
    let extractor = try FeatureExtractor(maps.settings, microphones: maps.bank.microphones)
    func features(_ recordings: [Int]) -> Matrix {
        let rows = recordings.map { timeAverage($0, maps: maps, extractor: extractor) }
        return Matrix(
            rows: rows.count, columns: maps.channels * maps.bins, values: rows.flatMap { $0 })
    }
    return try fitHeads(
        maps.bank, splits: splits, training: features(splits.training),
        validation: features(splits.validation), test: features(splits.test))
}

private func fitHeads(
    _ bank: RecordingBank, splits: EvaluationSplits, training: Matrix, validation: Matrix,
    test: Matrix
) throws -> EvaluationResult {
    let heads = LinearHeads(
        training: bank.examples(splits.training, features: training),
        validation: bank.examples(splits.validation, features: validation),
        classCount: bank.classes.count)
    return EvaluationResult(
        predictions: bank.predictions(splits.test, heads(test)),
        extras: [
            "class_penalty": heads.classPenalty, "direction_penalty": heads.directionPenalty,
        ])
}

/// Shape: [channels x bins].
private func timeAverage(
    _ recording: Int, maps: FeatureMaps, extractor: FeatureExtractor
) -> [Double] {
    let frames = maps.frames[recording]
    let computed: [Float]
    if let kept = maps.map(of: recording) {
        computed = Array(kept)
    } else {
        computed = extractor(
            maps.bank.read(recording),
            sampleCount: maps.bank.recordings[recording].sampleCount)
    }
    var result = [Double](repeating: 0, count: maps.channels * maps.bins)
    for channel in 0..<maps.channels {
        for frame in 0..<frames {
            let row = (channel * frames + frame) * maps.bins
            for bin in 0..<maps.bins {
                result[channel * maps.bins + bin] += Double(computed[row + bin]) / Double(frames)
            }
        }
    }
    return result
}

/// Mean over the features of their deviation over the recordings, after each embedding is scaled to
/// length one: near zero when the encoder has collapsed.
private func meanDeviation(_ embeddings: Matrix) -> Double {
    var unit = embeddings
    for row in 0..<unit.rows {
        let norm = unit.row(row).reduce(0) { $0 + $1 * $1 }.squareRoot()
        for column in 0..<unit.columns { unit[row, column] /= max(norm, 1e-12) }
    }
    var total = 0.0
    for column in 0..<unit.columns {
        let values = (0..<unit.rows).map { unit[$0, column] }
        let mean = values.reduce(0, +) / Double(values.count)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        total += (squares / Double(values.count)).squareRoot()
    }
    return total / Double(unit.columns)
}
