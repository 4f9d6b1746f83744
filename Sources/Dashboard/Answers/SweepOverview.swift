import Foundation
import Reports
import ResultsStore
import Studies

/// A sweep at a glance: where it stands, what it is, what ran when.
struct SweepOverview: Encodable {
    struct Plan: Encodable {
        var name: String
        var number: Int
        var isInView: Bool
        var counts: TrialCounts
        /// Units: seconds since 1970.
        var registered: Double?
    }

    struct Run: Encodable {
        var started: Double
        var seconds: Double
        var predicted: Double?
        var workers: Int
        var outcome: String
    }

    var name: String
    var description: String
    var study: String
    var status: SweepStatus
    var plans: [Plan]
    var runs: [Run]
    var facts: [NamedText]

    init(_ name: String, _ store: StudyStore) throws {
        let results = store.store
        let sweep = try results.sweep(name)
        let study = try store.catalogue.study(of: sweep)
        self.name = sweep.name
        description = sweep.facts["description"] ?? ""
        self.study = study.name
        let progress = try SweepProgress(name, from: store)
        status = SweepStatus(progress)
        plans = try results.revisions(of: sweep.revision.reference.name).map { plan in
            Plan(
                name: plan.name, number: plan.reference.revision ?? 1, isInView: plan.isInView,
                // Of many trials counting takes a while.
                counts: TrialCounts(
                    plan.name == sweep.name
                        ? progress.counts : try results.statusCounts(of: plan.name)),
                registered: plan.registered)
        }
        runs = try results.runs(of: sweep.revision.reference.name).suffix(5).map {
            Run(
                started: $0.started, seconds: $0.seconds, predicted: $0.predictedSeconds,
                workers: $0.workers, outcome: $0.outcome)
        }
        facts = Self.facts(sweep)
    }

    /// What is to be known of it, a sentence each: of its data, and of rows that failed in known ways.
    static func notes(_ name: String, _ store: StudyStore) throws -> [String] {
        try SweepTable.dataNotes(of: name, from: store.store)
            + SweepFindings.make(name, from: store).map { "\($0.row): \($0.signature.sentence)" }
    }

    /// Commits, core-hours and energy: what takes a look at every stage.
    static func provenance(_ name: String, _ store: StudyStore) throws -> [NamedText] {
        try SweepProvenance(name, from: store.store).facts.map { NamedText($0.name, $0.value) }
    }

    private static func facts(_ sweep: SweepRecord) -> [NamedText] {
        let known = [
            ("command", "command"), ("data", "data"), ("clips", "clips"), ("classes", "classes"),
            ("evaluation", "evaluation"), ("seeds", "seeds"), ("scale", "scale"),
        ]
        return known.compactMap { key, name in
            guard let value = sweep.facts[key], !value.isEmpty else { return nil }
            return NamedText(name, value)
        } + [NamedText("varied", sweep.parameters.joined(separator: ", "))]
    }
}
