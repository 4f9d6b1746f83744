import Digests
import Sweeps
import TestSupport
import Testing

@Suite("Expansion to rows and trials")
struct SweepExpansionTests {
    @Test(
        "what a design gives all of its rows is in their labels, where other designs have it otherwise"
    )
    func labelsOfDesigns() throws {
        let text = """
            design:
              - {kind: one_factor, parameters: {batch_size: [16, 32]}}
              - {kind: grid, parameters: {temperature: [0.5], batch_size: [32, 64]}}
            """
        let labels = try parse(text).expand().rows.map(\.label)
        #expect(
            labels == [
                "baseline", "batch_size 16", "batch_size 32", "batch_size 32, tau 0.5",
                "batch_size 64, tau 0.5",
            ])
    }

    @Test("a value that is listed twice makes one row, and the plan says why")
    func listedTwice() throws {
        let plan = try parse("parameters: {batch_size: [32, 64, 32]}").expand()
        #expect(plan.rows.count == 2)
        #expect(plan.collapsed.map(\.why) == ["listed more than once"])
    }

    @Test("the first parameter is the slowest; labels name what differs and nothing else")
    func order() throws {
        let plan = try parse(
            """
            parameters:
              batch_size: [32, 64]
              rt60: [0.2, [0.1, 0.5]]
              microphones: [4]
              spatial_negatives: [off, on]
            """
        ).expand()
        #expect(
            plan.rows.map(\.label) == [
                "batch_size 32, rt60 0.2 s, spatial_negatives off",
                "batch_size 32, rt60 0.2 s, spatial_negatives on",
                "batch_size 32, rt60 0.1-0.5 s, spatial_negatives off",
                "batch_size 32, rt60 0.1-0.5 s, spatial_negatives on",
                "batch_size 64, rt60 0.2 s, spatial_negatives off",
                "batch_size 64, rt60 0.2 s, spatial_negatives on",
                "batch_size 64, rt60 0.1-0.5 s, spatial_negatives off",
                "batch_size 64, rt60 0.1-0.5 s, spatial_negatives on",
            ])
        #expect(plan.variedKeys == ["batch_size", "rt60", "spatial_negatives"])
        #expect(plan.rows[3].varied.map(\.key) == plan.variedKeys)
    }

    @Test("a setting without effect makes no row, and the plan says why")
    func collapsing() throws {
        let plan = try parse(
            """
            parameters:
              augmentations: [[], all, [channel_swap, channel_drop], [channel_drop, channel_swap]]
              channel_drop_probability: [0.1, 0.3]
            """
        ).expand()
        #expect(
            plan.rows.map(\.label) == [
                "none", "all (ChannelDrop p = 0.1)", "all (ChannelDrop p = 0.3)",
                "ChannelSwap + ChannelDrop (p = 0.1)", "ChannelSwap + ChannelDrop (p = 0.3)",
            ])
        #expect(
            plan.collapsed.map { "\($0.what) -> \($0.into): \($0.why)" } == [
                "none, channel_drop_probability 0.3 -> none: "
                    + "channel_drop_probability has no effect here",
                "ChannelSwap + ChannelDrop, channel_drop_probability 0.1 -> "
                    + "ChannelSwap + ChannelDrop (p = 0.1): the same settings",
                "ChannelSwap + ChannelDrop, channel_drop_probability 0.3 -> "
                    + "ChannelSwap + ChannelDrop (p = 0.3): the same settings",
            ])
        #expect(plan.rows[0].varied.map(\.key) == ["augmentations"])
        #expect(plan.rows[0].settings["channel_drop_probability"] == .number(0.1))
    }

    @Test("a parameter of a fixed option is named with it; one row is named by what it lists")
    func fixedOption() throws {
        let drop = try parse(
            """
            base: {augmentations: [channel_drop]}
            parameters: {channel_drop_probability: [0, 0.5]}
            """
        ).expand()
        #expect(drop.rows.map(\.label) == ["ChannelDrop p = 0", "ChannelDrop p = 0.5"])
        #expect(try parse("parameters: {batch_size: [8]}").expand().rows[0].label == "batch_size 8")
        #expect(try parse("seeds: 2").expand().rows.map(\.label) == ["base"])
    }

    @Test("digests do not depend on the order of keys, on spelling, nor on what has no effect")
    func stableDigests() throws {
        func digests(_ text: String) throws -> [String] {
            try parse(text).expand().trials.map(\.digest.description)
        }
        let first = try digests(
            "base: {batch_size: 64, temperature: 1}\nparameters: {microphones: [2, 4]}")
        #expect(
            try digests(
                "parameters: {microphones: [2, 4]}\nbase: {temperature: 1.0, batch_size: 64}")
                == first)
        #expect(
            try digests(
                "base: {batch_size: 64, temperature: 1}\n"
                    + "parameters: {microphones: [2, 4], channel_drop_probability: [0.7]}") == first
        )
        #expect(
            try digests(
                "base: {temperature: 1}\nparameters: {microphones: [4, 2], batch_size: [64]}")
                == first.reversed())
        #expect(
            try digests(
                "data: {path: ~}\nbase: {temperature: 1, batch_size: 64, microphones: 2}")
                == [first[0]])
        #expect(
            try digests(
                "data: {recordings: 3}\nbase: {temperature: 1, batch_size: 64, microphones: 2}")
                != [first[0]])
        // The value itself, so that no change of the program renames every trial unseen.
        #expect(
            first == [
                "040b6796397161ff9162434a72899bb1", "5b35295018d04c3558ddc3958880a19b",
            ])
    }

    @Test("the baseline of a crossed sweep is, for each row, the one like it in all else")
    func crossedBaseline() throws {
        let plan = try parse(
            """
            parameters: {augmentations: [[], [mixup]], batch_size: [32, 64]}
            baseline: {augmentations: []}
            """
        ).expand()
        #expect(plan.rows.map(\.isBaseline) == [true, true, false, false])
        #expect(plan.rows.map(\.baseline) == [0, 1, 0, 1])
        #expect(
            faults("parameters: {batch_size: [32, 64]}\nbaseline: {batch_size: 16}") == [
                "2:11: baseline is {batch_size: 16}, but no row has these settings; "
                    + "the rows are batch_size 32, batch_size 64"
            ])
        let named = try parse("parameters: {batch_size: [32, 64]}\nbaseline: batch_size 64")
        #expect(named.expand().rows.map(\.baseline) == [1, 1])
    }

    @Test("80,000 combinations and 100,000 seeds expand in well under a second")
    func speed() throws {
        let batches = (2..<102).map(String.init).joined(separator: ", ")
        let temperatures = (1...100).map { "\(Double($0) / 100)" }.joined(separator: ", ")
        let rows = """
            parameters:
              batch_size: [\(batches)]
              temperature: [\(temperatures)]
              augmentations: [[], [mixup], [channel_drop], [mixup, channel_drop], all]
              channel_drop_probability: [0.1, 0.2]
            """
        var count = 0
        let rowTime = try threadTime { count = try parse(rows).expand().trials.count }
        #expect(count == 80_000)
        #expect(rowTime < 3)
        let seedTime = try threadTime {
            count = try parse("seeds: 100000").expand().trials.count
        }
        #expect(count == 100_000)
        #expect(seedTime < 1)
    }
}
