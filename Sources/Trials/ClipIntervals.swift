public import Analysis
public import Digests
package import MCSimCLR
public import ResultsStore

/// How certain the figures of single trials are, given that their test sets are samples of clips:
/// 95 % intervals from the predictions in the store, whole groups of clips taken together.
public struct ClipIntervals: Sendable {
    /// How large the test sets are; the range where trials differ in it.
    public struct TestSets: Sendable, Hashable {
        public var predictions: ClosedRange<Int>
        public var clips: ClosedRange<Int>
        public var groups: ClosedRange<Int>
    }

    /// By trial, then by metric (`probe_accuracy`); what left no predictions has none.
    public private(set) var byTrial: [Digest: [String: ConfidenceInterval]] = [:]
    /// Nil where no trial left predictions.
    public private(set) var testSets: TestSets?

    /// Reads the predictions of some trials of a sweep.
    public init(of trials: [TrialRecord], in sweep: SweepRecord, from store: ResultsStore) throws {
        let facts = SweepFacts(sweep.facts)
        var known: [Digest: [String: ConfidenceInterval]] = [:]
        for trial in trials {
            for digest in try store.stages(ofTrial: trial.digest) {
                if known[digest] == nil {
                    let stage = try store.stage(digest)
                    known[digest] = intervals(
                        of: stage,
                        try StoredPredictions.read(
                            stage, kind: stage.kind, classes: facts.classNames.count, of: store),
                        groups: facts.clipGroups)
                }
                byTrial[trial.digest, default: [:]].merge(known[digest] ?? [:]) { first, _ in first
                }
            }
        }
    }

    private mutating func intervals(
        of stage: StageRecord, _ predictions: [Prediction], groups: [Int]
    ) -> [String: ConfidenceInterval] {
        guard stage.status == .finished, !predictions.isEmpty else { return [:] }
        let clusters = Self.clusters(of: predictions, groups: groups)
        note(predictions, clusters)
        return Dictionary(
            uniqueKeysWithValues: Self.intervals(of: predictions, clusters: clusters)
                .map { ("\(stage.kind)_\($0.key)", $0.value) })
    }

    private mutating func note(_ predictions: [Prediction], _ clusters: [Int]) {
        func joined(_ range: ClosedRange<Int>?, _ count: Int) -> ClosedRange<Int> {
            min(range?.lowerBound ?? count, count)...max(range?.upperBound ?? count, count)
        }
        testSets = TestSets(
            predictions: joined(testSets?.predictions, predictions.count),
            clips: joined(testSets?.clips, Set(predictions.map(\.clip)).count),
            groups: joined(testSets?.groups, Set(clusters).count))
    }

    /// The group of each prediction's clip; without groups, the clip. Several predictions of one
    /// recording stay together, with the first one's clip.
    package static func clusters(of predictions: [Prediction], groups: [Int]) -> [Int] {
        var clips: [Int: Int] = [:]
        return predictions.map { prediction in
            let clip = clips[prediction.recording] ?? prediction.clip
            clips[prediction.recording] = clip
            return groups.indices.contains(clip) ? groups[clip] : clip
        }
    }

    /// By the names of ``TableMetric``. Units: those of `EventMetrics`.
    package static func intervals(
        of predictions: [Prediction], clusters: [Int]
    ) -> [String: ConfidenceInterval] {
        let errors = predictions.map(\.azimuthError)
        func percent(_ matching: (Prediction) -> Bool) -> ConfidenceInterval? {
            ClusteredInterval.share(of: predictions.map(matching), clusters: clusters)?
                .scaled(by: 100)
        }
        let found: [TableMetric: ConfidenceInterval?] = [
            .accuracy: percent { $0.label == $0.predictedLabel },
            .error: ClusteredInterval.mean(of: errors, clusters: clusters),
            .medianError: ClusteredInterval.median(of: errors, clusters: clusters),
            .within10: percent { $0.azimuthError <= 10 },
            .within20: percent { $0.azimuthError <= 20 },
        ]
        var named: [String: ConfidenceInterval] = [:]
        for (metric, interval) in found {
            if let interval { named[metric.rawValue] = interval }
        }
        return named
    }
}

extension ClipIntervals {
    /// What the intervals are, in whole sentences: for footnotes.
    public var explanation: [String] {
        guard let testSets else {
            return ["No trial has left predictions: there are no intervals."]
        }
        func text(_ range: ClosedRange<Int>, _ noun: String) -> String {
            let count =
                range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)–\(range.upperBound)"
            return "\(count) \(noun)\(range == 1...1 ? "" : "s")"
        }
        let clips =
            testSets.groups == testSets.clips
            ? text(testSets.clips, "clip")
            : "\(text(testSets.clips, "clip")) in \(text(testSets.groups, "group"))"
        let unit = testSets.groups == testSets.clips ? "clip" : "group"
        return [
            "[ ]: 95 % interval of one trial, from its \(text(testSets.predictions, "prediction")) on "
                + "\(clips) of the test split: what other clips could have given the same model. "
                + "Other seeds are another matter: see the ± over seeds.",
            "Shares: Wilson's interval for the effective number of predictions; errors: Student's on "
                + "the logarithm of the mean; variances by the jackknife over whole \(unit)s.",
        ]
    }
}
