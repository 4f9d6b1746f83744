import Bridges
import Foundation
import ResultsStore
import Studies
import TestSupport
import Testing

/// What a tracking server makes of it is checked by Tests/Bridges/check.sh.
@Suite("A sweep as requests to a tracking server")
struct MLflowExportTests {
    private let toys: StoredToys

    init() throws { toys = try StoredToys() }

    private func export() throws -> ExportSummary {
        try SweepExport("toys", to: .mlflow, output: toys.path("out")).write(from: toys.store)
            .summary
    }

    private func run(_ number: Int) throws -> [String: Any] {
        let data = try Data(contentsOf: URL(filePath: toys.path("out/runs/00000\(number).json")))
        return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    @Test("has a run a trial: its name, times in milliseconds, parameters, figures, curves")
    func run() throws {
        try toys.finish(4)
        #expect(try export().written == 4)
        let run = try run(3)
        let create = try #require(run["create"] as? [String: Any])
        #expect(create["run_name"] as? String == "size 1, bonus 0.5, seed 1")
        #expect(create["start_time"] as? Int == 1_700_000_300_250)
        let batches = try #require(run["batches"] as? [[String: Any]])
        let parameters = try #require(batches[0]["params"] as? [[String: String]])
        #expect(
            parameters == [
                ["key": "size", "value": "1"], ["key": "bonus", "value": "0.5"],
                ["key": "seed", "value": "1"],
            ])
        let metrics = try #require(batches[1]["metrics"] as? [[String: Any]])
        #expect(
            metrics.map { $0["key"] as? String } == [
                "chance_points", "score_points", "score/loss", "score/loss", "score/loss",
            ])
        #expect(metrics[1]["value"] as? Double == 11.5)
        #expect(metrics[3]["value"] as? String == "Infinity" && metrics[3]["step"] as? Int == 2)
        #expect(metrics[3]["timestamp"] as? Int == 1_700_000_304_250)
        let update = try #require(run["update"] as? [String: Any])
        #expect(update["status"] as? String == "FINISHED")
    }

    @Test(
        "a failed trial is a failed run; what has not begun is none; nothing new, nothing written")
    func states() throws {
        try toys.finish(1)
        try toys.fail(1, reason: "diverged")
        #expect(try export().written == 2)
        #expect((try run(1)["update"] as? [String: Any])?["status"] as? String == "FAILED")
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: toys.path("out/runs")).count == 2)
        #expect(try export().written == 0)
    }

    @Test(
        "a time that no clock gives is none, in every form of export",
        arguments: ["1e300", "9e999", "-1e300"])
    func impossibleTimes(started: String) throws {
        try toys.finish(2)
        try toys.store.store.execute(sql: "UPDATE attempts SET started = \(started)")
        #expect(try export().written == 2)
        let create = try #require(run(0)["create"] as? [String: Any])
        #expect(create["start_time"] as? Int == 0)
        for (form, name) in [(ExportForm.optuna, "journal"), (.tensorboard, "runs"), (.csv, "csv")]
        {
            let summary = try SweepExport("toys", to: form, output: toys.path(name))
                .write(from: toys.store, drawsFigures: false).summary
            #expect(summary.written == (form == .csv ? 8 : 2), "\(form)")
        }
    }
}
