import Digests
public import Foundation
import Platform
public import ResultsStore
public import Sweeps

/// A sweep file made ready to run: checked, expanded, its data found, its stages named.
public struct SweepSession: Sendable {
    public let file: SweepFile
    public let plan: SweepPlan
    public let study: any Study
    public let prepared: any PreparedStudy
    public let stages: StagePlan
    /// Which part of what its file says it is.
    let role: Role
    /// The study with data that lack the test split, where the file tunes.
    let learning: (any PreparedStudy)?
    let path: String
    private let overrides: [String]
    private let name: String?
    private let program: String
    /// How many seeds an open plan may be given at most.
    package static let maximumSeedsRange = 3...10_000

    /// The most seeds of an open plan; nil for a fixed one.
    let maximumSeeds: Int?

    enum Role: Sendable {
        case asInFile
        /// Tries points for its rows.
        case tuning
        /// Has each row at its own best point as well.
        case tuned(TuningFacts)
    }

    /// - Parameters:
    ///   - copy: the file that is read in the place of the one at `path`, such as one that was kept when
    ///     jobs were submitted; what it names still lies beside `path`.
    ///   - catalogue: the studies that the file may name.
    ///   - name: what to call the sweep instead of what its file says.
    ///   - maximumSeeds: makes the plan an open one, with so many seeds at most: those of the file, then
    ///     the smallest that it does not have.
    ///   - gpus: that the run may use; nil for all that there are.
    ///   - results: the folder that a run writes into, where it is known.
    ///   - runs: false where nothing is to run, so that programs need not be there.
    ///   - notice: takes lines for the user's eye while the data are looked at.
    ///   - progress: is told from time to time how many of how many trials are planned.
    /// - Throws: `SweepFaults` for a faulty file (all faults at once), and what
    ///   ``Study/prepare(_:context:)`` throws.
    public init(
        path: String, copy: String? = nil, overrides: [String], catalogue: StudyCatalogue,
        name: String? = nil, maximumSeeds: Int? = nil, gpus: [String]? = nil, results: URL? = nil,
        runs: Bool = true, notice: @escaping @Sendable (String) -> Void = { _ in },
        progress: (Int, Int) -> Void = { _, _ in }
    ) throws {
        self.path = path
        self.overrides = overrides
        self.name = name
        self.maximumSeeds = maximumSeeds
        program = catalogue.program
        let given = overrides + (name.map { ["name=" + SettingValue.text($0).canonicalJSON] } ?? [])
        let source = copy ?? path
        var (study, file) = try Self.load(source, given, catalogue)
        if let maximumSeeds {
            let seeds = Self.seeds(file.seeds, atMost: maximumSeeds).map(String.init)
            (study, file) = try Self.load(
                source, given + ["seeds=[\(seeds.joined(separator: ","))]"], catalogue)
        }
        (self.study, self.file) = (study, file)
        plan = file.expand()
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        do {
            prepared = try study.prepare(
                plan,
                context: StudyContext(
                    folder: folder, gpus: gpus, results: results, runs: runs, notice: notice))
        } catch let fault as SectionFault {
            throw file.faults(of: fault)
        }
        let conflicts = prepared.conflicts(in: plan)
        guard conflicts.isEmpty else { throw file.faults(of: conflicts) }
        role = .asInFile
        learning = file.tuning == nil ? nil : try prepared.withoutTest()
        if let tuning = file.tuning, let learning {
            let conflicts = learning.conflicts(in: tuning.plan)
            guard conflicts.isEmpty else { throw file.faults(of: conflicts) }
        }
        let count = plan.trials.count
        stages = StagePlan(plan, study: study, prepared: prepared) { progress($0, count) }
        do {
            try checkMetrics()
            try checkClaims()
        } catch let fault as SectionFault {
            throw file.faults(of: fault)
        }
    }

    /// Throws: `SectionFault` for a figure of `metrics` that no evaluation of the sweep leaves.
    private func checkMetrics() throws {
        let evaluations = study.allEvaluations.filter { file.evaluation.contains($0.stage) }
        for figure in file.metrics.compactMap(study.figure)
        where !evaluations.isEmpty && !evaluations.contains(where: { $0.leaves(figure) }) {
            throw SectionFault(
                "metrics has \(figure.name), which \(file.evaluation.joined(separator: " and ")) "
                    + "\(Count.word(file.evaluation.count, "does", "do")) not measure; add the evaluation that does, "
                    + "or leave it out", section: "metrics")
        }
    }

    /// Another part of what the file of a session says.
    init(
        of session: SweepSession, role: Role, plan: SweepPlan, prepared: any PreparedStudy,
        maximumSeeds: Int?
    ) {
        (file, study, learning) = (session.file, session.study, session.learning)
        (path, overrides, name) = (session.path, session.overrides, session.name)
        program = session.program
        (self.role, self.plan, self.prepared) = (role, plan, prepared)
        self.maximumSeeds = maximumSeeds
        stages = StagePlan(plan, study: session.study, prepared: prepared)
    }

    /// What the store calls it.
    public var sweepName: String {
        if case .tuning = role { return Self.nameOfTuning(file.name) }
        return file.name
    }

