import AudioFeatures
public import NeuralNetwork
public import Platform
public import SoundData

/// What a downstream evaluation found.
public struct EvaluationResult: Sendable {
    public var predictions: [Prediction]
    /// Figures beyond those of the predictions, by name.
    public var extras: [String: Double]
    /// The heads that made the predictions, where there are any to keep.
    public var heads: TrackHeads?

    /// The figures that are stored, by name: `probe_accuracy` for the prefix `probe`.
    public func metrics(prefix: String) -> [String: Double] {
        var metrics = EventFigure.stored(of: predictions, prefix: prefix)
        for (name, value) in extras { metrics["\(prefix)_\(name)"] = value }
        return metrics
    }
}

/// The maps of the recordings that an evaluation learns from, and of those that it is tested on.
public struct EvaluationMaps: Sendable {
    /// Of the splits for pretraining, training and validation.
    public let training: FeatureMaps
    /// Of the split that is judged, normalised as the others are.
    public let test: FeatureMaps
    /// The split that is judged.
    public let judged: Split

    public init(training: FeatureMaps, test: FeatureMaps) {
        self.training = training
        self.test = test
        judged = .test
    }

    /// To be judged on the validation split, without any test recordings.
    public init(training: FeatureMaps) {
        self.training = training
        test = training
        judged = .validation
    }
}

/// The recordings that downstream evaluations use. Test labels are read once, when predictions are
/// set beside the truth.
public struct EvaluationSplits: Sendable {
    /// Recordings of the training maps that have labels to learn from.
    public let training: [Int]
    /// Recordings of the training maps that have labels to choose by.
    public let validation: [Int]
    /// Recordings of the test maps.
    public let test: [Int]
    /// Sources of each recording: K.
    public let sourceCount: Int

    /// Throws: ``MCSimCLRError`` if there is nothing to learn from or to test on.
    ///
    /// - Parameters:
    ///   - labels: how many clips have labels. Whatever is judged is judged whole.
    ///   - seed: draws these clips.
    public init(
        _ maps: EvaluationMaps, labels: LabelledClips = .all, seed: UInt64 = 0
    ) throws {
        let bank = maps.training.bank
        let all = bank.indices(for: .training)
        training = labels.training(all, of: bank, seed: seed)
        validation = labels.validation(
            bank.indices(for: .validation), training: all, of: bank, seed: seed)
        test = maps.test.bank.indices(for: maps.judged)
        if training.isEmpty { throw MCSimCLRError.noRecordings(split: "training") }
        if test.isEmpty { throw MCSimCLRError.noRecordings(split: maps.judged.rawValue) }
        let labels = Set(training.map { bank.recordings[$0].label })
        if labels.count < 2 { throw MCSimCLRError.tooFewClasses(labels.count) }
        sourceCount = bank.recordings[training[0]].sources.count
    }
}

extension RecordingBank {
    func examples(_ observations: [Observation], features: Matrix) -> TrackHeads.Examples {
        TrackHeads.Examples(
            features: features, sources: observations.map { $0.sources(in: self) },
            distances: observations.map { recordings[$0.recording].sources.map(\.distance) })
    }

    /// Answers beside the truth: one prediction a source, from the track that is matched to it.
    ///
    /// Shape: answers [observations][K].
    func predictions(
        _ observations: [Observation], _ answers: [[SourceFacts]]
    ) -> [Prediction] {
        zip(observations, answers).flatMap { observation, tracks in
            let sources = observation.sources(in: self)
            return SourceMatching.tracks(of: sources, among: tracks).enumerated()
                .map { source, track in
                    Prediction(
                        recording: observation.recording,
                        clip: recordings[observation.recording].sources[source].clip,
                        label: sources[source].label, predictedLabel: tracks[track].label,
                        azimuth: sources[source].azimuth, predictedAzimuth: tracks[track].azimuth,
                        source: sources.count > 1 ? source : nil, patch: observation.patch)
                }
        }
    }
}

/// Linear probe: the encoder is frozen, BatchNorm statistics too; two linear heads (for each track)
/// are fitted to its embeddings of the training split. Every recording is brought to the mean level of
/// the training recordings: how loud it was recorded says neither class nor direction.
///
/// - Parameters:
///   - labels: how many clips the heads are fitted to, and their penalties chosen by.
///   - seed: draws these clips.
public func linearProbe(
    _ encoder: CRNN, maps: EvaluationMaps, grid: EvaluationGrid, labels: LabelledClips = .all,
    seed: UInt64 = 0, team: ThreadTeam = ThreadTeam(), isCancelled: () -> Bool = { false }
) throws -> EvaluationResult {
    let splits = try EvaluationSplits(maps, labels: labels, seed: seed)
    let heads = try probeHeads(
        encoder, maps: maps, grid: grid, labels: labels, seed: seed, team: team,
        isCancelled: isCancelled)
    let test = try Embedder(maps.test, grid: grid, level: maps.training.level, team: team)
        .embeddings(of: splits.test, encoder: encoder, isCancelled: isCancelled)
    var result = judged(heads, maps, splits: splits, grid: grid, test: test)
    result.extras["embedding_deviation"] = meanDeviation(test)
    return result
}

