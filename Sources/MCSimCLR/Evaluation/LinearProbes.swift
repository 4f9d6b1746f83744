import AudioFeatures
public import NeuralNetwork
public import Platform
import SoundData

/// Linear probe: the encoder is frozen, BatchNorm statistics too; two linear heads (for each track)
/// are fitted to its embeddings of the training split. Every recording is brought to the mean level of
/// the training recordings: how loud it was recorded says neither class nor direction.
///
/// - Parameters:
///   - heads: those of ``probeHeads(_:maps:grid:labels:seed:team:isCancelled:)`` for the same, where they are at
///     hand; nil: they are fitted. Quantities have heads of their own, for which all is computed anyway.
///   - quantities: what is asked for beside class and azimuth.
///   - labels: how many clips the heads are fitted to, and their penalties chosen by.
///   - seed: draws these clips.
public func linearProbe(
    _ encoder: CRNN, heads: TrackHeads? = nil, maps: EvaluationMaps, grid: EvaluationGrid,
    quantities: [ProbeTarget] = [], labels: LabelledClips = .all, seed: UInt64 = 0,
    team: ThreadTeam = ThreadTeam(), isCancelled: () -> Bool = { false }
) throws -> EvaluationResult {
    let splits = try EvaluationSplits(maps, labels: labels, seed: seed)
    let (learning, testing) = (
        try Embedder(maps.training, grid: grid, level: maps.training.level, team: team),
        try Embedder(maps.test, grid: grid, level: maps.training.level, team: team)
    )
    func features(_ embedder: Embedder, _ recordings: [Int]) throws -> Matrix {
        try embedder.embeddings(of: recordings, encoder: encoder, isCancelled: isCancelled)
    }
    let banks = EvaluationBanks(maps)
    let test: Matrix
    var result: EvaluationResult
    if let heads, quantities.isEmpty {
        test = try features(testing, splits.test)
        result = try answers(
            of: heads, banks, splits: splits, grid: grid, test: test,
            extras: penalties(of: heads, splits))
    } else {
        let training = try features(learning, splits.training)
        let validation = try features(learning, splits.validation)
        test = try features(testing, splits.test)
        result = try fitHeads(
            banks, splits: splits, grid: grid, quantities: quantities, training: training,
            validation: validation, test: test)
    }
    result.extras["embedding_deviation"] = meanDeviation(test)
    return result
}

/// The heads of a ``linearProbe(_:heads:maps:grid:quantities:labels:seed:team:isCancelled:)``.
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
    let banks = EvaluationBanks(maps)
    return TrackHeads(
        training: banks.examples(splits.training, grid, try features(splits.training)).examples,
        validation: banks.examples(splits.validation, grid, try features(splits.validation))
            .examples, classCount: maps.training.bank.classes.count)
}

/// Ridge and softmax regression on the time-averaged maps, with no encoder at all.
///
/// - Parameters:
///   - quantities: what is asked for beside class and azimuth.
///   - labels: how many clips the heads are fitted to, and their penalties chosen by.
///   - seed: draws these clips; nothing else in it is left to chance.
public func rawProbe(
    _ maps: EvaluationMaps, grid: EvaluationGrid, quantities: [ProbeTarget] = [],
    labels: LabelledClips = .all, seed: UInt64 = 0
) throws -> EvaluationResult {
    let splits = try EvaluationSplits(maps, labels: labels, seed: seed)
    func features(_ maps: FeatureMaps, _ recordings: [Int]) throws -> Matrix {
        let extractor = try FeatureExtractor(maps.settings, microphones: maps.bank.microphones)
        let rows = recordings.flatMap { timeAverages($0, maps, grid: grid, extractor: extractor) }
        return Matrix(
            rows: rows.count, columns: maps.channels * maps.bins, values: rows.flatMap { $0 })
    }
    return try fitHeads(
        EvaluationBanks(maps), splits: splits, grid: grid, quantities: quantities,
        training: features(maps.training, splits.training),
        validation: features(maps.training, splits.validation),
        test: features(maps.test, splits.test))
}

/// What can be said of a recording without looking at it: the same heads, fitted to a feature that is zero
/// everywhere. They say the most frequent class of the training split, the direction of its mean unit
/// vector, and the mean of every quantity.
///
/// - Parameters:
///   - labels: how many clips these are of.
///   - seed: draws these clips; nothing else in it is left to chance.
public func meanProbe(
    _ banks: EvaluationBanks, grid: EvaluationGrid, quantities: [ProbeTarget] = [],
    labels: LabelledClips = .all, seed: UInt64 = 0
) throws -> EvaluationResult {
    let splits = try EvaluationSplits(banks, labels: labels, seed: seed)
    func nothing(_ bank: RecordingBank, _ recordings: [Int]) -> Matrix {
        Matrix(
            zeros: grid.observations(of: recordings, in: bank, features: banks.features).count, 1)
    }
    var result = try fitHeads(
        banks, splits: splits, grid: grid, quantities: quantities,
        training: nothing(banks.training, splits.training),
        validation: nothing(banks.training, splits.validation),
        test: nothing(banks.test, splits.test))
    // Weights of nothing have no penalty to speak of.
    result.extras = [:]
    return result
}

