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

    @Test("memory that nobody has seen is a dash with a reason, not that of this program")
    func unseen() throws {
        let sweep = try StoredSweep(in: folder.url)
        let options = TableOptions(showsCost: true)
        func table() throws -> Table {
            try SweepTable.make("written", from: sweep.store.read, options: options)
        }
        let reason = "memory –: the programs were gone before anybody could look, in 0.1 s or less"
        #expect(try !table().notes.contains(reason))
        try sweep.store.execute(sql: "UPDATE stages SET peak_memory = NULL")
        let unseen = try table()
        let column = try #require(unseen.columns.firstIndex { $0.key == "mebibytes" })
        #expect(unseen.rows.allSatisfy { $0.cells[column].value == nil })
        #expect(unseen.notes.contains(reason))
    }
}
