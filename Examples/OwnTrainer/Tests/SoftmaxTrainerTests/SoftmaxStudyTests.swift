import Foundation
import Orchestration
import SoftmaxTrainer
import Studies
import StudyConformance
import Testing

@Suite("Softmax regression")
struct SoftmaxStudyTests {
    /// A sweep over the table of this package, in a folder that the body may fill.
    private func withSweep(
        _ parameters: String, _ body: (SweepSession, URL) throws -> Void
    ) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let package = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        try FileManager.default.copyItem(
            at: package.appending(path: "table.csv"), to: folder.appending(path: "table.csv"))
        let sweep = folder.appending(path: "sweep.yaml")
        try Data("name: tiny\nparameters: {\(parameters)}\n".utf8).write(to: sweep)
        try body(
            SweepSession(
                path: sweep.path, overrides: [], catalogue: StudyCatalogue([SoftmaxStudy()])),
            folder.appending(path: "results"))
    }

    @Test("keeps what a study promises")
    func conformance() throws {
        try withSweep("penalty: [0, 0.1]") { session, results in
            #expect(try StudyConformance(session, in: results).violations() == [])
        }
    }

    @Test("without a step every class is as likely: the loss is the logarithm of their number")
    func noStep() throws {
        try withSweep("learning_rate: [0]") { session, results in
            let executor = session.prepared.executor(ResultsLayout(root: results.path))
            let result = try executor.execute(session.stages.stages[0], context: StageContext())
            let loss = try #require(result.metrics["log_loss"])
            #expect(abs(loss - log(3)) < 1e-12)
        }
    }
}
