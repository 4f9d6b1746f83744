import Foundation
import MCSimCLRStudy
import Reports
import Studies
import Sweeps
import TestSupport
import Testing

@Suite("Rows and columns that were asked for")
struct SweepTableRowTests {
    private func table(_ evaluation: String, _ more: String = "") throws -> Table {
        let folder = try TemporaryFolder()
        let sweep = try StoredSweep(
            in: folder.url,
            text: """
                name: written
                data: {source: builtin, clips: 40, classes: 4}
                base: {encoder: {channels: [8, 8, 8], recurrent_units: 8}, batch_size: 8}
                parameters:
                  augmentations: [[], [mixup]]
                \(more)
                seeds: [0, 1]
                evaluation: [\(evaluation)]
                """)
        return try SweepTable.make("written", from: sweep.store.read)
    }

    @Test("without pretraining there are references alone, one for each of their contexts")
    func referencesAlone() throws {
        let table = try table("scratch, random", "  finetuning_learning_rate: [0.001, 0.01]")
        #expect(
            table.rows.map(\.label) == [
                "random encoder", "supervised from scratch (finetuning_learning_rate 0.001)",
                "supervised from scratch (finetuning_learning_rate 0.01)",
            ])
        let text = TableFormat.terminal.text(of: table)
        #expect(!text.contains("missing") && !text.contains("not measured"))
        #expect(!text.contains("references apart"))
    }

    @Test("a column of references alone is none that other rows lack")
    func columnsOfReferences() throws {
        let table = try table("probe, scratch")
        #expect(table.rows.map(\.label) == ["none", "Mixup", "supervised from scratch"])
        let text = TableFormat.terminal.text(of: table)
        #expect(!text.contains("missing") && !text.contains("not measured"))
        #expect(table.rows[0].cells[3].content == .notApplicable)
    }
}
