public import Reports
import ResultsStore

/// Known ways of failing that a sweep's configurations show.
public enum SweepFindings {
    /// Throws: `StoreError` for an unknown sweep.
    public static func make(
        _ sweep: String, from store: StudyStore
    ) throws -> [ReportDocument.Finding] {
        let sweep = try store.sweep(sweep)
        return sweep.study.findings(
            sweep.record, trials: try sweep.store.trials(of: sweep.record.name))
    }
}
