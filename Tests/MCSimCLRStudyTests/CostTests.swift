import Foundation
import MCSimCLRStudy
import Reports
import ResultsStore
import Studies
import TestSupport
import Testing

@Suite("What trials cost")
struct CostTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("time is told in minutes, memory in MiB: in the table and where a number is explained")
    func units() throws {
        let sweep = try StoredSweep(in: folder.url)
        try sweep.store.execute(sql: "UPDATE stages SET seconds = 90, peak_memory = 256 << 20")
        // Six stages a trial: scenes of both kinds, pretraining, probe, and two references.
        let trial = try #require(sweep.store.trials(of: "written").first)
        #expect(trial.seconds == 6 * 90)
        let table = try SweepTable.make(
            "written", from: sweep.store.read, options: TableOptions(showsCost: true))
        func value(_ table: Table, _ key: String) -> Double? {
            table.columns.firstIndex { $0.key == key }.flatMap { table.rows[0].cells[$0].value }
        }
        #expect(value(table, "minutes") == 9)
        #expect(value(table, "mebibytes") == 256)
        let answer = try SweepTable.explanation(
            ofRow: "none", column: "probe_error", in: "written", from: sweep.store.read)
        #expect(value(answer, "minutes") == 9)
    }
}
