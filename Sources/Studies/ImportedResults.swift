import Reports
import ResultsStore

/// Results that no stage of ours has computed, and that came in from a file: they say so wherever a build is named.
package enum ImportedResults {
    private static let start = "imported from "
    /// What stands where the build of a stage does.
    package static func build(file: String, digest: String) -> String {
        start + "\(file) (\(digest))"
    }

    /// What computed a trial, in words; or where it came from.
    static func words(_ builds: [String]) -> String {
        (builds.contains { !$0.hasPrefix(start) } ? "computed by " : "")
            + builds.joined(separator: "; ")
    }

    /// Whether nothing of a trial was computed here: nobody has measured its time and memory.
    static func isImported(_ trial: TrialRecord) -> Bool {
        !trial.builds.isEmpty && trial.builds.allSatisfy { $0.hasPrefix(start) }
    }

    /// A sentence for each file that rows of a table come from.
    static func notes(on trials: [TrialRecord]) -> [String] {
        rows(of: trials).sorted { $0.key < $1.key }.map { build, labels in
            return "Not computed here but \(build): " + RowNames.text(labels)
                + ". That equal seeds make pairs is taken from that file."
        }
    }

    /// Says of the rows of a table, in formats without notes too, which came from a file.
    static func mark(_ table: inout Table, _ trials: [TrialRecord]) {
        let rows = rows(of: trials).sorted { $0.key < $1.key }
        let origins = Dictionary(
            rows.flatMap { build, labels in labels.map { ($0, build) } },
            uniquingKeysWith: { first, _ in first })
        for index in table.rows.indices {
            let row = table.rows[index]
            let versus = row.versus.flatMap { name in
                name == row.label ? nil : origins[name].map { "its baseline \($0)" }
            }
            let parts = [origins[row.label], versus].compactMap { $0 }
            if !parts.isEmpty { table.rows[index].origin = parts.joined(separator: "; ") }
        }
        for note in notes(on: trials) where !table.notes.contains(note) { table.notes.append(note) }
    }

    /// The labels of rows by what stands where their build does.
    private static func rows(of trials: [TrialRecord]) -> [String: [String]] {
        var rows: [String: [String]] = [:]
        var seen: [String: Set<String>] = [:]
        for trial in trials {
            for build in trial.builds where build.hasPrefix(start) {
                if seen[build, default: []].insert(trial.label).inserted {
                    rows[build, default: []].append(trial.label)
                }
            }
        }
        return rows
    }
}
