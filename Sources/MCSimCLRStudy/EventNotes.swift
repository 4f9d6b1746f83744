import Acoustics
import MCSimCLR
import ResultsStore
import SoundData
import Studies
import Sweeps

/// What a reader must know of the rows and columns of a table of sound events.
enum EventNotes {
    /// - Parameter knowsArray: false where the array is that of a file.
    static func make(
        on trials: [TrialRecord], evaluations: Set<String>, figures: [String], knowsArray: Bool
    ) -> [String] {
        evaluationNotes(evaluations, figures, trials)
            + quantityNotes(trials, figures, knowsArray: knowsArray) + sceneNotes(trials)
    }

    private static func evaluationNotes(
        _ evaluation: Set<String>, _ metrics: [String], _ trials: [TrialRecord]
    ) -> [String] {
        var notes: [String] = []
        if metrics.contains("error") {
            let isOnValidation = evaluation.allSatisfy {
                StageKind(rawValue: $0)?.isOnValidation == true
            }
            notes.append(
                "error: mean absolute azimuth error on the \(isOnValidation ? "validation" : "test") "
                    + "split, wrapped to 0-180 degrees")
        }
        if evaluation.contains("mean") {
            notes.append(
                "training mean: the most frequent class of the training split and the mean of all else, "
                    + "whatever is heard; " + chance(trials))
        }
        if evaluation.contains("raw") {
            notes.append(
                "raw features: ridge and softmax regression on time-averaged maps, no encoder; "
                    + chance(trials))
        }
        if evaluation.contains("random") {
            notes.append(
                "random encoder: initial weights, BatchNorm statistics calibrated on the training "
                    + "split")
        }
        return notes
    }

    /// What the seeds of a probe without a network are.
    private static func chance(_ trials: [TrialRecord]) -> String {
        let labels = StageKind.allLabels
        let hasFew = trials.contains { trial in
            let settings = trial.settingValues
            return !labels.applies(labels.keys.map { settings[$0] ?? .null })
        }
        return
            "it involves no chance, so one run stands for all seeds"
            + (hasFew ? "; of few labels each seed has its own" : "")
    }

    /// What the errors of quantities are errors of.
    private static func quantityNotes(
        _ trials: [TrialRecord], _ figures: [String], knowsArray: Bool
    ) -> [String] {
        let shown = EventFigure.all.filter { figures.contains($0.name) }.compactMap(\.target)
        var notes: [String] = []
        if !shown.isEmpty {
            notes.append(
                "\(shown.map(\.rawValue).joined(separator: ", ")): mean absolute error of ridge regression "
                    + "to the same features")
        }
        let isFlat = Dictionary(grouping: trials, by: \.row).values.contains { row in
            row.first.map {
                TrialSettings(TrialSchema.schema.completeTrial($0.settingValues))
                    .bank.array.isHorizontal
            } ?? false
        }
        if shown.contains(.elevation), !knowsArray {
            notes.append(
                "elevation error: where the microphones of the rooms' file are at one height, of the absolute "
                    + "elevation, since these cannot tell up from down")
        } else if shown.contains(.elevation), isFlat {
            notes.append(
                "elevation error: of the absolute elevation, since microphones at one height cannot "
                    + "tell up from down")
        }
        if shown.contains(where: { $0 == .volume || $0 == .aspect }) {
            notes.append(
                "doublings: logarithms to base 2 of the room's volume, and of its longer side over "
                    + "the shorter; an error of 1 is a factor of two")
        }
        return notes
    }

    /// How rows with several sources, or with patches judged by themselves, come by their figures.
    private static func sceneNotes(_ trials: [TrialRecord]) -> [String] {
        let rows = Dictionary(grouping: trials, by: \.row).values
            .compactMap(\.first?.settingValues)
        var notes: [String] = []
        if rows.contains(where: { ($0["overlap"]?.integer ?? 1) > 1 }) {
            notes.append(
                "overlapping sources: tracks are matched to sources by least angle / 180 degrees + 1 "
                    + "where the class differs; accuracy and error are means over sources")
        }
        let patches = rows.count { row in
            row["evaluation_unit"]?.text == "patch"
                || !["still", nil].contains(row["source_motion"]?.text)
        }
        if patches > 0 {
            notes.append(
                (patches == rows.count ? "" : "moving sources, and where asked for: ")
                    + "each patch is judged by itself, by the direction at its centre")
        }
        return notes
    }
}
