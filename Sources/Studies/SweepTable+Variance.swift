import Analysis
import Digests
public import Reports
import ResultsStore

extension SweepTable {
    /// Where the uncertainty of each difference from the baseline comes from: seeds, or test items.
    ///
    /// Throws: as ``make(_:from:options:)``.
    public static func variance(_ sweep: String, from store: StudyStore) throws -> Table {
        let sweep = try store.sweep(sweep)
        let trials = try sweep.trials(with: sweep.figures)
        let input = try input(sweep.sweep, trials: trials)
        var sums = GroupSums(sweep)
        var byRow: [String: [TrialRecord]] = [:]
        for trial in trials { byRow[trial.label, default: []].append(trial) }
        let items = try ComparisonVerdicts(input).items.map { item in
            let found = try layout(
                item.metric.key, byRow[item.row] ?? [], byRow[item.baseline] ?? [], &sums)
            return VarianceTable.Item(
                row: item.row, baseline: item.baseline, metric: item.metric,
                difference: item.difference, layout: found.layout, obstacle: found.obstacle,
                leftOut: item.looks.leftOut)
        }
        var table = VarianceTable.make(
            items, title: input.summary.isEmpty ? input.name : "\(input.name): \(input.summary)",
            identifier: input.name, labelHeader: input.labelHeader, noun: sums.noun ?? "clip")
        table.notes += sweep.facts.dataNotes
        ImportedResults.mark(&table, trials)
        table.sortFootnotes()
        return table
    }

    /// None where the two were not tested on the same items for two seeds.
    private static func layout(
        _ metric: String, _ row: [TrialRecord], _ baseline: [TrialRecord], _ sums: inout GroupSums
    ) throws -> (layout: TwoWayLayout?, obstacle: VarianceTable.Obstacle?) {
        let others = Dictionary(
            baseline.map { ($0.seed, $0) }, uniquingKeysWith: { first, _ in first })
        var differences: [[Double]] = []
        var shape: GroupSums.Shape?
        for trial in row.sorted(by: { $0.seed < $1.seed }) {
            guard let other = others[trial.seed], let own = try sums.of(trial, metric),
                let against = try sums.of(other, metric)
            else { continue }
            // What a number means in one file it need not mean in another.
            if own.shape.numbering == .ofFile || against.shape.numbering == .ofFile {
                return (nil, .unnamed)
            }
            // Another test set would be another comparison.
            guard own.shape == against.shape, shape.map({ $0 == own.shape }) ?? true
            else { return (nil, .otherItems) }
            shape = own.shape
            differences.append(
                own.shape.groups.map { (own.sums[$0] ?? 0) - (against.sums[$0] ?? 0) })
        }
        return (TwoWayLayout(sums: differences, sizes: shape?.sizes ?? []), nil)
    }
}

/// What the predictions of trials sum to in each group of test items.
private struct GroupSums {
    struct Sums {
        var shape: Shape
        var sums: [Int: Double]
    }

    /// What a test set is made of.
    struct Shape: Equatable {
        var numbering: ItemNumbering
        /// Ascending.
        var groups: [Int]
        /// How many items each has.
        var sizes: [Int]
    }

    private let sweep: SweepReading
    private(set) var noun: String?
    private var known: [Digest: [String: Sums]] = [:]

    init(_ sweep: SweepReading) { self.sweep = sweep }

    /// Nil where a trial left no predictions, or the metric is no mean over them.
    mutating func of(_ trial: TrialRecord, _ metric: String) throws -> Sums? {
        for digest in try sweep.store.stages(ofTrial: trial.digest) {
            if known[digest] == nil { known[digest] = try read(digest) }
            if let sums = known[digest]?[metric] { return sums }
        }
        return nil
    }

    private mutating func read(_ digest: Digest) throws -> [String: Sums] {
        let stage = try sweep.store.stage(digest)
        guard stage.status == .finished,
            let evaluation = sweep.study.groups.first(where: { $0.stage == stage.kind }),
            let predictions = try sweep.predictions(of: stage), predictions.count > 0
        else { return [:] }
        noun = predictions.noun
        var found: [String: Sums] = [:]
        for figure in sweep.figures {
            guard let values = predictions.itemValues(of: figure) else { continue }
            var sums: [Int: Double] = [:]
            var sizes: [Int: Int] = [:]
            for (value, group) in zip(values, predictions.clusters) {
                sums[group, default: 0] += value
                sizes[group, default: 0] += 1
            }
            let groups = sizes.keys.sorted()
            found[evaluation.key(figure)] = Sums(
                shape: Shape(
                    numbering: predictions.numbering, groups: groups,
                    sizes: groups.compactMap { sizes[$0] }), sums: sums)
        }
        return found
    }
}
