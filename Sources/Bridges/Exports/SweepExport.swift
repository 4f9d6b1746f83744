import Foundation
import Reports
package import Studies

/// A sweep in a form that another program opens; written again, it becomes what the sweep has become.
package struct SweepExport: Sendable {
    package var sweep: String
    package var form: ExportForm
    /// The folder; the file of a journal.
    package var output: String
    /// What a study of Optuna is judged by; empty for all figures that have a direction.
    package var objectives: [String]

    package init(
        _ sweep: String, to form: ExportForm, output: String, objectives: [String] = []
    ) {
        self.sweep = sweep
        self.form = form
        self.output = output
        self.objectives = objectives
    }

    /// Writes what is new.
    ///
    /// - Parameter drawsFigures: whether the figures of the report are drawn, where the form has images.
    /// - Throws: ``BridgesError``, `StoreError`.
    package func write(
        from store: StudyStore, drawsFigures: Bool = true
    ) throws -> (state: ExportedSweep, summary: ExportSummary) {
        let state = try ExportedSweep(sweep, from: store)
        let url = URL(fileURLWithPath: output)
        func folder() throws -> ExportFolder { try ExportFolder(url, of: state, as: form) }
        let summary =
            switch form {
            case .csv: try FlatTables.write(state, to: folder())
            case .tensorboard:
                try TensorBoardExport.write(
                    state, to: folder(),
                    figures: drawsFigures ? SweepFigures(sweep, from: store).all : [])
            case .optuna: try OptunaExport(state, objectives: objectives).write(to: output)
            case .mlflow: try MLflowExport.write(state, to: folder())
            }
        return (state, summary)
    }
}