/// The heads of a ``linearProbe(_:maps:grid:labels:seed:team:isCancelled:)``.
public func probeHeads(
    _ encoder: CRNN, maps: EvaluationMaps, grid: EvaluationGrid, labels: LabelledClips = .all,
    seed: UInt64 = 0, team: ThreadTeam = ThreadTeam(), isCancelled: () -> Bool = { false }
) throws -> TrackHeads {
    let splits = try EvaluationSplits(maps, labels: labels, seed: seed)
    let embedder = try Embedder(
        maps.training, grid: grid, level: maps.training.level, team: team)
    func features(_ recordings: [Int]) throws -> Matrix {
        try embedder.embeddings(of: recordings, encoder: encoder, isCancelled: isCancelled)
    }
    return fittedHeads(
        maps.training, splits: splits, grid: grid, training: try features(splits.training),
        validation: try features(splits.validation))
}

/// Ridge and softmax regression on the time-averaged maps, with no encoder at all.
///
/// - Parameters:
///   - labels: how many clips the heads are fitted to, and their penalties chosen by.
///   - seed: draws these clips; nothing else in it is left to chance.
public func rawProbe(
    _ maps: EvaluationMaps, grid: EvaluationGrid, labels: LabelledClips = .all, seed: UInt64 = 0
) throws -> EvaluationResult {
    let splits = try EvaluationSplits(maps, labels: labels, seed: seed)
    func features(_ maps: FeatureMaps, _ recordings: [Int]) throws -> Matrix {
        let extractor = try FeatureExtractor(maps.settings, microphones: maps.bank.microphones)
        let rows = recordings.flatMap { timeAverages($0, maps, grid: grid, extractor: extractor) }
        return Matrix(
            rows: rows.count, columns: maps.channels * maps.bins, values: rows.flatMap { $0 })
    }
    let heads = fittedHeads(
        maps.training, splits: splits, grid: grid,
        training: try features(maps.training, splits.training),
        validation: try features(maps.training, splits.validation))
    return judged(
        heads, maps, splits: splits, grid: grid, test: try features(maps.test, splits.test))
}

private func fittedHeads(
    _ maps: FeatureMaps, splits: EvaluationSplits, grid: EvaluationGrid, training: Matrix,
    validation: Matrix
) -> TrackHeads {
    func examples(_ recordings: [Int], _ features: Matrix) -> TrackHeads.Examples {
        maps.bank.examples(grid.observations(of: recordings, maps: maps), features: features)
    }
    return TrackHeads(
        training: examples(splits.training, training),
        validation: examples(splits.validation, validation), classCount: maps.bank.classes.count)
}

/// What heads say of the split that is judged, and how they came to be.
private func judged(
    _ heads: TrackHeads, _ maps: EvaluationMaps, splits: EvaluationSplits, grid: EvaluationGrid,
    test: Matrix
) -> EvaluationResult {
    var extras: [String: Double] = [:]
    for (track, head) in heads.tracks.enumerated() {
        let name = track == 0 ? "" : "_track_\(track + 1)"
        extras["class_penalty\(name)"] = head.classPenalty
        extras["direction_penalty\(name)"] = head.directionPenalty
        if !splits.validation.isEmpty {
            extras["class_penalty_edge\(name)"] = Double(head.edges.classes.rawValue)
            extras["direction_penalty_edge\(name)"] = Double(head.edges.direction.rawValue)
        }
    }
    if splits.sourceCount > 1 { extras["matching_rounds"] = Double(heads.rounds) }
    return EvaluationResult(
        predictions: maps.test.bank.predictions(
            grid.observations(of: splits.test, maps: maps.test), heads(test)),
        extras: extras, heads: heads)
}

/// Means over the frames of a recording, or over those of each of its patches.
///
/// Shape: [1 or patches][channels x bins].
private func timeAverages(
    _ recording: Int, _ maps: FeatureMaps, grid: EvaluationGrid, extractor: FeatureExtractor
) -> [[Double]] {
    let frames = maps.frames[recording]
    let computed: [Float]
    if let kept = maps.map(of: recording) {
        computed = Array(kept)
    } else {
        computed = extractor(
            maps.bank.read(recording),
            sampleCount: maps.bank.recordings[recording].sampleCount)
    }
    let stretches =
        switch grid.unit {
        case .recording: [0..<frames]
        case .patch:
            grid.firstFrames(ofRecordingWith: frames).map {
                $0..<min(frames, $0 + grid.patchFrames)
            }
        }
    return stretches.map { stretch in
        var result = [Double](repeating: 0, count: maps.channels * maps.bins)
        for channel in 0..<maps.channels {
            for frame in stretch {
                let row = (channel * frames + frame) * maps.bins
                for bin in 0..<maps.bins {
                    result[channel * maps.bins + bin] +=
                        Double(computed[row + bin]) / Double(stretch.count)
                }
            }
        }
        return result
    }
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
