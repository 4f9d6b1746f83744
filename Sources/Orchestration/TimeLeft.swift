import Digests
public import ResultsStore

/// Predicts, while a run goes on, when it will be over: from what its own stages took as soon as
/// there are some, before that from earlier runs.
public struct TimeLeft: Sendable {
    /// What is known of a kind of stage.
    private struct Kind: Sendable {
        var known: MeasuredRate?
        var work = 0.0
        var seconds = 0.0
        var count = 0
        var left = 0.0
        var largest = 0.0
        /// Where one of them alone uses all threads: what one thread does of it.
        var serialShare: Double?

        mutating func add(_ work: Double) {
            left += work
            largest = max(largest, work)
        }

        /// From this run as soon as one of the kind has finished.
        var rate: (value: Double, error: Double)? {
            guard count > 0 else {
                return known.map {
                    (
                        $0.secondsPerWork,
                        max(
                            PlanForecast.leastDeviation,
                            $0.spread / Double($0.count).squareRoot())
                    )
                }
            }
            let error = max(known?.spread ?? 0.1, 0.02) / Double(count).squareRoot()
            return (seconds / work, error)
        }
    }

    private let workers: Int
    private let threads: Int
    private var kinds: [String: Kind]
    /// Stages that are not over: their work, and the share of it that is done.
    private var open: [Digest: (kind: String, work: Double, share: Double)]

    public init(
        _ plan: RunPlan, rates: [String: MeasuredRate], workers: Int, threads: Int? = nil
    ) {
        self.workers = max(1, workers)
        self.threads = max(self.workers, threads ?? 1)
        kinds = rates.mapValues { Kind(known: $0) }
        open = [:]
        for (number, stage) in plan.graph.stages.enumerated()
        where plan.intents[number] == .run || plan.intents[number] == .rebuild {
            open[stage.id] = (stage.kind, stage.work, 0)
            kinds[stage.kind, default: Kind()].add(stage.work)
            if stage.sharesItsTime { kinds[stage.kind]?.serialShare = stage.serialShare }
        }
    }

    /// Of a sweep as a store has it, whoever runs it.
    ///
    /// - Parameters:
    ///   - kinds: what is left of each.
    ///   - done: shares of running stages that are done, as work of their kind.
    ///   - threads: that may be busy at once; as many as workers if left out.
    ///   - serialShares: of the kinds whose stages share their time among threads.
    public init(
        left kinds: [StagesOfKind], done: [String: Double], rates: [String: MeasuredRate],
        workers: Int, threads: Int? = nil, serialShares: [String: Double] = [:]
    ) {
        self.workers = max(1, workers)
        self.threads = max(self.workers, threads ?? 1)
        self.kinds = rates.mapValues { Kind(known: $0) }
        open = [:]
        for kind in kinds where kind.workLeft > 0 {
            var entry = self.kinds[kind.kind] ?? Kind()
            entry.left = max(0, kind.workLeft - (done[kind.kind] ?? 0))
            entry.largest = kind.largestWorkLeft
            entry.serialShare = serialShares[kind.kind]
            self.kinds[kind.kind] = entry
        }
    }

    /// Learns from an event of the run.
    public mutating func take(_ event: RunEvent) {
        switch event {
        case .progress(let stage, _, let progress):
            open[stage.id]?.share = Double(progress.step) / Double(max(1, progress.steps))
        case .retrying(let stage, _, _, _), .stopped(let stage, _):
            open[stage.id]?.share = 0
        case .finished(let stage, _, let seconds, _, let threadSeconds):
            close(stage)
            kinds[stage.kind]?.work += stage.work
            kinds[stage.kind]?.seconds += threadSeconds ?? seconds
            kinds[stage.kind]?.count += 1
        case .rebuilding(let stage):
            open[stage.id] = (stage.kind, stage.work, 0)
            kinds[stage.kind, default: Kind()].add(stage.work)
        case .failed(let stage, _, _, _), .postponed(let stage, _, _, _),
            .failedElsewhere(let stage, _),
            .finishedElsewhere(let stage):
            close(stage)
        default:
            break
        }
    }

    private mutating func close(_ stage: Stage) {
        guard let entry = open.removeValue(forKey: stage.id) else { return }
        kinds[entry.kind]?.left -= entry.work
    }

    /// Units: seconds, with one standard deviation; nil while a kind that is still to run was never
    /// measured.
    public var estimate: (seconds: Double, deviation: Double)? {
        var done: [String: Double] = [:]
        for stage in open.values where stage.share > 0 {
            done[stage.kind, default: 0] += stage.work * stage.share
        }
        var total = 0.0
        var variance = 0.0
        var longest = 0.0
        for (name, kind) in kinds.sorted(by: { $0.key < $1.key }) where kind.left > 1e-9 {
            guard let rate = kind.rate else { return nil }
            let left = max(0, kind.left - (done[name] ?? 0))
            func speed(_ threads: Double) -> Double {
                kind.serialShare.map { ThreadSpeed.factor(threads: threads, serialShare: $0) } ?? 1
            }
            // Each worker has its share of the threads.
            let parallel = Double(workers) * speed(Double(threads) / Double(workers))
            let seconds = left * rate.value / parallel
            total += seconds
            variance += (seconds * rate.error) * (seconds * rate.error)
            longest = max(
                longest, min(kind.largest, left) * rate.value / speed(Double(threads)))
        }
        return (max(total, longest), variance.squareRoot())
    }
}