    /// What it is for, in a line.
    public var summary: String {
        guard case .tuning = role, let tuning = file.tuning else { return file.summary }
        return
            "\(Count.text(tuning.points.count, "point")) of \(tuning.keys.joined(separator: ", ")) for each row of "
            + "\(file.name), by \(tuning.metric)"
    }

    /// The name of the sweep that a file defines.
    ///
    /// Throws: `SweepFaults` for a faulty file.
    public static func name(ofFile path: String, catalogue: StudyCatalogue) throws -> String {
        try load(path, [], catalogue).file.name
    }

    /// Whether a file has other words by now than it had when the plan in view of its name was registered.
    ///
    /// Throws: `SweepFaults` for a faulty file.
    package static func isOther(file path: String, than store: StudyStore) throws -> Bool {
        let file = try load(path, [], store.catalogue).file
        guard let record = try? store.store.sweep(file.name) else { return false }
        return record.sourceText != file.sourceText
    }

    /// The study of a sweep file, as the file defines it: nothing that the file names is looked at.
    ///
    /// Throws: `SweepFaults` for a faulty file.
    package static func study(
        ofFile path: String, overrides: [String], catalogue: StudyCatalogue
    ) throws -> any Study {
        try load(path, overrides, catalogue).study
    }

    private static func load(
        _ path: String, _ overrides: [String], _ catalogue: StudyCatalogue
    ) throws -> (study: any Study, file: SweepFile) {
        var study = catalogue.standard
        let studies = SweepStudies(
            names: catalogue.studies.map(\.name),
            sections: { catalogue.study(named: $0)?.sections ?? [] },
            schema: { name, sections in
                study = (catalogue.study(named: name) ?? study).defined(by: &sections)
                return study.schema
            })
        let file = try SweepFile.load(path: path, overrides: overrides, studies: studies)
        return (study, file)
    }

    private static func seeds(_ seeds: [Int], atMost count: Int) -> [Int] {
        var result = Array(seeds.prefix(count))
        var next = 0
        while result.count < count {
            if !seeds.contains(next) { result.append(next) }
            next += 1
        }
        return result
    }

    /// Whether intervals must hold at every number of seeds.
    public var isOpen: Bool { maximumSeeds != nil }

    /// What runs this sweep again, for a shell.
    private var command: String {
        ([program, "run", path] + (name.map { ["--name", $0] } ?? [])
            + overrides.flatMap { ["-S", $0] }
            + (maximumSeeds.map { [SweepFacts.untilSettled, "--max-seeds", "\($0)"] } ?? []))
            .map(ShellWord.quoted).joined(separator: " ")
    }

    /// The keys of the figures of merit of the evaluations that rows have columns of.
    private var testedMetrics: [String] {
        let figures = file.metrics.isEmpty ? study.defaultFigures : file.metrics
        let judged = figures.compactMap(study.figure).filter { $0.better != nil }
        return study.groups.filter { plan.evaluation.contains($0.stage) }.flatMap { group in
            judged.filter(group.leaves).map { group.key($0.name) }
        }
    }

    /// What the store is told before the sweep runs.
    public var registration: SweepRegistration {
        var facts = [
            "description": summary,
            "command": command,
            "data_digest": prepared.dataDigest.description,
            "data_settings": SettingValue.map(plan.storedData).canonicalJSON,
            "evaluation": plan.evaluation.joined(separator: " "),
            "seeds": String(plan.seeds.count),
            "scale": file.scale ?? "",
        ]
        if study.name != StudyCatalogue.unnamed { facts["study"] = study.name }
        if let definition = study.definition { facts["study_definition"] = definition }
        facts.merge(ownFacts.encoded) { first, _ in first }
        facts.merge(prepared.facts) { first, _ in first }
        let tested = testedMetrics
        return SweepRegistration(
            name: sweepName, sourceText: file.sourceText, facts: facts,
            parameters: plan.variedKeys,
            rows: plan.rows.map { row in
                PlannedRow(
                    index: row.index, label: row.label,
                    settings: SettingValue.map(plan.stored(row.settings)).canonicalJSON,
                    varied: SettingValue.map(
                        Dictionary(uniqueKeysWithValues: row.varied.map { ($0.key, $0.value) })
                    ).canonicalJSON, isBaseline: row.isBaseline, baseline: row.baseline)
            },
            trials: stages.trials, stages: stages.stages, testedMetrics: tested.count,
            testedNames: tested, claims: claimedComparisons,
            modelFiles: prepared.modelFiles,
            isOpen: isOpen)
    }

    private var claimedComparisons: [PlannedClaim] {
        if case .tuning = role { return [] }
        return plannedClaims
    }

    private var ownFacts: SweepFacts {
        var facts = SweepFacts(file)
        switch role {
        case .asInFile: facts.claims = claims
        case .tuning:
            // Publications, sets, sizes and claims are about the sweep itself.
            (facts.paper, facts.subsets, facts.smallestEffects) = ([:], [], [:])
        case .tuned(let tuning): (facts.tuning, facts.claims) = (tuning, claims)
        }
        return facts
    }
}
