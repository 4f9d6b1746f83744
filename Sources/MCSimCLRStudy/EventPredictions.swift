package import Analysis
import Foundation
package import MCSimCLR
package import ResultsStore
package import Studies

/// What an evaluation said of each source of its test recordings, from the store.
package struct EventPredictions: StoredPredictions {
    private let predictions: [Prediction]
    package let clusters: [Int]
    package let noun = "clip"

    /// - Parameter groups: of each clip; none where every clip is a group of its own.
    package init(_ predictions: [Prediction], groups: [Int]) {
        self.predictions = predictions
        clusters = Self.clusters(of: predictions, groups: groups)
    }

    /// Nil where the stage left none.
    init?(of stage: StageRecord, in sweep: SweepRecord) {
        guard let list = Self.list(of: stage) else { return nil }
        self.init(list, groups: EventFacts(sweep.facts).clipGroups)
    }

    /// Nil where there are none.
    static func list(of stage: StageRecord) -> [Prediction]? {
        guard let text = stage.details["\(stage.kind)_predictions"],
            let list = try? JSONDecoder().decode([Prediction].self, from: Data(text.utf8)),
            !list.isEmpty
        else { return nil }
        return list
    }

    package var count: Int { predictions.count }

    package var items: [Int] { predictions.map(\.clip) }

    package func value(of figure: String) -> Double? {
        EventFigure.all.first { $0.name == figure }?.value(of: predictions)
    }

    package func interval(of figure: String) -> ConfidenceInterval? {
        switch EventFigure.all.first(where: { $0.name == figure })?.statistic {
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
