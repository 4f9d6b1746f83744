/// The forms in which a sweep's results leave for other programs.
package enum ExportForm: String, Sendable, CaseIterable {
    /// A folder with tables of comma-separated values.
    case csv
    /// A folder of event files.
    case tensorboard
    /// A journal file.
    case optuna
    /// A folder with the bodies of requests, and the script that posts them.
    case mlflow
}

/// What an export has done.
package struct ExportSummary: Sendable {
    /// Trials that were written for the first time or anew.
    package var written = 0
    /// What the reader must know, a sentence each.
    package var remarks: [String] = []
}
