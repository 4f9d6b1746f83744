import Analysis
import Platform
public import Reports
import ResultsStore
import Sweeps

extension SweepTable {
    /// Each row as its file has it and at its own best point, side by side; what it chose, and what the best
    /// of k points is expected to be.
    ///
    /// Throws: as ``make(_:from:options:)``, ``StudiesError/notTuned(sweep:)``.
    public static func tuned(_ sweep: String, from store: StudyStore) throws -> Table {
        let sweep = try store.sweep(sweep)
        guard let tuning = sweep.facts.tuning else {
            throw StudiesError.notTuned(sweep: sweep.record.name)
        }
        let trials = try sweep.trials(with: sweep.figures)
        let input = try input(sweep.sweep, trials: trials)
        let comparison = table(from: input, TableOptions())
        var table = Table(
            title: "\(comparison.title) (default and tuned)",
            identifier: "\(comparison.identifier)-tuned",
            labelHeader: comparison.labelHeader)
        let counts = counts(upTo: tuning.points.count)
        table.columns =
            input.metrics.flatMap(Self.columns)
            + columns(of: tuning, counts, sweep.study)
        let byRow = Dictionary(grouping: trials, by: \.label)
        for row in tuning.rows {
            guard let (own, other) = rows(of: row, in: comparison) else { continue }
            let labels = [row.label + SweepTuning.ending, row.label]
            var cells: [Cell] = []
            for metric in input.metrics {
                guard let index = comparison.columns.firstIndex(where: { $0.key == metric.key })
                else { continue }
                cells += [own, other].map { row in
                    row.map { copy($0.cells[index], from: comparison, to: &table) }
                        ?? Cell(.missing)
                }
                let gain = gain(metric, byRow[labels[0]] ?? [], byRow[labels[1]] ?? [])
                cells.append(Cell(gain ?? .missing))
            }
            cells += choice(row, tuning, counts, sweep.study)
            var result = Row(label: row.label, cells: cells, isBaseline: own?.isBaseline ?? false)
            if row.choice == nil {
                result.footnotes = [
                    table.footnote("all \(Count.text(row.values.count, "point")) failed")
                ]
            } else if row.failures > 0 {
                result.footnotes = [
                    table.footnote(
                        "\(row.failures) of \(Count.text(row.values.count, "point")) failed, and count as the worst "
                            + "that did not")
                ]
            }
            table.rows.append(result)
        }
        explain(tuning, counts, &table)
        let known = noteOfTuning(sweep.sweep, trials)
        table.notes += comparison.notes.filter { $0 != known && !$0.hasPrefix(Reach.beginning) }
        table.sortFootnotes()
        return table
    }

    /// A sentence for below tables whose rows are tuned; nil where none is.
    static func noteOfTuning(_ sweep: StudySweep, _ trials: [TrialRecord]) -> String? {
        guard let tuning = sweep.facts.tuning else { return nil }
        // Rows that chose after others had been looked at.
        let families = Set(trials.map { $0.looks?.family ?? 0 })
        let family =
            families.count > 1
            ? "; rows that came after a look are a family of their own" : ", all in one family"
        let lost = tuning.rows.filter { $0.choice == nil }.map { "“\($0.label)”" }
        let missing =
            lost.isEmpty
            ? "" : "; missing, since all of its points failed: \(lost.joined(separator: ", "))"
        return
            "tuned: the row at its own best of \(points(tuning)), chosen by \(tuning.metric) on the "
            + "validation split, with other seeds than here; compared with the tuned baseline\(family)\(missing). Which: '\(ProgramName.current) table \(sweep.record.name) --tuned'"
    }

    /// "16 random points of temperature, lr, the same for all rows"
    private static func points(_ tuning: TuningFacts) -> String {
        let count = tuning.points.count
        let number =
            tuning.isExhaustive == true
            ? "\(Count.text(count, "point")), every one there is,"
            : Count.text(count, "random point")
        return "\(number) of " + tuning.parameters.joined(separator: ", ")
            + ", the same for all rows"
    }

    // MARK: Columns

    private static func columns(of metric: ComparisonInput.Metric) -> [Column] {
        let group = metric.name + Column.inParentheses(unit: metric.unit)
        func column(_ key: String, _ header: String) -> Column {
            Column(
                key: "\(metric.key)_\(key)", header: header, group: group, better: metric.better,
                decimals: metric.decimals)
        }
        return [
            column("default", "default"), column("tuned", "tuned"), column("gain", "difference"),
        ]
    }

