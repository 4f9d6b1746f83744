import Analysis
import Digests
import Reports
import ResultsStore
import Studies
import Testing

@Suite("Seeds until every row is settled")
struct SettlingTests {
    private static let scatter = [0.3, -0.2, 0.5, 0.1, -0.4, 0.2, -0.1, 0.4, 0.0, -0.3]
    private static let labels = ["none", "large", "small"]

    private var registration: SweepRegistration {
        SweepRegistration(
            name: "settled",
            rows: Self.labels.enumerated().map {
                PlannedRow(index: $0, label: $1, isBaseline: $0 == 0, baseline: 0)
            },
            trials: Self.labels.indices.flatMap { row in
                (0..<20).map { seed in
                    PlannedTrial(
                        id: Digest(of: "\(row) \(seed)"), row: row, seed: seed, stages: [])
                }
            }, stages: [], testedMetrics: 1, isOpen: true)
    }

    /// The first rows' seeds that are finished, and those that have failed.
    ///
    /// - Parameter equal: whether all rows have the same figures.
    private func settling(
        _ finished: [Int], failed: [Int] = [], equal: Bool = false
    ) -> Settling {
        let registration = registration
        let metric = ComparisonInput.Metric(key: "score", header: "score", better: .higher)
        var records: [TrialRecord] = []
        var rows: [ComparisonInput.Configuration] = []
        for (row, label) in Self.labels.enumerated() {
            var trials: [ComparisonInput.Trial] = []
            for seed in 0..<20 {
                let isFailed = failed.contains(seed) && row > 0
                let isFinished = seed < finished[row] && !isFailed
                records.append(
                    TrialRecord(
                        row: row, label: label, baseline: 0, seed: seed,
                        digest: Digest(of: "\(row) \(seed)"),
                        status: isFailed ? .failed : isFinished ? .finished : .pending))
                let shift =
                    equal ? 0 : [0, 5, 0.2][row] + Self.scatter[(seed * 3 + row * 7) % 10]
                trials.append(
                    .init(
                        seed: seed,
                        status: isFailed ? .failed : isFinished ? .finished : .pending,
                        metrics: isFinished ? ["score": 50 + shift] : [:]))
            }
            rows.append(
                .init(
                    label: label, trials: trials, isBaseline: row == 0, looks: .open(first: [])))
        }
        return Settling(
            registration, trials: records,
            verdicts: ComparisonVerdicts(
                ComparisonInput(name: "settled", configurations: rows, metrics: [metric])))
    }

    private func seeds(_ block: Settling.Block?, row: Int) -> [Int] {
        (block?.trials ?? []).filter { $0.row == row }.map(\.seed)
    }

    @Test("the first block has as many seeds as bound anything, for all rows")
    func first() throws {
        let block = try #require(settling([0, 0, 0]).next)
        let fewest = try #require(Looks.open(first: []).count(forHalfWidth: 1e6, alpha: 0.025))
        #expect(fewest == 5)
        for row in 0..<3 { #expect(seeds(block, row: row) == Array(0..<fewest)) }
        #expect(block.rows == ["large", "small"] && block.seeds == fewest)
    }

    @Test("rows that fail with each of ten seeds get no more")
    func inVain() {
        #expect(settling([9, 9, 9], failed: Array(0..<9)).next != nil)
        #expect(settling([10, 10, 10], failed: Array(0..<10)).next == nil)
    }

    @Test("a row with a verdict gets no more seeds, an undecided one and its baseline do")
    func undecided() throws {
        let settling = settling([8, 8, 8])
        #expect(settling.undecided.map(\.row) == ["small"])
        let block = try #require(settling.next)
        #expect(block.rows == ["small"])
        #expect(seeds(block, row: 1) == [])
        #expect(seeds(block, row: 2).first == 8 && seeds(block, row: 0) == seeds(block, row: 2))
        // Half as many again at most.
        #expect(block.seeds <= 12 && block.seeds >= 10)
    }

    @Test("what was cut off goes on where it was")
    func resumed() throws {
        let block = try #require(settling([10, 8, 9]).next)
        #expect(seeds(block, row: 2).first == 9)
        #expect(seeds(block, row: 0) == Array(10..<block.seeds))
    }

    @Test("a row with the same difference in ten pairs gets no more seeds; in fewer it does")
    func constant() throws {
        #expect(try #require(settling([8, 8, 8], equal: true).next).rows == ["large", "small"])
        let ended = settling([10, 10, 10], equal: true)
        #expect(ended.next == nil && ended.undecided.count == 2)
    }

    @Test("failed trials are not tried again, and at the last seed it ends")
    func ended() throws {
        #expect(settling([20, 20, 20]).next == nil)
        #expect(!settling([20, 20, 20]).undecided.isEmpty)
        let failed = try #require(settling([8, 8, 8], failed: [8, 9]).next)
        #expect(!seeds(failed, row: 2).contains(8))
        #expect(settling([20, 20, 18], failed: [18, 19]).next == nil)
    }
}
