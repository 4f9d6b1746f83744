import ResultsStore
import Testing

@Suite("Columns of figures in trial_results")
struct MetricColumnsTests {
    private let store: ResultsStore
    private let sweep = sampleSweep()
    private struct Refused: Error {}

    init() throws {
        store = try ResultsStore(inMemory: .init())
        try store.register(sweep)
    }

    /// Records results of all probes in one transaction.
    private func record(_ name: (_ probe: Int) -> String, thenFails: Bool = false) throws {
        let probes = sweep.stages.filter { $0.kind == "probe" }
        let rows = try store.lookUp(probes).rows
        try store.transact { transaction in
            for (probe, row) in rows.enumerated() {
                try transaction.record(
                    StageAttempt(
                        outcome: .finished, result: StageResult(metrics: [name(probe): 1]),
                        seconds: 1, build: "b"),
                    stage: row, owner: 1)
            }
            if thenFails { throw Refused() }
        }
    }

    private var columns: [String] { get throws { try store.flatResults(of: "sample").columns } }

    @Test("every name of one transaction has one")
    func many() throws {
        try record { "figure_\($0)" }
        #expect(
            try columns.filter { $0.hasPrefix("figure_") } == (0..<4).map { "figure_\($0)" })
    }

    @Test("a name whose transaction failed has none, and gets it from the next")
    func failed() throws {
        #expect(throws: StoreError.self) { try record({ _ in "late" }, thenFails: true) }
        #expect(try !columns.contains("late"))
        try record { _ in "late" }
        #expect(try columns.contains("late"))
    }
}