    private static func columns(
        of tuning: TuningFacts, _ counts: [Int], _ study: any Study
    ) -> [Column] {
        let parameters = tuning.parameters.map { key in
            let unit = study.schema.trial.first { $0.key == key }?.unit
            return Column(
                key: key, header: key.replacing("_", with: " "), group: "Chosen", unit: unit)
        }
        let figure = study.validations.lazy.compactMap { $0.figure(ofKey: tuning.metric) }
            .compactMap(study.figure).first
        let metric = tuning.metric.replacing("_", with: " ")
        let decimals = figure?.decimals ?? 1
        let group = "Expected best: \(metric)" + Column.inParentheses(unit: figure?.unit)
        return parameters
            + [
                Column(
                    key: tuning.metric, header: metric, group: "Chosen", unit: figure?.unit,
                    decimals: decimals)
            ]
            + counts.map { count in
                Column(
                    key: "expected_best_\(count)", header: "k = \(count)", group: group,
                    decimals: decimals)
            }
    }

    /// 1, 4, 16, ... and all.
    fileprivate static func counts(upTo count: Int) -> [Int] {
        var counts: [Int] = []
        var next = 1
        while next < count {
            counts.append(next)
            next *= 4
        }
        return counts + [count]
    }

    // MARK: Cells

    private static func rows(
        of row: TuningFacts.Row, in table: Table
    ) -> (own: Row?, tuned: Row?)? {
        let (own, tuned) = (
            table.row(named: row.label), table.row(named: row.label + SweepTuning.ending)
        )
        return own == nil && tuned == nil ? nil : (own, tuned)
    }

    /// A cell of the comparison table, without its mark: that is among all rows of it.
    private static func copy(_ cell: Cell, from source: Table, to table: inout Table) -> Cell {
        var copy = cell
        copy.isBest = false
        copy.footnotes = cell.footnotes.map { table.footnote(source.footnotes[$0]) }
        return copy
    }

    /// Tuned minus default, paired by seed, with an interval of its own.
    private static func gain(
        _ metric: ComparisonInput.Metric, _ tuned: [TrialRecord], _ own: [TrialRecord]
    ) -> Cell.Content? {
        func values(_ trials: [TrialRecord]) -> [Int: Double] {
            Dictionary(
                trials.filter { $0.status == .finished }.compactMap { trial in
                    trial.metrics[metric.key].map { (trial.seed, $0 * metric.scale) }
                }, uniquingKeysWith: { first, _ in first })
        }
        guard let difference = PairedDifference(of: values(tuned), against: values(own)) else {
            return nil
        }
        let looks = Looks(tuned.first?.looks)
        return .effect(difference.summary, looks.interval(of: difference, alpha: 0.05))
    }

    private static func choice(
        _ row: TuningFacts.Row, _ tuning: TuningFacts, _ counts: [Int], _ study: any Study
    ) -> [Cell] {
        let point = row.choice.flatMap {
            tuning.points.indices.contains($0) ? tuning.points[$0] : nil
        }
        let values = tuning.parameters.map { key -> Cell in
            let setting = study.schema.trial.first { $0.key == key }
            let words = point?[key].map { setting?.words(for: $0) ?? $0.description }
            return Cell(.text(words ?? "–"))
        }
        let expected = counts.map { count in
            row.expectedBest(of: count, higherIsBetter: tuning.isHigherBetter)
        }
        return values + ([row.best] + expected).map { Cell($0.map { .number($0) } ?? .missing) }
    }

    private static func explain(
        _ tuning: TuningFacts, _ counts: [Int], _ table: inout Table
    ) {
        let seeds = tuning.seeds.map(String.init).joined(separator: ", ")
        table.caption =
            "Each row as the file has it, and at its own best of \(points(tuning)). Mean ± standard "
            + "deviation over seeds; differences are tuned minus default, paired by seed, each with a 95 % "
            + "interval of its own. Points were tried with "
            + "\(Count.word(tuning.seeds.count, "seed")) \(seeds) and chosen by \(tuning.metric), on "
            + "the validation split. That figure of a chosen point is the best of many, and flatters it."
        table.notes.append(
            "Expected best: the mean of the best of k points drawn from those that were tried (Dodge et "
                + "al. 2019): what tuning gives by how much of it one pays for.")
    }
}

extension SweepFigures {
    /// What the best of k points is expected to be, a line a row.
    var tuningFigures: [Figure] {
        guard let tuning = SweepFacts(sweep.facts).tuning, tuning.points.count > 1 else {
            return []
        }
        let metric = tuning.metric.replacing("_", with: " ")
        let series = tuning.rows.map { row in
            Figure.Series(
                label: row.label,
                points: (1...tuning.points.count).compactMap { count in
                    row.expectedBest(of: count, higherIsBetter: tuning.isHigherBetter).map {
                        Figure.Point(x: Double(count), y: $0)
                    }
                })
        }
        return [
            Figure(
                identifier: identifier("expected-best"), title: "Expected best of k points",
                caption: caption(
                    "The mean of the best of k points drawn from the \(tuning.points.count) that each row "
                        + "tried (Dodge et al. 2019), by \(metric) on the validation split."),
                xLabel: "points tried", yLabel: metric, hasLogarithmicX: true,
                xTicks: SweepTable.counts(upTo: tuning.points.count).map(Double.init),
                content: .points(Array(series.prefix(Self.maximumFeatured))))
        ]
    }
}
