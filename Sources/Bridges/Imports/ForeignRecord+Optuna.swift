import Files
import Foundation
import Sweeps

extension ForeignRecord {
    /// The complete trials of a study in a journal of Optuna; the seed is a parameter or a user attribute
    /// called `seed`.
    ///
    /// - Parameter name: of the study; nil for the only one.
    /// - Throws: ``ImportError``, ``BridgesError/notAJournal(path:line:)``.
    static func records(ofJournal path: String, study name: String?) throws -> Reading {
        let journal = try JournalReading(try content(of: path), path: path)
        let chosen = journal.studies.filter { name == nil || $0.value.name == name }
        guard let (number, study) = chosen.first, chosen.count == 1 else {
            throw ImportError.noStudy(
                path: path, wanted: name, studies: journal.studies.values.map(\.name).sorted())
        }
        guard let figures = study.metricNames else {
            throw ImportError.unnamedObjectives(
                path: path, study: study.name, count: study.objectives)
        }
        let all = journal.results.filter { $0.study == number }
        let trials = all.filter(\.isComplete)
        let records = trials.map { trial in
            ForeignRecord(
                place: "\(path), trial \(trial.number)",
                values: trial.parameters, others: trial.parameters,
                seed: trial.parameters["seed"] ?? trial.attributes["seed"],
                figures: Dictionary(
                    zip(figures, trial.values.map { "\($0)" }),
                    uniquingKeysWith: { first, _ in first }))
        }
        let others = all.count - trials.count
        return Reading(
            records: records,
            remarks: others == 0
                ? [] : ["\(others) of \(all.count) trials are left out, which are not complete"])
    }
}
