import Digests
import Files
import Foundation
import Platform
package import Reports
public import ResultsStore

/// Where the results of a plan come from beyond what names them, and what they cost: nothing of it enters a digest
/// or a table.
public struct SweepProvenance: Sendable, Hashable, Encodable {
    /// A run that computed something.
    public struct Run: Sendable, Hashable, Encodable {
        /// Units: seconds since 1970.
        public var started: Double
        /// Units: seconds.
        public var seconds: Double
        public var stages: Int
        /// Of the sweep file; nil where that lay in none.
        public var repository: RepositoryState?
        /// The commit that the program was built from; nil where its build did not say.
        public var program: String?
        /// Nil where the kernel does not tell it, or others used the machine as well. Units: joules.
        public var joules: Double?

        package init(
            started: Double, seconds: Double, stages: Int, repository: RepositoryState?,
            program: String?, joules: Double?
        ) {
            (self.started, self.seconds, self.stages) = (started, seconds, stages)
            (self.repository, self.program, self.joules) = (repository, program, joules)
        }
    }

    /// Oldest first; those of before the store kept it are left out.
    public var runs: [Run]
    /// Units: core-hours. Of the attempts that gave the results, each stage once.
    public var coreHours: Double
    /// Of all attempts, those that failed or were repeated too.
    public var coreHoursSpent: Double
    /// Of each row, by its label: what rows share counts in each.
    public var rows: [String: Double]
    /// False where some of it is known by the clock alone.
    public var isMeasured: Bool

    /// Throws: `StoreError` for an unknown sweep.
    public init(_ sweep: String, from store: ResultsStore) throws {
        let record = try store.sweep(sweep)
        let plan = record.revision.plan.description
        runs = try store.runs(of: record.revision.reference.name).compactMap { run in
            RunFacts(run.facts).flatMap { $0.plan == plan ? Run(run, $0) : nil }
        }
        let costs = try store.processorCosts(of: sweep)
        coreHours = costs.results / 3600
        coreHoursSpent = costs.spent / 3600
        isMeasured = costs.isMeasured
        rows = costs.rows.mapValues { $0 / 3600 }
    }

    // MARK: In words

    /// Names and values, for a report and a bundle.
    package var facts: [ReportDocument.Fact] {
        var facts: [ReportDocument.Fact] = []
        for repository in Self.unique(runs.map { $0.repository?.text }) {
            facts.append(.init("commit of the sweep file", repository))
        }
        for program in Self.unique(runs.map(\.program)) {
            facts.append(.init("commit of the program", program))
        }
        if coreHours > 0 { facts.append(.init("core-hours", costs)) }
        let joules = runs.compactMap(\.joules)
        if !joules.isEmpty { facts.append(.init("energy", energy(joules))) }
        return facts
    }

    /// What a person is told of a row's results.
    package func sentences(ofRow label: String) -> [String] {
        var sentences: [String] = []
        if let hours = rows.first(where: { Table.typed($0.key) == Table.typed(label) })?.value,
            hours > 0
        {
            sentences.append(
                "core-hours of processor time: \(Self.hours(hours)) for this row, shared stages included; "
                    + "for the whole sweep \(costs)")
        }
        return sentences
            + facts.filter { $0.name != "core-hours" }.map { "\($0.name): \($0.value)" }
    }

    private var costs: String {
        let remarks = [
            coreHoursSpent > 1.01 * coreHours
                ? "\(Self.hours(coreHoursSpent)) with what failed, was stopped or was repeated"
                : nil,
            isMeasured ? nil : "in part by the clock, of attempts that kept no processor time",
        ].compactMap(\.self)
        return Self.hours(coreHours)
            + (remarks.isEmpty ? "" : " (\(remarks.joined(separator: "; ")))")
    }

    private func energy(_ joules: [Double]) -> String {
        let sum = joules.reduce(0, +) / 3.6e6
        let part =
            joules.count < runs.count
            ? " in \(joules.count) of \(Count.text(runs.count, "run")), those that were alone on the machine"
            : ""
        return "\(Self.hours(sum)) kWh of processors and memory (RAPL)\(part)"
    }

    /// Three figures that say something.
    private static func hours(_ value: Double) -> String {
        value >= 100 ? String(format: "%.0f", value) : String(format: "%.3g", value)
    }

    private static func unique(_ texts: [String?]) -> [String] {
        var seen: Set<String> = []
        return texts.compactMap { $0 }.filter { seen.insert($0).inserted }
    }
}

extension SweepProvenance.Run {
    fileprivate init(_ run: RunRecord, _ facts: RunFacts) {
        (started, seconds, stages) = (run.started, run.seconds, run.stagesRun)
        (repository, program) = (facts.repository, facts.program)
        joules = facts.energy.flatMap { $0.wasAlone ? $0.joules : nil }
    }
}

extension SweepProvenance.Run {
    /// Keeps a run that went on elsewhere; its energy is not known.
    ///
    /// - Parameter sweep: as the store knows the plan: `table1`, or `table1@2`.
    /// - Throws: `StoreError` for an unknown sweep.
    package func record(
        of sweep: String, in store: ResultsStore, workers: Int, outcome: String
    ) throws {
        let revision = try store.sweep(sweep).revision
        try store.record(
            RunRecord(
                started: started, workers: workers, seconds: seconds, predictedSeconds: nil,
                stagesRun: stages, outcome: outcome,
                facts: RunFacts(
                    plan: revision.plan.description, repository: repository, program: program
                ).encoded), of: revision.reference.name)
    }
}

/// What a run says of itself, as the store keeps it.
struct RunFacts: Sendable, Hashable {
    /// The digest of the plan.
    var plan: String
    var repository: RepositoryState?
    var program: String?
    var energy: EnergyMeter.Reading?

    init(
        plan: String, repository: RepositoryState? = nil, program: String? = nil,
        energy: EnergyMeter.Reading? = nil
    ) {
        (self.plan, self.repository) = (plan, repository)
        (self.program, self.energy) = (program, energy)
    }

    /// nil for a run of before.
    init?(_ facts: [String: String]) {
        guard let plan = facts["plan"] else { return nil }
        self.plan = plan
        func decoded<Value: Decodable>(_ type: Value.Type, _ key: String) -> Value? {
            facts[key].flatMap { try? JSONDecoder().decode(type, from: Data($0.utf8)) }
        }
        repository = decoded(RepositoryState.self, "repository")
        program = facts["program"]
        energy = decoded(EnergyMeter.Reading.self, "energy")
    }

    var encoded: [String: String] {
        var facts = ["plan": plan]
        facts["repository"] = repository.flatMap { try? SortedJSON.text(of: $0) }
        facts["program"] = program
        facts["energy"] = energy.flatMap { try? SortedJSON.text(of: $0) }
        return facts
    }
}
