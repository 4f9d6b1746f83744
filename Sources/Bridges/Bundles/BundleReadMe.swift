import Platform
import Sweeps

/// The page that says what is in a bundle.
enum BundleReadMe {
    static func text(
        _ manifest: BundleManifest, models: [String], hasPrograms: Bool, notes: [String]
    ) -> String {
        let program = ProgramName.current
        let finished = manifest.trials.count { $0.status == "finished" }
        var lines = [
            "# \(manifest.sweep)", "", manifest.description, "",
            "\(finished) of \(Count.text(manifest.trials.count, "trial")) \(Count.word(manifest.trials.count, "is", "are")) finished. Made by \(manifest.program); the "
                + "results were computed by:", "",
        ]
        lines += manifest.builds.map { "- \($0)" }
        lines += (manifest.provenance ?? []).map { "- \($0.name): \($0.value)" }
        lines += [
            "", "Run as: `\(manifest.command)`", "",
            "| file | what |", "|---|---|",
            "| `table.md`, `.tex`, `.csv`, `.json` | the comparison table |",
            "| `report.html`, `report.md`, `figures/` | the report: open it in a browser |",
            "| `trials.csv`, `curves.csv` | a line a trial; a line a point of a curve |",
            "| `bundle.json` | every trial with its complete settings and figures; size and digest (XXH3) of "
                + "each file here, which find damage and no forgery |",
            "| `sweep/` | the sweep file\(hasPrograms ? ", and what it names beside it" : "") |",
            "| `logs/` | the logs of the stages that have left one |",
        ]
        if !models.isEmpty {
            lines.append(
                "| `encoders/` | \(models.map { "`\($0)`" }.joined(separator: ", ")): safetensors, each with its "
                    + "model card in its metadata |")
        }
        lines += [
            "", "## Data", "",
            "\(manifest.data.name.isEmpty ? "None but the programs' own" : manifest.data.name); digest "
                + "`\(manifest.data.digest)`. "
                + (manifest.data.recordings.map { "The recordings are here: `\($0)`. " }
                    ?? "No recording is in this bundle: whoever runs it again needs the data, under their own "
                    + "licences. ") + "\(program) checks them by their digest.",
        ]
        lines += licences(of: manifest.data)
        lines += manifest.data.notes.map { "- \($0)" }
        if manifest.study == "command", !hasPrograms {
            lines += ["", "The programs that the sweep runs are not in this bundle."]
        }
        if !notes.isEmpty { lines += [""] + notes.map { "- \($0)" } }
        lines += ["", "## To run it again", ""]
        if manifest.isTuned {
            lines += [
                "The rows were tuned, and what they chose follows from a run of the whole: run `sweep/`'s file.",
                "",
            ]
        } else {
            lines += [
                "    \(program) reproduce BUNDLE -o FOLDER"
                    + (manifest.study == "command" ? " --run-programs" : ""), "",
                "computes the trials anew and compares every figure: equal, within the noise of seeds, or different.",
                "",
            ]
        }
        return lines.joined(separator: "\n")
    }

    private static func licences(of data: BundleManifest.Data) -> [String] {
        guard data.settings["path"]?.text?.isEmpty == false else { return [] }
        let files = data.licences ?? []
        return [
            "",
            files.isEmpty
                ? "No licence lies beside the data: ask those who have published them."
                : "Their licences: \(files.map { "`\($0)`" }.joined(separator: ", ")).", "",
        ]
    }
}
