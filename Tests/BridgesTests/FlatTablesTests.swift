import Bridges
import Digests
import Files
import Foundation
import ResultsStore
import TestSupport
import Testing

@Suite("A sweep as comma-separated values")
struct FlatTablesTests {
    private let toys: StoredToys

    init() throws { toys = try StoredToys() }

    private func table(_ name: String) throws -> CommaSeparatedTable {
        try CommaSeparatedTable(
            parsing: String(contentsOfFile: toys.path("out/\(name).csv"), encoding: .utf8))
    }

    private func export() throws -> ExportSummary {
        try SweepExport("toys", to: .csv, output: toys.path("out")).write(from: toys.store).summary
    }

    @Test("has a line a trial, with settings, seed and figures to the last digit")
    func trials() throws {
        try toys.finish(5)
        try toys.fail(6, reason: "no luck, \"none\"")
        _ = try export()
        let table = try table("trials")
        #expect(
            table.header == [
                "sweep", "trial", "row", "label", "seed", "status", "reason", "digest", "size",
                "bonus", "chance_points", "score_points", "started", "seconds",
                "peak_memory_bytes", "build",
            ])
        #expect(table.rows.count == 8)
        #expect(
            Array(table.rows[3].fields.dropFirst(2)) == [
                "1", "size 1, bonus 0.5", "1", "finished", "",
                toys.registration.trials[3].id.description,
                "1", "0.5", "5.0", "11.5", "1700000300.25", "24.0", "1048576", "test",
            ])
        #expect(table.rows[6].fields[5...6] == ["failed", "no luck, \"none\""])
        #expect(table.rows[7].fields[5] == "pending" && table.rows[7].fields[11] == "")
    }

    @Test("has a line a point of each curve of training, and nothing of histograms")
    func curves() throws {
        try toys.finish(1)
        _ = try export()
        let points = try table("curves").rows.map { Array($0.fields.dropFirst(2)) }
        #expect(
            points == [
                ["0", "score", "loss", "1", "2.5"], ["0", "score", "loss", "2", "inf"],
                ["0", "score", "loss", "4", "0.1"],
            ])
    }

    @Test("has all curves over steps of training, those first that the study names first")
    func manyCurves() throws {
        try toys.finishWithChecks(0)
        _ = try export()
        let points = try table("curves").rows.map { Array($0.fields.dropFirst(3)) }
        #expect(
            points == [
                ["score", "loss", "1", "2.5"], ["score", "loss", "2", "inf"],
                ["score", "loss", "4", "0.1"], ["score", "checked_points", "0", "50.0"],
                ["score", "checked_points", "4", "75.0"],
            ])
    }

    @Test("is written again while the sweep goes on; nothing is written where nothing is new")
    func again() throws {
        try toys.finish(2)
        #expect(try export().written == 8)
        let before = try FileManager.default.attributesOfItem(atPath: toys.path("out/trials.csv"))
        #expect(try export().written == 0)
        let after = try FileManager.default.attributesOfItem(atPath: toys.path("out/trials.csv"))
        #expect(before[.systemFileNumber] as? Int == after[.systemFileNumber] as? Int)
        try toys.finish(3)
        #expect(try export().written == 1)
    }

    @Test("goes into no folder of somebody else, nor of another form or plan")
    func foreign() throws {
        try toys.folder.write("mine", to: "out/notes.txt")
        #expect(throws: BridgesError.notAnExport(path: toys.path("out"))) { try export() }
        let mlflow = SweepExport("toys", to: .mlflow, output: toys.path("other"))
        _ = try mlflow.write(from: toys.store)
        #expect(throws: BridgesError.otherExport(path: toys.path("other"), sweep: "toys")) {
            _ = try SweepExport("toys", to: .csv, output: toys.path("other")).write(
                from: toys.store)
        }
    }
}
