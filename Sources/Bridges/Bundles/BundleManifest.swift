import Digests
import Foundation
import ResultsStore
package import Studies
package import Sweeps

/// `bundle.json`: what a bundle holds and what was computed.
package struct BundleManifest: Codable, Sendable {
    package struct Trial: Codable, Sendable {
        package var row: Int
        package var label: String
        package var seed: Int
        package var digest: String
        package var status: String
        package var reason: String?
        /// Complete, resolved.
        package var settings: [String: SettingValue]
        package var metrics: [String: Double]
        /// Units: seconds.
        package var seconds: Double
        package var builds: [String]
    }

    struct Data: Codable {
        var name: String
        var digest: String
        var settings: [String: SettingValue]
        var notes: [String]
        /// Files of the bundle; none in bundles of before.
        var licences: [String]?
        /// Where the recordings are in the bundle; nil where it has none.
        var recordings: String?
    }

    struct Fact: Codable {
        var name: String
        var value: String
    }

    struct File: Codable, Equatable {
        var bytes: Int
        var digest: String
    }

    static let name = "bundle.json"
    /// The file in its folder, with what it names beside it.
    static let sweepFile = "sweep/sweep.yaml"
    static let format = 1

    var format = Self.format
    package var sweep: String
    var description: String
    var study: String
    /// Of the program that made the bundle.
    var program: String
    /// What ran the sweep.
    var command: String
    var overrides: [String]
    /// Of an open plan.
    var mostSeeds: Int?
    var isTuned: Bool
    var data: Data
    package var builds: [String]
    /// Commits, core-hours, energy, in words; none in bundles of before.
    var provenance: [Fact]?
    /// Of the sweep file when its last run began; nil where that lay in none, and in bundles of before.
    package var repository: RepositoryState?
    package var trials: [Trial]
    /// By path, all but this one.
    var files: [String: File] = [:]

    init(_ sweep: SweepRecord, trials: [TrialRecord], study: any Study, program: String) {
        let facts = sweep.facts
        self.sweep = sweep.revision.reference.name
        description = facts["description"] ?? ""
        self.study = study.name
        self.program = program
        command = facts["command"] ?? ""
        let words = ShellWord.words(command)
        overrides = Self.values(of: "-S", in: words)
        mostSeeds = Self.values(of: "--max-seeds", in: words).last.flatMap { Int($0) }
        isTuned = facts["tuning"] != nil
        data = Data(
            name: facts["data"] ?? "", digest: facts["data_digest"] ?? "",
            settings: Self.map(facts["data_settings"] ?? ""), notes: [])
        builds = Set(trials.flatMap(\.builds)).sorted()
        self.trials = trials.map { trial in
            Trial(
                row: trial.row, label: trial.label, seed: trial.seed,
                digest: trial.digest.description, status: trial.status.rawValue,
                reason: trial.reason, settings: Self.map(trial.settings), metrics: trial.metrics,
                seconds: trial.seconds, builds: trial.builds)
        }
    }

    private static func values(of option: String, in words: [String]) -> [String] {
        zip(words, words.dropFirst()).filter { $0.0 == option }.map(\.1)
    }

    private static func map(_ json: String) -> [String: SettingValue] {
        (try? JSONDecoder().decode([String: SettingValue].self, from: Foundation.Data(json.utf8)))
            ?? [:]
    }

    /// The labels of the rows, in order.
    package var rows: [String] {
        var seen: Set<String> = []
        return trials.map(\.label).filter { seen.insert($0).inserted }
    }

    /// What the name of the sweep and `overrides` make of the bundle's file, with data elsewhere.
    func overrides(data path: String?) -> [String] {
        guard let path else { return overrides }
        let absolute = URL(fileURLWithPath: path).standardizedFileURL.path
        return overrides.filter { !$0.hasPrefix("data.path=") }
            + ["data.path=" + SettingValue.text(absolute).canonicalJSON]
    }

    /// Whether anything lies beside the sweep file.
    var hasPrograms: Bool {
        files.keys.contains { $0.hasPrefix("sweep/") && $0 != Self.sweepFile }
    }

    // MARK: Contradictions

    /// What no store says: a trial twice, a label for two rows.
    var contradiction: String? {
        var labels: [Int: String] = [:]
        var rows: [String: Int] = [:]
        var digests: Set<String> = []
        var seeds: Set<[Int]> = []
        for trial in trials {
            let label = labels.updateValue(trial.label, forKey: trial.row) ?? trial.label
            let row = rows.updateValue(trial.row, forKey: trial.label) ?? trial.row
            guard label == trial.label, row == trial.row else {
                return
                    "its row \(trial.row) is '\(trial.label)' in one trial and another in the next"
            }
            guard seeds.insert([trial.row, trial.seed]).inserted else {
                return "it has the trial of '\(trial.label)' with seed \(trial.seed) twice"
            }
            guard digests.insert(trial.digest).inserted else {
                return "it has the trial \(trial.digest) twice"
            }
        }
        return nil
    }

    /// Where its trials are not those that its own sweep file makes. Another version may name a trial by another
    /// digest; what has a digest of this one is that trial, and no other.
    func contradiction(to registration: SweepRegistration) -> String? {
        let labels = Dictionary(
            registration.rows.map { ($0.index, $0.label) }, uniquingKeysWith: { first, _ in first })
        let known = Dictionary(
            registration.trials.map { ($0.id.description, $0) },
            uniquingKeysWith: { first, _ in first })
        for trial in trials {
            guard let own = known[trial.digest] else { continue }
            guard labels[own.row] == trial.label, own.seed == trial.seed else {
                return
                    "it calls '\(trial.label)', seed \(trial.seed), what its sweep file makes "
                    + "'\(labels[own.row] ?? "")', seed \(own.seed)"
            }
        }
        return nil
    }

    // MARK: Files

    static func file(_ content: Foundation.Data) -> File {
        File(
            bytes: content.count,
            digest: content.withUnsafeBytes { Digest(of: $0) }.description)
    }
}
