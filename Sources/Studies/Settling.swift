import Analysis
import Orchestration
public import Reports
public import ResultsStore

/// A sweep that gets seeds until each of its rows has a verdict: what is known, and what runs next.
///
/// Seeds go in blocks, in the order of the plan, to rows that are undecided in some metric and to the
/// rows that these are compared with. The plan is open, so that looking after every block costs nothing
/// that its intervals do not hold already.
public struct Settling: Sendable {
    /// Trials to run before the next look.
    public struct Block: Sendable {
        public var trials: [PlannedTrial]
        /// The labels of the rows that get seeds for their own sake.
        public var rows: [String]
        /// The largest number of seeds that one of these rows will have.
        public var seeds: Int
    }

    public let verdicts: ComparisonVerdicts
    private let registration: SweepRegistration
    private let statuses: [RowAndSeed: TrialStatus]

    private struct RowAndSeed: Hashable {
        var row: Int
        var seed: Int
    }

    /// Looks at what a run's plan has by now.
    ///
    /// Throws: `StoreError`.
    public init(_ run: StudyRun) throws {
        let reading = try run.store.sweep(run.name)
        self.init(
            run.registration, trials: try reading.store.trials(of: run.name),
            verdicts: ComparisonVerdicts(try SweepTable.input(reading)))
    }

    package init(
        _ registration: SweepRegistration, trials: [TrialRecord], verdicts: ComparisonVerdicts
    ) {
        self.registration = registration
        self.verdicts = verdicts
        statuses = Dictionary(
            trials.map { (RowAndSeed(row: $0.row, seed: $0.seed), $0.status) },
            uniquingKeysWith: { first, _ in first })
    }

    /// The comparisons without a verdict.
    public var undecided: [ComparisonVerdicts.Item] {
        verdicts.items.filter { !$0.verdict.isDecided }
    }

    /// The seeds of the plan, in its order.
    private var seeds: [Int] {
        var seen: Set<Int> = []
        return registration.trials.map(\.seed).filter { seen.insert($0).inserted }
    }

    /// What runs next; nil where every row has its verdicts, or all seeds of the plan, or the same
    /// difference in so many pairs that more would say no more.
    public var next: Block? {
        let seeds = seeds
        var wanted: Set<RowAndSeed> = []
        var block = Block(trials: [], rows: [], seeds: 0)
        for row in registration.rows {
            let open = undecided.filter { $0.row == row.label && !$0.isConstant }
            guard !open.isEmpty, let baseline = row.baseline else { continue }
            let asked = seeds.firstIndex { isLeft(row.index, $0) || isLeft(baseline, $0) }
            guard let asked else { continue }
            // A row that always fails gets no verdict by more seeds.
            if asked >= Self.mostInVain, open.allSatisfy({ $0.pairs == 0 }) { continue }
            let target = min(seeds.count, Self.target(open, asked: asked))
            block.rows.append(row.label)
            block.seeds = max(block.seeds, target)
            for seed in seeds.prefix(target) {
                wanted.insert(.init(row: row.index, seed: seed))
                wanted.insert(.init(row: baseline, seed: seed))
            }
        }
        block.trials = registration.trials.filter { trial in
            wanted.contains(.init(row: trial.row, seed: trial.seed))
                && isLeft(trial.row, trial.seed)
        }
        return block.trials.isEmpty ? nil : block
    }

    /// Seeds without a single pair after which no more are tried.
    private static let mostInVain = 10

    /// Whether a trial is neither finished nor failed.
    private func isLeft(_ row: Int, _ seed: Int) -> Bool {
        switch statuses[.init(row: row, seed: seed)] {
        case .pending, .running: true
        default: false
        }
    }

    /// How many seeds a row has after the next block: as many as bound anything at first, then about as
    /// many as the nearest verdict would take, a half more at most.
    private static func target(_ open: [ComparisonVerdicts.Item], asked: Int) -> Int {
        let fewest =
            open.compactMap { item in
                item.looks.count(forHalfWidth: 1e6, alpha: item.alpha)
            }.min() ?? Looks.fewestPairs
        if asked < fewest { return fewest }
        let nearest = open.compactMap { $0.pairsNeeded() }.filter { $0 > asked }.min()
        return min(max(nearest ?? 0, asked + 2), asked + max(2, asked / 2))
    }
}
