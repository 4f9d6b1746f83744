import Analysis
public import Reports
import ResultsStore
import Sweeps

extension SweepTable {
    /// What may be said of each claim of the sweep's file, in every metric that it is about. They are a family
    /// of their own.
    ///
    /// Throws: as ``make(_:from:options:)``, and ``StudiesError/noClaims(sweep:)``.
    public static func claims(_ sweep: String, from store: StudyStore) throws -> Table {
        guard let table = try claimsIfAny(sweep, from: store) else {
            throw StudiesError.noClaims(sweep: sweep)
        }
        return table
    }

    /// The same; nil where the sweep claims nothing.
    ///
    /// Throws: as ``make(_:from:options:)``.
    public static func claimsIfAny(_ sweep: String, from store: StudyStore) throws -> Table? {
        let reading = try store.sweep(sweep)
        guard let claimed = try ClaimedComparisons(reading) else { return nil }
        let record = reading.record
        let description = record.facts["description"] ?? ""
        var table = ClaimTable.make(
            claimed.verdicts,
            title: description.isEmpty ? record.name : "\(record.name): \(description)",
            identifier: record.name, former: claimed.former)
        table.notes += reading.facts.dataNotes + ImportedResults.notes(on: claimed.trials)
        return table
    }

    /// Whether the file of a sweep claims anything.
    ///
    /// Throws: `StoreError` for an unknown sweep.
    package static func hasClaims(_ sweep: String, in store: StudyStore) throws -> Bool {
        try !store.sweep(sweep).facts.claims.isEmpty
    }

    /// What may be said of each claim, in sentences; none where the file claims nothing.
    static func claimSentences(_ sweep: SweepReading) throws -> [String] {
        try ClaimedComparisons(sweep)?.verdicts.sentences ?? []
    }
}

/// The claims of a sweep with the figures that there are.
private struct ClaimedComparisons {
    let trials: [TrialRecord]
    private(set) var verdicts = ClaimVerdicts([])
    /// How many comparisons were claimed at a look before, and are claimed no more.
    let former: Int

    private let sweep: StudySweep
    /// The sweep's rows, by their labels.
    private let rows: [String: ComparisonInput.Configuration]
    private let rowNumbers: [String: Int]
    private let references: [String: References]
    /// What the store calls those that were claimed when figures were there.
    private let late: Set<String>
    /// How many comparisons were claimed before figures were there.
    private let earlyCount: Int
    /// How many comparisons whoever has seen the figures could have claimed in the place of the late ones.
    private var lateCount = 0

    /// An evaluation that is rows of its own.
    private struct References {
        var configurations: [ComparisonInput.Configuration] = []
        /// By the number of a row of the sweep: what its context is called.
        var labels: [Int: [String]] = [:]
    }

    /// Nil where the sweep claims nothing.
    init?(_ reading: SweepReading) throws {
        let claims = reading.facts.claims
        guard !claims.isEmpty else { return nil }
        sweep = reading.sweep
        let figures = sweep.study.figures.filter { figure in
            claims.contains { $0.comparisons[figure.name] != nil }
        }
        trials = try reading.trials(with: figures.map(\.name))
        let looks = Set(trials.compactMap(\.looks))
        late = Set(looks.flatMap { $0.lateClaims ?? [] })
        let early = Set(looks.flatMap { $0.claims ?? [] }).subtracting(late)
        let own = Set(claims.flatMap { $0.comparisons.values })
        former = early.subtracting(own).count
        earlyCount = early.union(own.subtracting(late)).count
        rowNumbers = Dictionary(
            trials.map { ($0.label, $0.row) }, uniquingKeysWith: { first, _ in first })
        rows = Dictionary(
            try SweepTable.input(sweep, trials: trials).configurations.filter { !$0.isReference }
                .map { ($0.label, $0) }, uniquingKeysWith: { first, _ in first })
        var references: [String: References] = [:]
        for evaluation in sweep.study.references where sweep.evaluations.contains(evaluation.stage)
        {
            var found = References()
            found.configurations = ReferenceRows(evaluation, study: sweep.study)
                .configurations(trials, sweep.facts, [:], &found.labels)
            references[evaluation.stage] = found
        }
        self.references = references
        let lateClaims = claims.filter { !late.isDisjoint(with: $0.comparisons.values) }
        lateCount = possible(beyond: lateClaims.contains { $0.claim.beyond != nil })
        verdicts = ClaimVerdicts(
            claims.flatMap { registered in
                figures.compactMap { figure in
                    registered.comparisons[figure.name].map { comparison in
                        claim(registered.claim, figure, comparison)
                    }
                }
            })
    }

