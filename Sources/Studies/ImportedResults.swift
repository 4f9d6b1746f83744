import ResultsStore

/// Results that no stage of ours has computed, and that came in from a file: they say so wherever a build is named.
package enum ImportedResults {
    private static let start = "imported from "

    /// What stands where the build of a stage does.
    package static func build(file: String, digest: String) -> String {
        start + "\(file) (\(digest))"
    }

    /// A sentence for each file that rows of a table come from.
    static func notes(on trials: [TrialRecord]) -> [String] {
        var rows: [String: [String]] = [:]
        for trial in trials {
            for build in trial.builds where build.hasPrefix(start) {
                if rows[build]?.contains(trial.label) != true {
                    rows[build, default: []].append(trial.label)
                }
            }
        }
        return rows.sorted { $0.key < $1.key }.map { build, labels in
            "Not computed here but \(build): " + labels.map { "“\($0)”" }.joined(separator: ", ")
                + ". That equal seeds make pairs is taken from that file."
        }
    }
}
