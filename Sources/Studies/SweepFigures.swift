import Analysis
public import Digests
import Foundation
public import Reports
public import ResultsStore
import Sweeps

/// The figures of a sweep, from the store alone: what was not measured makes no figure.
public struct SweepFigures: Sendable {
    public let sweep: SweepRecord
    public let trials: [TrialRecord]
    let study: any Study
    /// Of each trial, in the order of ``trials``.
    private let stages: [[FinishedStage]]
    /// The rows that figures with one curve a row show.
    public let featured: [Int]
    /// Says which rows those are, where they are not all.
    public let selection: String?
    /// Whether they are of a single trial.
    public let isOfOneTrial: Bool
    let table: Table
    /// What the table was made from.
    let input: ComparisonInput
    let attributions: [SweepTable.NamedAttribution]

    /// A finished stage with its curves and with what it said of its test items.
    public struct FinishedStage: Sendable {
        public var record: StageRecord
        public var predictions: (any StoredPredictions)?
        public var curves: [String: [CurvePoint]]
    }

    /// More curves than this in a figure are told apart by nobody.
    static let maximumFeatured = 8

    /// - Parameters:
    ///   - trial: what stages of this one alone have left; nil for all trials.
    ///   - readsStages: whether to read what stages have left, without which there are no curves, no
    ///     predictions and no drawings of the study.
    /// - Throws: `StoreError` for an unknown sweep.
    public init(
        _ sweep: String, from store: StudyStore, only trial: Digest? = nil, readsStages: Bool = true
    ) throws {
        let reading = try store.sweep(sweep)
        let results = store.store
        self.sweep = reading.record
        study = reading.study
        isOfOneTrial = trial != nil
        trials = try reading.trials(
            with: reading.study.defaultFigures, among: trial.map { [$0] })
        input =
            try trial == nil
            ? SweepTable.input(reading) : SweepTable.input(reading.sweep, trials: trials)
        table = SweepTable.table(from: input, TableOptions())
        attributions =
            try trial == nil
            ? SweepTable.namedAttributions(reading, figures: reading.figures) : []
        var known: [Digest: FinishedStage] = [:]
        let digests =
            readsStages
            ? try results.stagesByTrial(of: sweep, among: trial.map { [$0] }) : [:]
        stages = try trials.map { trial in
            try (digests[trial.digest] ?? []).compactMap { digest in
                if let stage = known[digest] { return stage }
                let record = try results.stage(digest)
                guard record.status == .finished else { return nil }
                let stage = FinishedStage(
                    record: record, predictions: try reading.predictions(of: record),
                    curves: try results.curves(of: digest))
                known[digest] = stage
                return stage
            }
        }
        let rows = Array(Set(trials.map(\.row))).sorted()
        if rows.count <= Self.maximumFeatured {
            featured = rows
            selection = nil
        } else {
            let table = table
            let labels = Set(
                table.rows.filter { row in row.isBaseline || row.cells.contains(where: \.isBest) }
                    .map(\.label))
            let chosen = Set(trials.filter { labels.contains($0.label) }.map(\.row)).sorted()
            let isChosen = chosen.count > 1
            featured = Array((isChosen ? chosen : rows).prefix(Self.maximumFeatured))
            selection =
                "Of \(rows.count) configurations, "
                + (isChosen
                    ? "the baseline and rows that may be the best of a metric, \(featured.count) at most."
                    : "the first \(featured.count).")
        }
    }

    /// In the order of a report.
    public var all: [Figure] { ofTable + ofStages }

    /// Those of the table's figures: differences, interactions, maps of two settings, bars.
    public var ofTable: [Figure] {
        (forests + interactions + grids + tuningFigures
            + Figure.bars(from: table).filter { !$0.identifier.hasSuffix("-n") })
            .filter { !$0.isEmpty }
    }

    /// Those of what stages have left.
    public var ofStages: [Figure] { study.drawings(of: self).filter { !$0.isEmpty } }

    // MARK: What figures share

    public func label(ofRow row: Int) -> String {
        trials.first { $0.row == row }?.label ?? "\(row)"
    }

    /// Whole sentences, those that there are.
    public func caption(_ sentences: String?...) -> String {
        sentences.compactMap { $0 }.joined(separator: " ")
    }

    /// The stages of one kind of a row's trials, with their seeds.
    public func stages(
        ofRow row: Int, _ kind: String
    ) -> [(seed: Int, stage: FinishedStage)] {
        zip(trials, stages).filter { $0.0.row == row }.compactMap { trial, stages in
            stages.first { $0.record.kind == kind }.map { (trial.seed, $0) }
        }
    }

    /// A word for file names.
    public func identifier(_ words: String...) -> String {
        ([sweep.name] + words).joined(separator: "-")
    }

    /// What is written above the drawings of an evaluation.
    public func title(_ stage: String) -> String {
        study.allEvaluations.first { $0.stage == stage }?.header ?? stage
    }
}