    /// - Parameter comparison: by which the store knows it.
    private func claim(
        _ claim: SweepClaim, _ figure: FigureDefinition, _ comparison: String
    ) -> ClaimVerdicts.Claim {
        let sides = claim.contrasts.map { (better: side($0.better), than: side($0.than)) }
        let all = sides.flatMap { [$0.better, $0.than] }
        let seeds =
            all.compactMap(\.seeds)
            .reduce(Set<Int>?.none) { $0?.intersection($1) ?? $1 } ?? []
        func difference(_ number: Int, _ seed: Int) -> Double? {
            guard let better = sides[number].better.value(seed, figure),
                let than = sides[number].than.value(seed, figure)
            else { return nil }
            return better - than
        }
        func values(_ value: (Int) -> Double?) -> [Int: Double] {
            Dictionary(
                uniqueKeysWithValues: seeds.compactMap { seed in value(seed).map { (seed, $0) } })
        }
        let isBeyond = sides.count > 1
        let (own, others) =
            isBeyond
            ? (values { difference(0, $0) }, values { difference(1, $0) })
            : (
                values { sides[0].better.value($0, figure) },
                values { sides[0].than.value($0, figure) }
            )
        var metric = figure.column(of: sides[0].better.column)
        metric.group = nil
        metric.decimals =
            ComparisonInput(
                name: "", configurations: all.compactMap(\.configuration), metrics: [metric]
            ).metrics[0].decimals
        metric.smallestEffect = sweep.facts.smallestEffect(of: figure.name, key: metric.key)
        let isLate = late.contains(comparison)
        let missing = all.filter { $0.configuration == nil }.map(\.name)
        var sizes: [Int: Double] = [:]
        var lost: [Int: [String]] = [:]
        for seed in seeds where missing.isEmpty {
            sizes[seed] = all.compactMap { $0.value(seed, figure).map(abs) }.max()
            let without = all.filter { $0.value(seed, figure) == nil }
            if !without.isEmpty, !all.contains(where: { $0.isPending(seed) }) {
                lost[seed] = without.map(\.name)
            }
        }
        return ClaimVerdicts.Claim(
            text: claim.text,
            comparison: sides.map { "\($0.better.name), against \($0.than.name)" }
                .joined(separator: "; beyond "),
            metric: metric, values: own, others: others, sizes: sizes, lost: lost,
            pending: seeds.count { seed in all.contains { $0.isPending(seed) } },
            looks: Looks(of: all.flatMap(\.looks)),
            comparisons: isLate ? lateCount : earlyCount, isLate: isLate,
            redone: all.map(\.redone).max() ?? 0,
            obstacle: missing.isEmpty
                ? nil : "not in this table: \(missing.joined(separator: ", "))")
    }

    /// All comparisons of two evaluations of rows in any figure.
    ///
    /// - Parameter beyond: those of two such differences too.
    private func possible(beyond: Bool) -> Int {
        let groups = sweep.study.groups.count { sweep.evaluations.contains($0.stage) }
        let sides =
            rows.count * groups + references.values.reduce(0) { $0 + $1.configurations.count }
        let pairs = max(1, sides * (sides - 1) / 2)
        let figures = sweep.study.figures.count { $0.better != nil }
        return (beyond ? pairs + pairs * (pairs - 1) / 2 : pairs) * max(1, figures)
    }

    // MARK: Sides

    /// An evaluation of a row, or of a row of its own.
    private struct Side {
        var name: String
        /// The evaluation in whose columns its figures stand.
        var column: EvaluationDefinition
        /// Nil where the table has none.
        var configuration: ComparisonInput.Configuration?
        /// Of the rows that it belongs to.
        var looks: [Looks] = []
        var redone = 0

        /// Nil where one run stands for all of them.
        var seeds: Set<Int>? {
            guard let configuration, configuration.involvesNoChance else {
                return Set(configuration?.trials.map(\.seed) ?? [])
            }
            return nil
        }

        private func trial(_ seed: Int) -> ComparisonInput.Trial? {
            configuration?.trials.first {
                configuration?.involvesNoChance ?? false || $0.seed == seed
            }
        }

        func isPending(_ seed: Int) -> Bool {
            [.pending, .running].contains(trial(seed)?.status)
        }

        func value(_ seed: Int, _ figure: FigureDefinition) -> Double? {
            guard let trial = trial(seed), trial.status == .finished else { return nil }
            return trial.metrics[column.key(figure.name)].flatMap { $0.isFinite ? $0 : nil }
        }
    }

    private func side(_ side: SweepClaim.Side) -> Side {
        let row = rows[side.row]
        if let group = sweep.study.groups.first(where: { $0.stage == side.evaluation }) {
            let header = group.header.map { Self.inSentence($0) } ?? group.stage
            return Side(
                name: "“\(side.row)”: \(header)", column: group, configuration: row,
                looks: [row?.looks].compactMap { $0 }, redone: row?.redone ?? 0)
        }
        let found = references[side.evaluation] ?? References()
        let label = rowNumbers[side.row].flatMap { found.labels[$0]?.first }
        let configuration = found.configurations.first { $0.label == label }
        let column = sweep.study.references.first { $0.stage == side.evaluation }?.reference?.column
        // Trainings of all rows with this context are one.
        let members = rows.values.filter { row in
            label.map { row.references?.contains($0) ?? false } ?? false
        }
        return Side(
            name: configuration?.label ?? "\(side.evaluation) of “\(side.row)”",
            column: sweep.study.groups.first { $0.stage == column }
                ?? EvaluationDefinition(stage: side.evaluation),
            configuration: configuration, looks: members.map(\.looks),
            redone: members.map(\.redone).max() ?? 0)
    }

    /// A header within a sentence: "linear probe".
    private static func inSentence(_ header: String) -> String {
        header.prefix(1).lowercased() + header.dropFirst()
    }
}
