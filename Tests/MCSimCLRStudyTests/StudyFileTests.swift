import Foundation
import MCSimCLR
import MCSimCLRStudy
import Studies
import Sweeps
import Testing

/// The sweep files that come with the program.
@Suite("The studies in sweeps/")
struct StudyFileTests {
    static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "sweeps")

    static let names: [String] = {
        let found = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return found.filter { $0.hasSuffix(".yaml") }.sorted()
    }()

    private func load(_ name: String, _ overrides: [String] = []) throws -> SweepFile {
        try SweepFile.load(
            path: Self.folder.appending(path: name).path, overrides: overrides,
            schema: TrialSchema.schema)
    }

    @Test("the studies of the paper are all there")
    func complete() {
        let wanted = [
            "table1", "first-experiments", "leave-one-out", "augmentation-powerset",
            "channel-drop", "batch-temperature", "rt60", "microphones", "noise",
            "label-fractions", "encoder-size", "motion-overlap", "tau2019", "quickstart",
            "recordings", "seven-probes", "starss23", "other-rooms",
        ]
        #expect(Set(wanted.map { $0 + ".yaml" }).isSubset(of: Set(Self.names)))
    }

    @Test(
        "each is without fault, is named after its file, has rows and says what it asks",
        arguments: names)
    func faultless(_ name: String) throws {
        let file = try load(name)
        #expect(file.name + ".yaml" == name)
        #expect(!file.summary.isEmpty)
        let plan = file.expand()
        #expect(plan.rows.count > 1)
        #expect(plan.baseline != nil, "without a baseline there are no differences")
        #expect(Set(plan.rows.map(\.label)).count == plan.rows.count)
    }

    @Test(
        "those with scales have a small one, which is the default, and a full one", arguments: names
    )
    func scales(_ name: String) throws {
        let small = try load(name)
        guard let scale = small.scale else { return }
        #expect(scale == "small")
        let full = try load(name, ["scale=full", "data.path=/data/elsewhere"])
        #expect(full.scale == "full")
        #expect(full.data["path"]?.text == "/data/elsewhere")
        #expect(full.expand().rows.count >= small.expand().rows.count)
        let settings = full.expand().rows[0].settings
        #expect(settings["pretraining_steps"]?.integer == 4_000)
    }

    @Test("the rows of table 1 have the paper's values under names of our columns")
    func paper() throws {
        let file = try load("table1.yaml")
        let known = Set(
            TrialSchema.evaluations.flatMap { evaluation in
                EventFigure.all.map { "\(evaluation)_\($0.name)" }
            })
        #expect(file.paper.count == 5)
        #expect(file.paper.allSatisfy { Set($0.values.keys).isSubset(of: known) })
        let all = file.paper.first { $0.label == "all" }
        #expect(all?.values["probe_accuracy"] == 51.5)
        #expect(all?.values["finetune_error"] == 8.7)
    }
}
