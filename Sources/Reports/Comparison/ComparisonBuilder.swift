import Analysis

/// The steps of ``ComparisonTable/make(from:)``.
struct ComparisonBuilder {
    let input: ComparisonInput
    /// Configurations in the order given, then references.
    let configurations: [ComparisonInput.Configuration]
    /// Every seed that a configuration should have.
    let seeds: [Int]
    var table: Table

    init(_ input: ComparisonInput) {
        self.input = input
        configurations =
            input.configurations.filter { !$0.isReference }
            + input.configurations.filter(\.isReference)
        seeds = Set(
            input.seeds
                + configurations.filter { !$0.isReference }.flatMap { $0.trials.map(\.seed) }
        ).sorted()
        let title = input.summary.isEmpty ? input.name : "\(input.name): \(input.summary)"
        table = Table(
            title: title, identifier: input.name, labelHeader: input.labelHeader,
            parameters: input.parameters)
    }

    /// What is done to a difference, given a name that no other comparison has.
    typealias Refinement = (PairedDifference, _ name: String) -> PairedDifference

    /// - Parameter refine: what is done to each difference against a baseline.
    mutating func build(_ refine: Refinement) -> Table {
        table.columns = [Column(key: "n", header: "n", decimals: 0)]
        for metric in input.metrics {
            table.columns.append(
                Column(
                    key: metric.key, header: metric.header, group: metric.group, unit: metric.unit,
                    better: metric.better, decimals: metric.decimals))
        }
        for configuration in configurations {
            table.rows.append(row(configuration))
        }
        markBuilds()
        markBest()
        if input.showsDifferences { addDifferenceColumns(refine) }
        writeCaption()
        table.sortFootnotes()
        return table
    }

    // MARK: Rows

    private mutating func row(_ configuration: ComparisonInput.Configuration) -> Row {
        let trials = configuration.trials.sorted { ($0.seed, $0.digest) < ($1.seed, $1.digest) }
        let finished = trials.filter { $0.status == .finished }
        var count = Cell(.count(finished.count))
        count.footnotes = remarks(configuration, trials).map { remark in
            if remark.text != remark.inPaper {
                table.paperTexts = (table.paperTexts ?? [:]).merging([remark.text: remark.inPaper])
                {
                    $1
                }
            }
            return table.footnote(remark.text)
        }
        let cells = input.metrics.map { cell($0, finished, of: configuration) }
        return Row(
            label: configuration.label, cells: [count] + cells,
            isReference: configuration.isReference, isBaseline: configuration.isBaseline,
            group: configuration.group, parameters: configuration.parameters)
    }

    private mutating func cell(
        _ metric: ComparisonInput.Metric, _ finished: [ComparisonInput.Trial],
        of configuration: ComparisonInput.Configuration
    ) -> Cell {
        let stored = finished.filter { $0.metrics[metric.key] != nil }
        // A reference without an encoder cannot be fine-tuned: no fault, no footnote.
        if stored.isEmpty, configuration.isReference || metric.isOfReferences {
            return Cell(.notApplicable)
        }
        var sources: [Cell.Source] = []
        var notFinite: [Int] = []
        for trial in stored {
            guard let value = trial.metrics[metric.key] else { continue }
            if (value * metric.scale).isFinite {
                sources.append(
                    .init(
                        trial: trial.digest, seed: trial.seed, value: value * metric.scale,
                        interval: trial.intervals[metric.key]?.scaled(by: metric.scale)))
            } else {
                notFinite.append(trial.seed)
            }
        }
        let lacking = finished.filter { $0.metrics[metric.key] == nil }.map(\.seed)
        var remarks: [String] = []
        if !notFinite.isEmpty { remarks.append("\(SeedList.text(notFinite)): value not finite") }
        if !lacking.isEmpty, !stored.isEmpty || !finished.isEmpty {
            remarks.append("\(SeedList.text(lacking)): not measured")
        }
        guard let summary = Summary(sources.map(\.value)) else {
            return Cell(.missing, footnotes: remarks.map { table.footnote($0) })
        }
        if !remarks.isEmpty {
            remarks = ["n = \(summary.count): " + remarks.joined(separator: "; ")]
        }
        return Cell(
            .summary(summary), footnotes: remarks.map { table.footnote($0) }, sources: sources)
    }

    /// Why a row has fewer trials than there are seeds, one remark for all its reasons; papers do without what
    /// a program wrote when it failed.
    private func remarks(
        _ configuration: ComparisonInput.Configuration, _ trials: [ComparisonInput.Trial]
    ) -> [(text: String, inPaper: String)] {
        var reasons: [(text: String, inPaper: String, seeds: [Int])] = []
        func add(_ text: String, inPaper: String? = nil, _ seed: Int) {
            if let index = reasons.firstIndex(where: { $0.text == text }) {
                reasons[index].seeds.append(seed)
            } else {
                reasons.append((text, inPaper ?? text, [seed]))
            }
        }
        for trial in trials {
            switch trial.status {
            case .finished: continue
            case .failed:
                add(
                    "failed (\(Self.short(trial.reason ?? "no reason stored")))", inPaper: "failed",
                    trial.seed)
            case .running: add("still running", trial.seed)
            // As many seeds as it takes.
            case .pending where input.addsSeeds: continue
            case .pending: add("not run yet", trial.seed)
            case .cancelled: add("cancelled", trial.seed)
            }
        }
        // A reference may need one seed only: what it lacks is no fault.
        let present = Set(trials.map(\.seed))
        if !configuration.isReference {
            for seed in seeds where !present.contains(seed) { add("no such trial", seed) }
        }
        guard !reasons.isEmpty else { return [] }
        let finished = trials.count { $0.status == .finished }
        // What the row was not given was not wanted.
        let given =
            input.addsSeeds ? trials.count { $0.status != .pending } : trials.count
        let wanted =
            configuration.isReference || input.addsSeeds ? given : max(seeds.count, given)
        func remark(_ parts: [String]) -> String {
            "\(finished) of \(wanted) seeds: \(parts.joined(separator: "; "))"
        }
        // Seeds that failed for different reasons are one kind to a paper.
        var kinds: [(text: String, seeds: [Int])] = []
        for reason in reasons {
            if let index = kinds.firstIndex(where: { $0.text == reason.inPaper }) {
                kinds[index].seeds += reason.seeds
            } else {
                kinds.append((reason.inPaper, reason.seeds))
            }
        }
        return [
            (
                remark(reasons.map { "\(SeedList.text($0.seeds)) \($0.text)" }),
                remark(kinds.map { "\(SeedList.text($0.seeds)) \($0.text)" })
            )
        ]
    }

