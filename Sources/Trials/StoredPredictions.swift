import Digests
import Foundation
package import MCSimCLR
package import ResultsStore

/// The predictions that a stage has left in the store, checked: what comes from a file is no index
/// before.
package enum StoredPredictions {
    /// No data set has more classes.
    private static let mostClasses = 10_000

    /// None where the stage left none.
    ///
    /// - Parameter classes: how many there are; 0 where the store does not say.
    /// Throws: `StoreError.damaged` for what no evaluation writes.
    package static func read(
        _ stage: StageRecord, kind: String, classes: Int, of store: ResultsStore
    ) throws -> [Prediction] {
        guard let text = stage.details["\(kind)_predictions"] else { return [] }
        func damage(_ detail: String) -> StoreError {
            .damaged(
                path: store.path,
                detail: "the predictions of stage \(stage.title) (\(stage.digest.short)) \(detail)")
        }
        let predictions: [Prediction]
        do {
            predictions = try JSONDecoder().decode([Prediction].self, from: Data(text.utf8))
        } catch {
            throw damage("cannot be read")
        }
        let labels = 0..<(classes > 0 ? classes : mostClasses)
        for prediction in predictions {
            for label in [prediction.label, prediction.predictedLabel]
            where !labels.contains(label) {
                throw damage("name class \(label) of \(labels.count)")
            }
            guard prediction.azimuth.isFinite, prediction.predictedAzimuth.isFinite,
                prediction.clip >= 0, prediction.recording >= 0
            else { throw damage("have a direction or a number that is none") }
        }
        return predictions
    }
}
