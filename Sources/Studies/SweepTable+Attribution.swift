import Analysis
public import Reports
import ResultsStore
import Sweeps

extension SweepTable {
    /// What the members of a set contribute in one part of a sweep, in every metric.
    struct NamedAttribution: Sendable {
        var title: String
        var metrics: [(metric: ComparisonInput.Metric, attribution: Attribution)]
        /// Metrics of which no seed has every subset.
        var unknown: [ComparisonInput.Metric]
        /// How many effects members and pairs of them have on one metric.
        var effects: Int
        var plan: AttributionTable.Plan
    }

    /// What each member of a set contributes, where the sweep has every subset of it.
    ///
    /// - Parameter order: 1 for members alone, 2 for what pairs of them do together as well.
    /// - Throws: `StoreError` for an unknown sweep.
    public static func attributions(
        _ sweep: String, from store: StudyStore, metrics: [String]? = nil, order: Int = 1
    ) throws -> [Table] {
        let sweep = try store.sweep(sweep)
        let figures = try figures(of: sweep.sweep, TableOptions(metrics: metrics))
        var tables = try namedAttributions(sweep, figures: figures).map { one in
            AttributionTable.make(
                one.metrics, order: order, plan: one.plan, title: one.title, unknown: one.unknown)
        }
        for index in tables.indices { tables[index].notes += sweep.facts.dataNotes }
        return tables
    }

    static func namedAttributions(
        _ sweep: SweepReading, figures: [String]
    ) throws -> [NamedAttribution] {
        // Each tuned row differs from the others in what it chose as well.
        let trials = try sweep.trials(with: figures).filter { !$0.isTuned }
        let subsets =
            sweep.facts.subsets.isEmpty ? wholeSets(of: trials, in: sweep) : sweep.facts.subsets
        guard !subsets.isEmpty else { return [] }
        let own = Set(sweep.study.groups.map(\.stage)).intersection(sweep.evaluations)
        let columns = columns(sweep.study, own, figures)
        let tested = Set(self.columns(sweep.study, own, sweep.figures).map(\.key))
        var parts = subsets.flatMap { subsets in
            attributions(
                to: subsets, trials: trials, columns: columns, schema: sweep.study.schema)
        }
        // One family, whatever a table shows of it.
        let effects = parts.map(\.effects).reduce(0, +)
        for index in parts.indices {
            parts[index].plan.tested = tested
            parts[index].plan.comparisons = effects * tested.count
        }
        return parts
    }

    /// The settings of which the rows have every subset, whatever design made them.
    private static func wholeSets(
        of trials: [TrialRecord], in sweep: SweepReading
    ) -> [SweepFacts.Subsets] {
        sweep.record.parameters.compactMap { key in
            let sets = Set(trials.compactMap { $0.settingValues[key]?.texts }.map(Set.init))
            let options = sets.reduce(into: Set<String>()) { $0.formUnion($1) }
            guard options.count > 1, options.count <= 16, sets.count == 1 << options.count,
                case .subset(let order, _) = sweep.study.schema.trial.first(where: { $0.key == key }
                )?.kind
            else { return nil }
            return SweepFacts.Subsets(setting: key, options: order.filter(options.contains))
        }
    }

    private static func attributions(
        to subsets: SweepFacts.Subsets, trials: [TrialRecord], columns: [ComparisonInput.Metric],
        schema: SettingsSchema
    ) -> [NamedAttribution] {
        // What else the sweep varies makes attributions of its own.
        let groups = Dictionary(grouping: trials) { trial in
            trial.variedValues.filter { $0.key != subsets.setting }
                .sorted { $0.key < $1.key }
                .map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        }
        let descriptor = schema.trial.first { $0.key == subsets.setting }
        func name(_ option: String) -> String { descriptor?.name(ofOption: option) ?? option }
        return groups.keys.sorted().compactMap { group in
            let members = groups[group] ?? []
            // Rows of another design beside the subsets have nothing that could be parted.
            let sets = Set(members.map { $0.settingValues[subsets.setting]?.texts })
            guard sets.count >= 1 << subsets.options.count else { return nil }
            let attributions = columns.compactMap { column in
                let outcomes = members.compactMap { trial -> Attribution.Outcome? in
                    guard let texts = trial.settingValues[subsets.setting]?.texts,
                        let value = trial.metrics[column.key]
                    else { return nil }
                    return .init(members: Set(texts.map(name)), seed: trial.seed, value: value)
                }
                return Attribution(members: subsets.options.map(name), outcomes: outcomes)
                    .map { (metric: column, attribution: $0) }
            }
            let set = subsets.setting.replacing("_", with: " ")
            let count = subsets.options.count
            return NamedAttribution(
                title: "What each of the \(set) contributes" + (group.isEmpty ? "" : ": \(group)"),
                metrics: attributions,
                unknown: columns.filter { column in
                    !attributions.contains { $0.metric.key == column.key }
                }, effects: count + count * (count - 1) / 2,
                plan: AttributionTable.Plan(
                    looks: Looks(of: members.map { Looks($0.looks) }), comparisons: 0,
                    isPending: members.contains { $0.status == .pending || $0.status == .running },
                    tested: []))
        }
    }
}
