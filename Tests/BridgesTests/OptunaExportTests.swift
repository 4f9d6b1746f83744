import Bridges
import Foundation
import TestSupport
import Testing

/// What Optuna itself makes of such a journal is checked by Tests/Bridges/check.sh.
@Suite("A sweep as a study of Optuna")
struct OptunaExportTests {
    private let toys: StoredToys

    init() throws { toys = try StoredToys() }

    private var file: String { toys.path("studies.log") }

    @discardableResult
    private func export(_ objectives: [String] = []) throws -> ExportSummary {
        try SweepExport("toys", to: .optuna, output: file, objectives: objectives)
            .write(from: toys.store).summary
    }

    private func lines() throws -> [[String: Any]] {
        try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").map { line in
            // The one word of Python's that these curves have.
            let text = line.replacing(":Infinity", with: ":1e308")
            return try #require(
                JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        }
    }

    private func trials() throws -> [[String: Any]] {
        try lines().filter { $0["op_code"] as? Int == 4 }
    }

    @Test("of several curves a trial has the one that its study names first")
    func manyCurves() throws {
        try toys.finishWithChecks(0)
        #expect(try export().written == 1)
        let text = try String(contentsOfFile: file, encoding: .utf8)
        #expect(text.contains(#""intermediate_values":{"1":2.5,"2":Infinity,"4":0.1}"#))
    }

    @Test("is a line a trial that has ended: settings, seed, figure, curve, times")
    func trial() throws {
        try toys.finish(4)
        #expect(try export().written == 4)
        let all = try lines()
        #expect(all.map { $0["op_code"] as? Int } == [0, 3, 2, 2, 4, 4, 4, 4])
        #expect(all[0]["study_name"] as? String == "toys")
        #expect(all[0]["directions"] as? [Int] == [2])
        let trial = try trials()[3]
        #expect(trial["state"] as? Int == 1 && trial["value"] as? Double == 11.5)
        #expect(trial["datetime_start"] as? String == "2023-11-14T22:18:20.250000+00:00")
        #expect(trial["datetime_complete"] as? String == "2023-11-14T22:18:28.250000+00:00")
        let parameters = try #require(trial["params"] as? [String: Double])
        #expect(parameters == ["size": 1, "bonus": 0.5, "seed": 1])
        let distributions = try #require(trial["distributions"] as? [String: String])
        #expect(
            distributions["size"]
                == #"{"name":"IntDistribution","attributes":{"log":false,"step":1,"low":1,"high":2}}"#
        )
        #expect(
            distributions["bonus"]
                == #"{"name":"FloatDistribution","attributes":{"step":null,"low":0.0,"high":0.5,"log":false}}"#
        )
        let text = try String(contentsOfFile: file, encoding: .utf8)
        #expect(text.contains(#""intermediate_values":{"1":2.5,"2":Infinity,"4":0.1}"#))
        let attributes = try #require(trial["user_attrs"] as? [String: Any])
        #expect(attributes["label"] as? String == "size 1, bonus 0.5")
        #expect(attributes["chance_points"] as? Double == 5)
    }

    @Test("grows at its end alone, and not where nothing is new")
    func incremental() throws {
        try toys.finish(3)
        try export()
        let first = try Data(contentsOf: URL(filePath: file))
        #expect(try export().written == 0)
        #expect(try Data(contentsOf: URL(filePath: file)) == first)
        try toys.finish(8)
        #expect(try export().written == 5)
        let second = try Data(contentsOf: URL(filePath: file))
        #expect(second.starts(with: first) && second.count > first.count)
        #expect(try trials().count == 8)
        #expect(!FileManager.default.fileExists(atPath: file + ".lock"))
    }

    @Test("a trial that failed is one, with its reason; one that has not ended is none")
    func failed() throws {
        try toys.finish(1)
        try toys.fail(1, reason: "diverged")
        try export()
        let trials = try trials()
        #expect(trials.count == 2)
        #expect(trials[1]["state"] as? Int == 3 && trials[1]["value"] is NSNull)
        #expect((trials[1]["user_attrs"] as? [String: Any])?["reason"] as? String == "diverged")
    }

    @Test("a line that was begun by a process that died gives way, and other studies stay")
    func tornLine() throws {
        let other = #"{"op_code":0,"worker_id":"x","study_name":"mine","directions":[1]}"# + "\n"
        let nan =
            #"{"op_code":4,"worker_id":"x","study_id":0,"datetime_start":null,"value":NaN,"#
            + #""user_attrs":{"note":"a \"NaN\" of -Infinity"}}"# + "\n"
        try toys.folder.write(other + nan + #"{"op_code":4,"wor"#, to: "studies.log")
        try toys.finish(1)
        try export()
        let text = try String(contentsOfFile: file, encoding: .utf8)
        #expect(
            text.hasPrefix(other + nan + #"{"op_code":0,"worker_id":"ablate","study_name":"toys""#))
        // The second study has the number 1.
        #expect(text.contains(#""study_id":1,"datetime_start""#))
    }

    @Test("a file that is no journal, and a study that somebody else has made, are left alone")
    func foreign() throws {
        try toys.folder.write("notes\n", to: "studies.log")
        #expect(throws: BridgesError.notAJournal(path: file, line: 1)) { try export() }
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "notes\n")
        try toys.folder.write(
            #"{"op_code":0,"worker_id":"x","study_name":"toys","directions":[1]}"# + "\n",
            to: "studies.log")
        #expect(throws: BridgesError.otherStudy(path: file, study: "toys")) { try export() }
    }

    @Test("changed results are never mixed with old ones: the study is deleted and written anew")
    func changed() throws {
        try toys.finish(2)
        try export()
        let line = try #require(trials().first)
        let text = try String(contentsOfFile: file, encoding: .utf8)
        #expect(line["value"] as? Double == 10)
        try toys.folder.write(
            text.replacing(#""value":10.0"#, with: #""value":9.0"#), to: "studies.log")
        let summary = try export()
        #expect(summary.written == 2 && summary.remarks.count == 1)
        let all = try lines()
        #expect(all[6]["op_code"] as? Int == 1 && all[6]["study_id"] as? Int == 0)
        #expect(all[7]["op_code"] as? Int == 0)
        #expect(all[11]["study_id"] as? Int == 1 && all[11]["value"] as? Double == 10)
        #expect(try export().written == 0)
    }

    @Test("a figure that has no direction is nothing to be judged by")
    func objectives() throws {
        try toys.finish(1)
        #expect(
            throws: BridgesError.unknownObjective(
                "points", sweep: "toys", known: ["chance_points", "score_points"])
        ) { try export(["points"]) }
        try export(["score_points", "chance_points"])
        #expect(try trials()[0]["values"] as? [Double] == [10, 5])
    }
}
