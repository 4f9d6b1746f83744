import Digests
import Foundation
import MCSimCLRStudy
import ResultsStore
import SoundData
import Studies
import Sweeps
import Testing

/// Stages and trials of every sweep that comes with the program, by name: what a change of the code
/// must not change unless it changes results.
@Suite("The names of stages")
struct StageDigestTests {
    private static let fixture = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Fixtures/stage-digests.txt")

    @Test("of every sweep, at every scale, are what they were")
    func unchanged() throws {
        let text = try StudyFileTests.names.flatMap { name in
            try [[], ["scale=full"], ["scale=paper"]].compactMap { try Self.line(name, $0) }
        }.map { $0 + "\n" }.joined()
        if ProcessInfo.processInfo.environment["ABLATE_RECORD_SNAPSHOTS"] == "1" {
            try Data(text.utf8).write(to: Self.fixture)
            Issue.record("recorded \(Self.fixture.lastPathComponent): look at it")
        } else {
            #expect(try text == String(contentsOf: Self.fixture, encoding: .utf8))
        }
    }

    /// Nil for a scale that the file does not have. One data set stands in for all.
    private static func line(_ name: String, _ overrides: [String]) throws -> String? {
        let path = StudyFileTests.folder.appending(path: name)
        let text = try String(contentsOf: path, encoding: .utf8)
        let scale = overrides.first.map { "\n  \($0.dropFirst("scale=".count)):" }
        guard scale.map(text.contains) ?? true else { return nil }
        let unnamed = ["tau2019.yaml", "starss23.yaml", "recordings.yaml"]
        let data = unnamed.contains(name) ? ["data.path=/data"] : []
        let file = try SweepFile.load(
            path: path.path, overrides: overrides + data, schema: TrialSchema.schema)
        let plan = file.expand()
        let stages = StagePlan(
            plan, study: BuiltinStudy(),
            prepared: StandIn(
                Digest(of: "data"),
                clips: [.pretraining: 400, .training: 200, .validation: 100, .test: 100]))
        func digest(_ parts: [String]) -> Digest { Digest(of: parts.joined(separator: "\n")) }
        let kinds = Dictionary(grouping: stages.stages, by: \.kind).sorted { $0.key < $1.key }
            .map { kind, stages in
                "\(kind) \(stages.count) \(digest(stages.map(\.id.description)))"
            }
        let payloads = digest(stages.stages.map { "\($0.title) \($0.payload)" })
        let trials = digest(stages.trials.map(\.id.description))
        return "\(name) \(file.scale ?? "-"): \(kinds.joined(separator: ", ")); payloads "
            + "\(payloads); \(stages.trials.count) trials \(trials)"
    }
}
