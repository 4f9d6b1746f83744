import Foundation
import Platform
public import ResultsStore
import Sweeps

/// In what two plans of one sweep differ, in words.
public struct PlanChange: Sendable, Hashable {
    /// What is otherwise, as "seeds 0, 1, 2 (were 0, 1)"; never empty.
    public var differences: [String]
    /// What is other about the later plan's data, as "35 clips, not 36"; nil where they are the same,
    /// under whatever path.
    public var dataDifference: String?
    /// Trials that both plans have: what either computed counts for both.
    public var commonTrials: Int
    /// All trials of the earlier plan.
    public var earlierTrials: Int
    /// Whether the later plan has trials that the earlier one has not.
    public var hasMoreTrials: Bool

    /// Every trial of the earlier plan is one of the later plan.
    public var isExtension: Bool { commonTrials == earlierTrials }

    /// How many differing settings are named one by one.
    private static let listedAtMost = 4

    /// - Throws: `StoreError` for an unknown sweep.
    public init(from earlier: String, to later: String, in store: ResultsStore) throws {
        let plans = (try Side(earlier, store), try Side(later, store))
        commonTrials = try store.commonTrials(of: earlier, later)
        earlierTrials = plans.0.trials.count
        hasMoreTrials = plans.1.trials.count > commonTrials
        dataDifference = Self.data(plans.0.record.facts, plans.1.record.facts)
        differences = Self.differences(plans.0, plans.1, data: dataDifference)
    }

    /// A plan as it is compared.
    private struct Side {
        let record: SweepRecord
        let trials: [TrialRecord]

        init(_ sweep: String, _ store: ResultsStore) throws {
            record = try store.sweep(sweep)
            trials = try store.trials(of: sweep)
        }

        var seeds: [Int] { Set(trials.map(\.seed)).sorted() }
        var rows: Set<String> { Set(trials.map(\.settings)) }
        var baseline: [String] {
            Set(trials.lazy.filter(\.isBaseline).map(\.label)).sorted()
        }

        /// The values that each setting takes in the plan's rows.
        var values: [String: Set<String>] {
            var seen: Set<Int> = []
            var values: [String: Set<String>] = [:]
            for trial in trials where seen.insert(trial.row).inserted {
                for (key, value) in trial.settingValues {
                    values[key, default: []].insert(value.description)
                }
            }
            return values
        }
    }

    private static func differences(
        _ earlier: Side, _ later: Side, data: String?
    ) -> [String] {
        let files = inputs(earlier.record.facts, later.record.facts)
        var found =
            files.map { ["other inputs (\($0))"] } ?? data.map { ["other data (\($0))"] } ?? []
        func compare(_ what: String, _ before: [String], _ after: [String]) {
            if before != after { found.append(words(what, before, after)) }
        }
        found += settings(earlier.values, later.values)
        compare("seeds", earlier.seeds.map(String.init), later.seeds.map(String.init))
        compare(
            "evaluation", earlier.record.evaluations.sorted(),
            later.record.evaluations.sorted())
        compare("baseline", earlier.baseline, later.baseline)
        if found.isEmpty, earlier.rows != later.rows {
            found += unknownSettings(earlier.values, later.values)
        }
        if found.isEmpty, earlier.rows != later.rows {
            found.append(
                "\(Count.text(later.rows.count, "configuration")) (were \(earlier.rows.count))")
        }
        return found.isEmpty ? ["computed anew by this version of the program"] : found
    }

    private static func settings(
        _ before: [String: Set<String>], _ after: [String: Set<String>]
    ) -> [String] {
        // A setting that one of the versions does not know is no choice of the user's.
        let changed = before.keys.filter { after[$0] != nil && after[$0] != before[$0] }.sorted()
        let named = changed.prefix(listedAtMost).map { key in
            words(key, (before[key] ?? []).sorted(), (after[key] ?? []).sorted())
        }
        let rest = changed.count - named.count
        return named + (rest > 0 ? ["\(rest) more settings"] : [])
    }

    /// Settings that one of the plans has nothing of: its version did not know them, or they came later
    /// and changed nothing.
    private static func unknownSettings(
        _ before: [String: Set<String>], _ after: [String: Set<String>]
    ) -> [String] {
        let come = after.keys.filter { before[$0] == nil }.sorted().map { key in
            "\(key) \(list((after[key] ?? []).sorted())) (was not said)"
        }
        let gone = before.keys.filter { after[$0] == nil }.sorted().map { key in
            "\(key) no more said (was \(list((before[key] ?? []).sorted())))"
        }
        return Array((come + gone).prefix(listedAtMost))
    }

    private static func data(_ before: [String: String], _ after: [String: String]) -> String? {
        guard before["data_digest"] != after["data_digest"] else { return nil }
        let settings = (dataSettings(before), dataSettings(after))
        let names = (before["data"] ?? "unknown", after["data"] ?? "unknown")
        if settings.0["source"] != settings.1["source"], names.0 != names.1 {
            return "\(names.1), not \(names.0)"
        }
        let clips = (before["clips"] ?? "?", after["clips"] ?? "?")
        if clips.0 != clips.1 { return "\(clips.1) clips, not \(clips.0)" }
        // Where the data lie says nothing about them.
        let changed = settings.1.keys.sorted().compactMap { key -> String? in
            guard let was = settings.0[key], let value = settings.1[key], was != value,
                key != "path"
            else { return nil }
            return "\(key) \(value), not \(was)"
        }
        if changed.isEmpty, let files = inputs(before, after) { return files }
        return changed.isEmpty ? "other contents" : changed.joined(separator: "; ")
    }

    /// The fact that holds what each input file held, as JSON.
    package static let inputs = "inputs"

    /// Files that hold something else, that came or went; nil where nobody kept what they held.
    package static func inputs(_ before: [String: String], _ after: [String: String]) -> String? {
        func files(_ facts: [String: String]) -> [String: String]? {
            facts[inputs].flatMap {
                try? JSONDecoder().decode([String: String].self, from: Data($0.utf8))
            }
        }
        guard let was = files(before), let now = files(after) else { return nil }
        let names = Set(was.keys).union(now.keys).filter { was[$0] != now[$0] }.sorted()
        return names.isEmpty ? nil : "changed: \(list(names))"
    }

    /// As texts; none where an earlier version registered the plan.
    private static func dataSettings(_ facts: [String: String]) -> [String: String] {
        let text = Data((facts["data_settings"] ?? "{}").utf8)
        let values = try? JSONDecoder().decode([String: SettingValue].self, from: text)
        return (values ?? [:]).mapValues(\.description)
    }

    private static func words(_ what: String, _ before: [String], _ after: [String]) -> String {
        let verb = before.count == 1 ? "was" : "were"
        return "\(what) \(list(after)) (\(verb) \(list(before)))"
    }

    private static func list(_ values: [String]) -> String {
        if values.isEmpty { return "none" }
        let shown = values.prefix(8).joined(separator: ", ")
        return values.count > 8 ? "\(shown), ... (\(values.count))" : shown
    }
}