    /// One line of at most 200 characters.
    private static func short(_ reason: String) -> String {
        let line = PlainText.oneLine(reason)
        return line.count <= 200 ? line : line.prefix(199) + "…"
    }

    // MARK: Builds

    /// Footnotes the rows whose trials were computed by another build than most.
    private mutating func markBuilds() {
        var counts: [String: Int] = [:]
        for trial in configurations.flatMap(\.trials) where trial.status == .finished {
            if let build = trial.build { counts[build, default: 0] += 1 }
        }
        guard counts.count > 1 else { return }
        let order = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        let most = order[0].key
        for (index, configuration) in configurations.enumerated() {
            for build in order.dropFirst().map(\.key) {
                let seeds = configuration.trials
                    .filter { $0.status == .finished && $0.build == build }.map(\.seed).sorted()
                guard !seeds.isEmpty else { continue }
                let text = "\(SeedList.text(seeds)) computed by build \(Self.short(build))"
                table.rows[index].footnotes.append(table.footnote(text))
            }
        }
        table.notes.append(
            "Mixed builds: what is not marked otherwise was computed by build \(Self.short(most)).")
    }

    // MARK: Best

    /// Marks the rows that no other row is shown to beat; none where that is all of them.
    private mutating func markBest() {
        let competing = configurations.indices.filter { row in
            input.referencesCompete || !configurations[row].isReference
        }
        // Of a fixed plan there is one look, when all of its seeds are there.
        let isReady = competing.allSatisfy { row in
            configurations[row].looks != .fixed || configurations[row].pendingSeeds.isEmpty
        }
        guard isReady else { return }
        for metric in input.metrics {
            guard let better = metric.better,
                let column = table.columns.firstIndex(where: { $0.key == metric.key })
            else { continue }
            let rows = competing.filter { table.rows[$0].cells[column].value != nil }
            let found = BestSet.rows(
                rows.map { values(of: metric, row: $0) },
                looks: rows.map { configurations[$0].looks }, higherIsBetter: better == .higher)
            guard let found, found.count < rows.count else { continue }
            for position in found { table.rows[rows[position]].cells[column].isBest = true }
        }
    }

    /// By seed; of what involves no chance the one value for every seed.
    private func values(of metric: ComparisonInput.Metric, row: Int) -> [Int: Double] {
        let values = configurations[row].values(of: metric)
        guard configurations[row].involvesNoChance, let value = values.values.first else {
            return values
        }
        return Dictionary(uniqueKeysWithValues: seeds.map { ($0, value) })
    }

    // MARK: Caption

    private mutating func writeCaption() {
        let summaries = table.rows.flatMap(\.cells).compactMap { cell -> Summary? in
            if case .summary(let summary) = cell.content { summary } else { nil }
        }
        var sentences: [String] = []
        if summaries.contains(where: { $0.standardDeviation != nil }) {
            sentences.append("Mean ± standard deviation over n seeds.")
        }
        let single = table.rows.contains { row in
            !row.isReference
                && row.cells.contains { cell in
                    if case .summary(let summary) = cell.content {
                        summary.count == 1
                    } else {
                        false
                    }
                }
        }
        if single {
            sentences.append("A single seed has no standard deviation.")
        }
        if table.columns.contains(where: { $0.key.hasSuffix(Self.differenceSuffix) }) {
            sentences.append("Δ: differences from the baseline, paired by seed.")
        }
        if !input.dataSet.isEmpty { sentences.append("Data: \(input.dataSet).") }
        if input.isSynthetic {
            sentences.append(
                "The sounds are synthetic: compare rows with each other, not with published figures."
            )
        }
        table.caption = sentences.joined(separator: " ")
        if let reach = Reach.sentence(input) { table.notes.append(reach) }
        if let added = ExtendedPlan.sentence(input) { table.notes.append(added) }
        let counts = Set(
            input.rows.map { row in
                row.trials.count { trial in trial.status == .finished }
            })
        if input.addsSeeds, counts.count > 1 {
            table.notes.append(
                "Open plan: rows have as many seeds as their verdicts took. Compare them by differences "
                    + "over common seeds, not by these means.")
        }
        table.notes += input.notes
        for note in input.diagnostics {
            table.paperTexts = (table.paperTexts ?? [:]).merging([note: ""]) { $1 }
        }
    }
}