/// The linear probe of embeddings that were made elsewhere, of whole recordings.
///
/// Shape: embeddings [recordings, numbers], those of the training bank, then those of the test's.
///
/// - Parameters:
///   - quantities: what is asked for beside class and azimuth.
///   - labels: how many clips the heads are fitted to, and their penalties chosen by.
///   - seed: draws these clips; nothing else in it is left to chance.
/// - Throws: ``MCSimCLRError/embeddingCount(rows:recordings:)``.
public func embeddingProbe(
    _ embeddings: Matrix, banks: EvaluationBanks, quantities: [ProbeTarget] = [],
    labels: LabelledClips = .all, seed: UInt64 = 0
) throws -> EvaluationResult {
    let splits = try EvaluationSplits(banks, labels: labels, seed: seed)
    let first = banks.training.recordings.count
    let count = first + banks.test.recordings.count
    guard embeddings.rows == count else {
        throw MCSimCLRError.embeddingCount(rows: embeddings.rows, recordings: count)
    }
    // In whatever unit another program has them.
    let scaled = embeddings.withColumnsOfUnitSize()
    var result = try fitHeads(
        banks, splits: splits, grid: EvaluationGrid(patchFrames: 1), quantities: quantities,
        training: scaled.rows(at: splits.training),
        validation: scaled.rows(at: splits.validation),
        test: scaled.rows(at: splits.test.map { first + $0 }))
    result.extras["embedding_deviation"] = meanDeviation(
        embeddings.rows(at: splits.test.map { first + $0 }))
    return result
}

private func fitHeads(
    _ banks: EvaluationBanks, splits: EvaluationSplits, grid: EvaluationGrid,
    quantities: [ProbeTarget], training: Matrix, validation: Matrix, test: Matrix
) throws -> EvaluationResult {
    let bank = banks.training
    let (learnt, examples) = banks.examples(splits.training, grid, training)
    let (checked, checks) = banks.examples(splits.validation, grid, validation)
    let heads = TrackHeads(
        training: examples, validation: checks, classCount: bank.classes.count)
    var extras = penalties(of: heads, splits)

    var said: QuantityAnswers?
    if !quantities.isEmpty {
        func values(
            _ observations: [Observation], _ sources: [[Int]], _ track: Int
        ) throws -> Matrix {
            let rows = try zip(observations, sources).map {
                try bank.quantities(quantities, ofSource: $1[track], of: $0)
            }
            return Matrix(
                rows: rows.count, columns: quantities.count, values: rows.flatMap { $0 })
        }
        let (learntSources, checkedSources) = (
            heads.sources(of: examples), heads.sources(of: checks)
        )
        let tracks = try heads.tracks.indices.map { track in
            let head = QuantityHeads(
                training: .init(
                    features: training, values: try values(learnt, learntSources, track)),
                validation: .init(
                    features: validation, values: try values(checked, checkedSources, track)))
            for (place, target) in quantities.enumerated() {
                note(
                    target.rawValue, track, head.penalties[place], head.edges[place], splits,
                    in: &extras)
            }
            return head(test)
        }
        said = QuantityAnswers(targets: quantities, tracks: tracks)
    }
    return try answers(
        of: heads, banks, splits: splits, grid: grid, test: test, quantities: said, extras: extras)
}

/// What heads say of the split that is judged.
private func answers(
    of heads: TrackHeads, _ banks: EvaluationBanks, splits: EvaluationSplits, grid: EvaluationGrid,
    test: Matrix, quantities: QuantityAnswers? = nil, extras: [String: Double]
) throws -> EvaluationResult {
    EvaluationResult(
        predictions: try banks.test.predictions(
            grid.observations(of: splits.test, in: banks.test, features: banks.features),
            heads(test), quantities: quantities),
        extras: extras, heads: heads)
}

/// Which penalties the validation split has chosen for heads, and in how many rounds their sources were matched.
private func penalties(of heads: TrackHeads, _ splits: EvaluationSplits) -> [String: Double] {
    var extras: [String: Double] = [:]
    for (track, head) in heads.tracks.enumerated() {
        note("class", track, head.classPenalty, head.edges.classes, splits, in: &extras)
        note("direction", track, head.directionPenalty, head.edges.direction, splits, in: &extras)
    }
    if splits.sourceCount > 1 { extras["matching_rounds"] = Double(heads.rounds) }
    return extras
}

private func note(
    _ name: String, _ track: Int, _ penalty: Double, _ edge: PenaltyEdge,
    _ splits: EvaluationSplits, in extras: inout [String: Double]
) {
    let ending = track == 0 ? "" : "_track_\(track + 1)"
    extras["\(name)_penalty\(ending)"] = penalty
    if !splits.validation.isEmpty {
        extras["\(name)_penalty_edge\(ending)"] = Double(edge.rawValue)
    }
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
        for column in 0..<unit.columns { unit[row, column] /= norm > 0 ? norm : 1 }
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
