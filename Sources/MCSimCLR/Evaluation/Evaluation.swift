public import AudioFeatures
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

/// The recordings that heads are fitted to and judged by, whatever their features are.
public struct EvaluationBanks: Sendable {
    public let training: RecordingBank
    public let test: RecordingBank
    /// The split that is judged.
    public let judged: Split
    /// Of the maps that patches are of.
    public let features: FeatureSettings

    /// - Parameter test: of the split ``Split/test``.
    public init(training: RecordingBank, test: RecordingBank, features: FeatureSettings) {
        self.training = training
        self.test = test
        self.features = features
        judged = .test
    }

    init(_ maps: EvaluationMaps) {
        training = maps.training.bank
        test = maps.test.bank
        features = maps.training.settings
        judged = maps.judged
    }

    /// What is learnt of recordings of the training bank, and of which observations.
    func examples(
        _ recordings: [Int], _ grid: EvaluationGrid, _ features: Matrix
    ) -> (observations: [Observation], examples: TrackHeads.Examples) {
        let observations = grid.observations(
            of: recordings, in: training, features: self.features)
        return (observations, training.examples(observations, features: features))
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
    ) throws { try self.init(EvaluationBanks(maps), labels: labels, seed: seed) }

    init(
        _ banks: EvaluationBanks, labels: LabelledClips = .all, seed: UInt64 = 0
    ) throws {
        let bank = banks.training
        let all = bank.indices(for: .training)
        training = labels.training(all, of: bank, seed: seed)
        validation = labels.validation(
            bank.indices(for: .validation), training: all, of: bank, seed: seed)
        test = banks.test.indices(for: banks.judged)
        if training.isEmpty { throw MCSimCLRError.noRecordings(split: "training") }
        if test.isEmpty { throw MCSimCLRError.noRecordings(split: banks.judged.rawValue) }
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
    ///
    /// - Parameter quantities: what each track says of ``QuantityAnswers/targets``.
    func predictions(
        _ observations: [Observation], _ answers: [[SourceFacts]],
        quantities: QuantityAnswers? = nil
    ) throws -> [Prediction] {
        try zip(observations, answers).enumerated().flatMap { number, pair in
            let (observation, tracks) = pair
            let sources = observation.sources(in: self)
            return try SourceMatching.tracks(of: sources, among: tracks).enumerated()
                .map { source, track in
                    Prediction(
                        recording: observation.recording,
                        clip: recordings[observation.recording].sources[source].clip,
                        label: sources[source].label, predictedLabel: tracks[track].label,
                        azimuth: sources[source].azimuth, predictedAzimuth: tracks[track].azimuth,
                        source: sources.count > 1 ? source : nil, patch: observation.patch,
                        quantities: try quantities.map { answers in
                            try zip(
                                answers.targets,
                                self.quantities(answers.targets, ofSource: source, of: observation)
                            ).enumerated().map { place, known in
                                Prediction.Estimate(
                                    known.0, truth: known.1,
                                    predicted: answers.tracks[track][number, place])
                            }
                        })
                }
        }
    }

    /// Throws: ``MCSimCLRError/quantityUnknown(_:)`` for one that the bank does not know.
    func quantities(
        _ targets: [ProbeTarget], ofSource source: Int, of observation: Observation
    ) throws -> [Double] {
        try targets.map { target in
            let value = quantity(
                target, ofSource: source, of: observation.recording, at: observation.seconds)
            guard let value else { throw MCSimCLRError.quantityUnknown(target) }
            return value
        }
    }
}

/// What the tracks of a probe say of quantities.
struct QuantityAnswers {
    var targets: [ProbeTarget]
    /// Of each track. Shape: [observations, targets].
    var tracks: [Matrix]
}
