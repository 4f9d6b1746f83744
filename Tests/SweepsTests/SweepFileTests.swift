import Foundation
import Sweeps
import Testing

@Suite("Sweep file")
struct SweepFileTests {
    @Test("the quickstart file gives its rows, trials and baseline")
    func quickstartFile() throws {
        let file = try parse(quickstart)
        #expect(file.name == "quickstart")
        #expect(file.summary == "Which augmentation helps?")
        #expect(
            file.data == ["source": .text("builtin"), "recordings": .integer(240), "path": .null])
        #expect(file.base == ["pretraining_steps": .integer(200)])
        #expect(file.parameters.map(\.key).first == "augmentations")
        #expect(file.evaluation == ["raw", "random", "probe", "finetune", "scratch"])
        let plan = file.expand()
        #expect(plan.rows.map(\.label) == ["none", "ChannelSwap", "ChannelDrop", "all"])
        #expect(plan.baseline?.label == "none")
        #expect(plan.rows.map(\.baseline) == [0, 0, 0, 0])
        #expect(plan.collapsed.isEmpty)
        #expect(plan.variedKeys == ["augmentations"])
        #expect(plan.trials.map(\.row) == [0, 0, 1, 1, 2, 2, 3, 3])
        #expect(plan.trials.map(\.seed) == [0, 1, 0, 1, 0, 1, 0, 1])
        #expect(Set(plan.trials.map(\.digest)).count == 8)
        let settings = plan.trials[7].settings
        #expect(settings["pretraining_steps"] == .integer(200))
        #expect(settings["rt60"]?.range == 0.1...0.5)
        #expect(settings["channels"] == .list([.integer(32), .integer(32), .integer(32)]))
        #expect(settings.count == exampleSchema.trial.count)
    }

    @Test("values may be a list, W&B's values or value, or one value alone")
    func spellings() throws {
        let text = """
            parameters:
              batch_size: [32, 64]
              temperature: {values: [0.1, 1]}
              microphones: {value: 2}
              noise: diffuse
              augmentations: [none, all, [mixup]]
              spatial_negatives: [yes, off]
              rt60: [0.2, [0.1, 0.5]]
              crop: [true, [0.5, 1], 0.25]
              pooling: [{frames: 4}]
              note: ["5", 5, ~]
            """
        let parameters = try parse(text).parameters
        #expect(
            parameters.map { "\($0.key) \($0.values)" } == [
                "batch_size [32, 64]", "temperature [0.1, 1]", "microphones [2]",
                "noise [diffuse]",
                "augmentations [[], [channel_swap, mixup, random_resized_crop, channel_drop], "
                    + "[mixup]]",
                "spatial_negatives [on, off]", "rt60 [[0.2, 0.2], [0.1, 0.5]]",
                "crop [on, [0.5, 1], [0.25, 0.25]]", "pooling [{bins: 2, frames: 4}]",
                "note [5, 5, none]",
            ])
    }

    @Test("seeds are a list or a count; without them there is seed 0")
    func seeds() throws {
        #expect(try parse("seeds: 3").seeds == [0, 1, 2])
        #expect(try parse("seeds: [7, 3]").seeds == [7, 3])
        #expect(try parse("base: {}").seeds == [0])
        #expect(faults("seeds: 0").count == 1)
        #expect(faults("seeds: []") == ["1:8: seeds is an empty list; give at least one seed"])
    }

    @Test("a file without a name takes that of the file; one that is no folder's name is a fault")
    func names() throws {
        #expect(try parse("seeds: 1").name == "x")
        #expect(
            throws: SweepFaults.self, performing: { try parse("name: cache") })
        #expect(throws: SweepFaults.self, performing: { try parse("name: ../x") })
        #expect(throws: SweepFaults.self, performing: { try parse("name: .hidden") })
        let error = #expect(throws: SweepFaults.self) {
            try SweepFile.parse("seeds: 1", fileName: "-.yaml", schema: exampleSchema)
        }
        #expect(error?.faults.first?.message.hasPrefix("the sweep file has no 'name'") == true)
    }

    @Test("anchors, aliases and merges work as YAML says")
    func aliases() throws {
        let file = try parse(
            """
            base: &usual {batch_size: 64, temperature: 0.2}
            baseline: {<<: *usual, temperature: 0.3}
            parameters: {temperature: [0.2, 0.3]}
            """)
        #expect(file.expand().baseline?.label == "tau 0.3")
        #expect(
            file.baseline
                == .settings(["batch_size": .integer(64), "temperature": .number(0.3)]))
    }

    @Test("a byte order mark and Windows line ends change nothing")
    func byteOrderMark() throws {
        let plain = try parse(quickstart).expand()
        let windows = try parse("\u{FEFF}" + quickstart.replacing("\n", with: "\r\n")).expand()
        #expect(windows.trials.map(\.digest) == plain.trials.map(\.digest))
        #expect(faults("seeds: 1\r\nbase:\r\n  batch_size: x\r\nnam: 1\r\n").count == 2)
    }
}
