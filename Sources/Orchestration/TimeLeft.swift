import Digests
public import ResultsStore

/// Predicts, while a run goes on, when it will be over: from what its own stages took as soon as
/// there are some, before that from earlier runs.
public struct TimeLeft: Sendable {
    /// A stage that is not over.
    private struct OpenStage: Sendable {
        let kind: String
        let work: Double
        /// Of its work, what is done.
        var share = 0.0
        /// Where it was when its first word came: what it loads before that is no measure of its pace, and what an earlier
        /// attempt has done took no time.
        var first: (share: Double, seconds: Double)?
        var seconds = 0.0

        /// What this attempt has done since, in work and in seconds of its threads.
        var pace: (work: Double, seconds: Double)? {
            guard let first, share > first.share, seconds > first.seconds else { return nil }
            return (work * (share - first.share), seconds - first.seconds)
        }

        mutating func take(_ progress: StageProgress, _ threadSeconds: Double?) {
            share = Double(progress.step) / Double(max(1, progress.steps))
            guard let threadSeconds else { return }
            seconds = threadSeconds
            if first.map({ share < $0.share }) ?? true { first = (share, seconds) }
        }

        mutating func beginAgain() { self = OpenStage(kind: kind, work: work) }

        init(kind: String, work: Double) {
            self.kind = kind
            self.work = work
        }
    }

    /// What stages under way say of their kind.
    private struct Underway {
        var work = 0.0
        var seconds = 0.0
        /// In stages: two that are half done are one.
        var count = 0.0

        mutating func add(_ pace: (work: Double, seconds: Double), of stage: Double) {
            work += pace.work
            seconds += pace.seconds
            count += pace.work / stage
        }
    }

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

        /// From this run as soon as one of the kind has finished, or a quarter of one is done; until then the more
        /// the more is done.
        func rate(_ underway: Underway?) -> (value: Double, error: Double)? {
            let before = known.map {
                (
                    value: $0.secondsPerWork,
                    error: max(
                        PlanForecast.leastDeviation, $0.spread / Double($0.count).squareRoot())
                )
            }
            let seen = Double(count) + (underway?.count ?? 0)
            guard seen > 0 else { return before }
            let value = (seconds + (underway?.seconds ?? 0)) / (work + (underway?.work ?? 0))
            let error = max(known?.spread ?? 0.1, 0.02) / seen.squareRoot()
            guard let before, count == 0, seen < Self.tellingShare else { return (value, error) }
            let weight = seen / Self.tellingShare
            return (
                before.value + weight * (value - before.value),
                max(before.error, abs(value / before.value - 1) * (1 - weight))
            )
        }

        /// So much of a stage says what the others of its kind will take.
        private static let tellingShare = 0.25
    }

    private let workers: Int
    private let threads: Int
    private var kinds: [String: Kind]
    private var open: [Digest: OpenStage]

    public init(
        _ plan: RunPlan, rates: [String: MeasuredRate], workers: Int, threads: Int? = nil
    ) {
        self.workers = max(1, workers)
        self.threads = max(self.workers, threads ?? 1)
        kinds = rates.mapValues { Kind(known: $0) }
        open = [:]
        for (number, stage) in plan.graph.stages.enumerated()
        where plan.intents[number] == .run || plan.intents[number] == .rebuild {
            open[stage.id] = OpenStage(kind: stage.kind, work: stage.work)
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
        case .progress(let stage, _, let progress, let threadSeconds):
            open[stage.id]?.take(progress, threadSeconds)
        case .retrying(let stage, _, _, _), .stopped(let stage, _):
            open[stage.id]?.beginAgain()
        case .finished(let stage, _, let seconds, _, let threadSeconds):
            close(stage)
            kinds[stage.kind]?.work += stage.work
            kinds[stage.kind]?.seconds += threadSeconds ?? seconds
            kinds[stage.kind]?.count += 1
        case .rebuilding(let stage):
            open[stage.id] = OpenStage(kind: stage.kind, work: stage.work)
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
        var underway: [String: Underway] = [:]
        // In an order of its own, so that the same run says the same.
        for (_, stage) in open.filter({ $0.value.share > 0 }).sorted(by: { $0.key < $1.key }) {
            done[stage.kind, default: 0] += stage.work * stage.share
            guard let pace = stage.pace, stage.work > 0 else { continue }
            underway[stage.kind, default: Underway()].add(pace, of: stage.work)
        }
        var total = 0.0
        var variance = 0.0
        var longest = 0.0
        for (name, kind) in kinds.sorted(by: { $0.key < $1.key }) where kind.left > 1e-9 {
            guard let rate = kind.rate(underway[name]) else { return nil }
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
