import Analysis
import Digests
import Foundation
import MCSimCLR
public import Reports
public import ResultsStore
import Sweeps

/// The figures of a sweep, from the store alone: what was not measured makes no figure.
public struct SweepFigures: Sendable {
    let sweep: SweepRecord
    let trials: [TrialRecord]
    /// Of each trial, in the order of ``trials``.
    let stages: [[Stage]]
    /// The rows that figures with one curve a row show.
    let featured: [Int]
    /// Says which rows those are, where they are not all.
    let selection: String?
    private let table: Table

    /// A finished stage with what it has left beside its metrics.
    struct Stage: Sendable {
        var kind: StageKind
        var curves: [String: [CurvePoint]]
        var details: [String: String]
        var predictions: [Prediction]
    }

    /// More curves than this in a figure are told apart by nobody.
    private static let maximumFeatured = 8

    /// Throws: `StoreError` for an unknown sweep.
    public init(_ sweep: String, from store: ResultsStore) throws {
        self.sweep = try store.sweep(sweep)
        trials = try store.trials(of: sweep)
        table = try SweepTable.make(sweep, from: store)
        let classes = SweepFacts(self.sweep.facts).classNames.count
        var known: [Digest: Stage] = [:]
        stages = try trials.map { trial in
            try store.stages(ofTrial: trial.digest).compactMap { digest in
                if let stage = known[digest] { return stage }
                let record = try store.stage(digest)
                guard record.status == .finished, let kind = StageKind(rawValue: record.kind)
                else { return nil }
                let stage = Stage(
                    kind: kind, curves: try store.curves(of: digest), details: record.details,
                    predictions: try StoredPredictions.read(
                        record, kind: kind.rawValue, classes: classes, of: store))
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
            featured = Array(chosen.prefix(Self.maximumFeatured))
            selection =
                "Of \(rows.count) configurations, the baseline and the best mean of each metric."
        }
    }

    /// In the order of a report.
    public var all: [Figure] {
        (Figure.bars(from: table).filter { !$0.identifier.hasSuffix("-n") } + parameterFigures
            + azimuthFigures + confusionFigures + similarityFigures + lossFigures)
            .filter { !$0.isEmpty }
    }

    // MARK: What figures share

    func label(ofRow row: Int) -> String {
        trials.first { $0.row == row }?.label ?? "\(row)"
    }

    func caption(_ sentences: String?...) -> String {
        sentences.compactMap { $0 }.joined(separator: " ")
    }

    /// The stages of one kind of a row's trials, with their seeds.
    func stages(ofRow row: Int, _ kind: StageKind) -> [(seed: Int, stage: Stage)] {
        zip(trials, stages).filter { $0.0.row == row }.compactMap { trial, stages in
            stages.first { $0.kind == kind }.map { (trial.seed, $0) }
        }
    }

    /// A word for file names.
    func identifier(_ words: String...) -> String {
        ([sweep.name] + words).joined(separator: "-")
    }

    static func title(_ kind: StageKind) -> String {
        kind == .finetune ? "Fine-tuned" : "Linear probe"
    }
}
