public import Foundation
public import ResultsStore

extension RunSummary {
    /// The run as the store remembers it; nil for one that computed nothing.
    ///
    /// - Parameter predictedSeconds: what the whole run was expected to take; nil where that is not
    ///   known, or where it was a part of a plan.
    public func record(
        started: Date, workers: Int, predictedSeconds: Double?
    ) -> RunRecord? {
        guard stagesRun + stagesRebuilt > 0 else { return nil }
        return RunRecord(
            started: started.timeIntervalSince1970, workers: workers, seconds: seconds,
            predictedSeconds: predictedSeconds, stagesRun: stagesRun + stagesRebuilt,
            outcome: isCancelled
                ? "cancelled" : trialsFailed + trialsPostponed > 0 ? "failed" : "finished")
    }
}
