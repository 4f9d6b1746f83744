public import Analysis
public import Digests
import ResultsStore

/// How certain the figures of single trials are, given that their test sets are samples of items: 95 %
/// intervals from the predictions in the store, whole groups of items taken together.
public struct ItemIntervals: Sendable {
    /// How large the test sets are; the range where trials differ in it.
    public struct TestSets: Sendable, Hashable {
        public var predictions: ClosedRange<Int>
        public var items: ClosedRange<Int>
        public var groups: ClosedRange<Int>
        /// What an item is called: "clip".
        public var noun: String
    }

    /// By trial, then by metric (`probe_accuracy`); what left no predictions has none.
    public private(set) var byTrial: [Digest: [String: ConfidenceInterval]] = [:]
    /// Figures that have an interval in some trial, and those that have none in some though there are predictions, with
    /// the reason.
    private var found: Set<String> = []
    private var missing: [String: String] = [:]
    /// Nil where no trial left predictions.
    public private(set) var testSets: TestSets?

    /// Reads the predictions of some trials of a sweep.
    init(of trials: [TrialRecord], in sweep: SweepReading) throws {
        var known: [Digest: [String: ConfidenceInterval]] = [:]
        let stages = try sweep.store.stagesByTrial(
            of: sweep.record.name, among: trials.count > 500 ? nil : trials.map(\.digest))
        for trial in trials {
            for digest in stages[trial.digest] ?? [] {
                if known[digest] == nil {
                    known[digest] = try intervals(of: sweep.store.stage(digest), in: sweep)
                }
                byTrial[trial.digest, default: [:]].merge(known[digest] ?? [:]) { first, _ in first
                }
            }
        }
    }

    private mutating func intervals(
        of stage: StageRecord, in sweep: SweepReading
    ) throws -> [String: ConfidenceInterval] {
        guard stage.status == .finished,
            let evaluation = sweep.study.allEvaluations.first(where: { $0.stage == stage.kind }),
            let predictions = try sweep.predictions(of: stage),
            predictions.count > 0
        else { return [:] }
        note(predictions)
        var intervals: [String: ConfidenceInterval] = [:]
        for figure in sweep.study.figures where evaluation.leaves(figure) {
            let interval = predictions.interval(of: figure.name)
            intervals[evaluation.key(figure.name)] = interval
            if interval == nil {
                missing[figure.name] = missing[figure.name] ?? predictions.absence(of: figure.name)
            } else {
                found.insert(figure.name)
            }
        }
        return intervals
    }

    private mutating func note(_ predictions: any StoredPredictions) {
        func joined(_ range: ClosedRange<Int>?, _ count: Int) -> ClosedRange<Int> {
            min(range?.lowerBound ?? count, count)...max(range?.upperBound ?? count, count)
        }
        testSets = TestSets(
            predictions: joined(testSets?.predictions, predictions.count),
            items: joined(testSets?.items, Set(predictions.items).count),
            groups: joined(testSets?.groups, Set(predictions.clusters).count),
            noun: predictions.noun)
    }
}

extension ItemIntervals {
    /// What is to be said of figures that have no interval, such as F1, which is no mean over items.
    func reasons(for figures: [FigureDefinition]) -> [String] {
        figures.compactMap { figure in
            missing[figure.name].map { reason in
                "\(figure.header): no interval\(found.contains(figure.name) ? " in some trials" : ""), since \(reason)."
            }
        }
    }

    /// What the intervals are, in whole sentences: for footnotes.
    public var explanation: [String] {
        guard let testSets else {
            return ["No trial has left predictions: there are no intervals."]
        }
        // Why there are none is said of each figure.
        guard !found.isEmpty else { return [] }
        func text(_ range: ClosedRange<Int>, _ noun: String) -> String {
            let count =
                range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)–\(range.upperBound)"
            return "\(count) \(noun)\(range == 1...1 ? "" : "s")"
        }
        let items =
            testSets.groups == testSets.items
            ? text(testSets.items, testSets.noun)
            : "\(text(testSets.items, testSets.noun)) in \(text(testSets.groups, "group"))"
        let unit = testSets.groups == testSets.items ? testSets.noun : "group"
        return [
            "[ ]: 95 % interval of one trial, from its \(text(testSets.predictions, "prediction")) on "
                + "\(items) of the test split: what other \(testSets.noun)s could have given the same model. "
                + "Other seeds are another matter: see the ± over seeds.",
            "Shares: Wilson's interval for the effective number of predictions; errors: Student's on "
                + "the logarithm of the mean; variances by the jackknife over whole \(unit)s.",
        ]
    }
}
