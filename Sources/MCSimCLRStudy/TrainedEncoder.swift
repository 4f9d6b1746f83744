import Digests
import Files
import Foundation
package import MCSimCLR
package import ResultsStore
package import Studies
import Sweeps

/// The encoder of a row, as a run left it, with what is known of it.
package struct TrainedEncoder {
    package let sweep: SweepRecord
    package let trial: TrialRecord
    package let stage: StageRecord
    package let checkpoint: EncoderCheckpoint

    /// - Parameters:
    ///   - row: a row's label, also as a keyboard has it.
    ///   - seed: nil for the first one whose encoder is there.
    /// - Throws: `StoreError` for an unknown sweep, `StudiesError` for an unknown row,
    ///   ``BuiltinStudyError/noEncoder(row:sweep:reason:)``, and what is wrong with the file.
    package init(
        row: String, seed: Int?, of sweep: String, in store: StudyStore, _ layout: ResultsLayout
    ) throws {
        let record = try store.store.sweep(sweep)
        let trials = try store.trials(ofRow: row, of: sweep)
        let chosen = trials.filter { seed == nil || $0.seed == seed }
        func missing(_ reason: String) -> BuiltinStudyError {
            .noEncoder(row: trials.first?.label ?? row, sweep: record.name, reason: reason)
        }
        guard !chosen.isEmpty else {
            throw missing(
                "it has no seed \(seed ?? 0); its seeds are "
                    + trials.map { "\($0.seed)" }.joined(separator: ", "))
        }
        for trial in chosen {
            for digest in try store.store.stages(ofTrial: trial.digest) {
                let stage = try store.store.stage(digest)
                let file = layout.checkpoint(digest)
                guard stage.kind == StageKind.pretrain.rawValue,
                    FileManager.default.fileExists(atPath: file.path)
                else { continue }
                (self.sweep, self.trial, self.stage) = (record, trial, stage)
                checkpoint = try EncoderCheckpoint(readingFrom: file, stage: digest)
                return
            }
        }
        throw missing(
            "no file of it is in \(layout.cache.relativePath); run the sweep again: what is missing is made "
                + "anew when it is needed")
    }

    private struct Card: Encodable {
        var sweep: String
        var description: String
        var row: String
        var seed: Int
        var trial: String
        var data: String
        var settings: [String: String]
        var figures: [String: Double]
        var builds: [String]
        var command: String
    }

    /// What a stranger must know of it, as JSON.
    package var card: String {
        get throws {
            try SortedJSON.text(
                of: Card(
                    sweep: sweep.name, description: sweep.facts["description"] ?? "",
                    row: trial.label, seed: trial.seed, trial: trial.digest.description,
                    data: sweep.facts["data"] ?? "",
                    settings: trial.settingValues.mapValues(\.description),
                    figures: trial.metrics, builds: trial.builds,
                    command: sweep.facts["command"] ?? ""))
        }
    }
}
