package import Analysis
package import MCSimCLR
package import ResultsStore
import Studies

/// What an evaluation said of each source of its test recordings, from the store.
package struct EventPredictions: StoredPredictions {
    package let predictions: [Prediction]
    package let clusters: [Int]
    package let noun = "clip"

    /// - Parameter groups: of each clip; none where every clip is a group of its own.
    package init(_ predictions: [Prediction], groups: [Int]) {
        self.predictions = predictions
        clusters = Self.clusters(of: predictions, groups: groups)
    }

    /// No data set has more classes.
    private static let mostClasses = 10_000

    /// Nil where the stage left none.
    ///
    /// - Parameter facts: what the store keeps of the sweep.
    /// - Throws: `DamagedPredictions` for what no evaluation writes: what comes from a file is no index
    /// before it was looked at.
    package init?(of stage: StageRecord, facts: [String: String]) throws {
        guard let text = stage.details["\(stage.kind)_predictions"] else { return nil }
        guard let list = PackedPredictions.predictions(in: text) else {
            throw DamagedPredictions("cannot be read")
        }
        guard !list.isEmpty else { return nil }
        let facts = EventFacts(facts)
        let labels = 0..<(facts.classNames.isEmpty ? Self.mostClasses : facts.classNames.count)
        for prediction in list {
            for label in [prediction.label, prediction.predictedLabel]
            where !labels.contains(label) {
                throw DamagedPredictions("name class \(label) of \(labels.count)")
            }
            guard prediction.azimuth.isFinite, prediction.predictedAzimuth.isFinite,
                prediction.clip >= 0, prediction.recording >= 0,
                (prediction.quantities ?? []).allSatisfy({
                    $0.truth.isFinite && $0.predicted.isFinite
                })
            else { throw DamagedPredictions("have a direction or a number that is none") }
        }
        self.init(list, groups: facts.clipGroups)
    }

    package var count: Int { predictions.count }

    package var items: [Int] { predictions.map(\.clip) }

    package func value(of figure: String) -> Double? {
        self.figure(figure)?.value(of: predictions)
    }

    /// Nil where the predictions lack what it is computed from.
    private func figure(_ name: String) -> EventFigure? {
        EventFigure.all.first { $0.name == name && $0.applies(to: predictions) }
    }

    package func interval(of figure: String) -> ConfidenceInterval? {
        switch self.figure(figure)?.statistic {
        case .share(let isRight):
            ClusteredInterval.share(of: predictions.map(isRight), clusters: clusters)?
                .scaled(by: 100)
        case .mean(let value):
            ClusteredInterval.mean(of: predictions.map(value), clusters: clusters)
        case .median(let value):
            ClusteredInterval.median(of: predictions.map(value), clusters: clusters)
        case nil: nil
        }
    }

    package func itemValues(of figure: String) -> [Double]? {
        switch self.figure(figure)?.statistic {
        case .share(let isRight): predictions.map { isRight($0) ? 100 : 0 }
        case .mean(let value): predictions.map(value)
        case .median, nil: nil
        }
    }

    /// The group of each prediction's clip; without groups, the clip. Several predictions of one
    /// recording stay together, with the first one's clip.
    package static func clusters(of predictions: [Prediction], groups: [Int]) -> [Int] {
        var clips: [Int: Int] = [:]
        return predictions.map { prediction in
            let clip = clips[prediction.recording] ?? prediction.clip
            clips[prediction.recording] = clip
            return groups.indices.contains(clip) ? groups[clip] : clip
        }
    }
}
