import Sweeps
import Testing

@Suite("Overrides (-S key=value) and scales")
struct SweepOverrideTests {
    @Test("an override replaces or adds what it names")
    func overrides() throws {
        let file = try parse(
            quickstart,
            [
                "data.source=folder", "data.path=/x y", "base.noise=diffuse",
                "pretraining_steps=50", "pooling.frames=4", "seeds=[5]",
                "parameters.batch_size.values=[32, 16]", "parameters.temperature=[0.2]",
                "evaluation=probe", "name=mine",
            ])
        #expect(file.name == "mine")
        #expect(file.data["path"] == .text("/x y"))
        #expect(file.seeds == [5])
        #expect(file.evaluation == ["probe"])
        let plan = file.expand()
        #expect(plan.rows.count == 8)
        let settings = plan.rows[0].settings
        #expect(settings["noise"] == .text("diffuse"))
        #expect(settings["pretraining_steps"] == .integer(50))
        #expect(settings["batch_size"] == .integer(32))
        #expect(settings["temperature"] == .number(0.2))
        #expect(settings["pooling"]?.map?["frames"] == .integer(4))
    }

    @Test("the digest of the source knows the overrides")
    func sourceDigest() throws {
        let digests = [
            try parse(quickstart).sourceDigest,
            try parse(quickstart, ["seeds=2"]).sourceDigest,
            try parse(quickstart, ["seeds=3"]).sourceDigest,
        ]
        #expect(Set(digests).count == 3)
    }

    @Test(
        "a fault in an override names the override",
        arguments: [
            ("temprature=1", "there is no 'temprature' to set; did you mean 'temperature'?"),
            (
                "base.temprature=1",
                "unknown key 'temprature' in base; did you mean 'temperature'?"
            ),
            ("path=/x", "there is no 'path' to set; did you mean 'data.path'?"),
            (
                "pretraining_steps=-1",
                "pretraining_steps is -1, but must be a whole number of at least 0"
            ),
            (
                "batch_size=32",
                "batch_size is swept under parameters, so that base has no say; "
                    + "write -S parameters.batch_size=[...] for other values"
            ),
            ("seeds=[0, 0]", "seeds has 0 twice; remove one"),
            ("data.path", "must be key=value, as in -S seeds=3 or -S data.path=/recordings"),
            ("=3", "must be key=value, as in -S seeds=3 or -S data.path=/recordings"),
            ("scale=small", "unknown scale 'small'; there are none"),
            (
                "seeds=[",
                "is not YAML: did not find expected node content "
                    + "(while parsing a flow node, from line 1)"
            ),
            (
                "baseline=non",
                "baseline is non, but no row has this label; "
                    + "the rows are none, ChannelSwap, ChannelDrop, all; did you mean 'none'?"
            ),
        ])
    func faultyOverride(override: String, message: String) {
        #expect(faults(quickstart, [override]) == ["-S \(override): \(message)"])
    }

    private static let scaled = """
        base: {batch_size: 64, temperature: 0.2}
        parameters:
          microphones: [2, 4]
        scale: small
        seeds: 5
        scales:
          small:
            base: {batch_size: 8}
            seeds: 2
            parameters: {noise: [sensor, diffuse]}
          full:
            parameters: {microphones: [2, 3, 4, 6, 8]}
        """

    @Test("a scale is laid over the file: the file's own choice, or that of -S scale")
    func scales() throws {
        let small = try parse(Self.scaled)
        #expect(small.scale == "small")
        #expect(small.seeds == [0, 1])
        #expect(small.base == ["batch_size": .integer(8), "temperature": .number(0.2)])
        #expect(small.parameters.map(\.key) == ["microphones", "noise"])
        let full = try parse(Self.scaled, ["scale=full", "batch_size=16"])
        #expect(full.scale == "full")
        #expect(full.base["batch_size"] == .integer(16))
        #expect(full.parameters.map(\.values.count) == [5])
        #expect(full.seeds.count == 5)
        let none = try parse(Self.scaled, ["scale=~"])
        #expect(none.scale == nil)
        #expect(none.base["batch_size"] == .integer(64))
    }

    @Test("overrides win over the scale; those of a scale come before it is laid over the file")
    func overridesAndScales() throws {
        let file = try parse(Self.scaled, ["batch_size=16", "scales.small.seeds=3"])
        #expect(file.base["batch_size"] == .integer(16))
        #expect(file.seeds.count == 3)
    }

    @Test("an unknown scale names those there are; scales not chosen are checked too")
    func faultyScales() {
        #expect(
            faults(Self.scaled, ["scale=fulll"])
                == ["-S scale=fulll: unknown scale 'fulll'; did you mean 'full'?"])
        #expect(
            faults(Self.scaled, ["scale=x"])
                == ["-S scale=x: unknown scale 'x'; there are small, full"])
        #expect(
            faults(Self.scaled + "\n    seed: 3\n    base: {batch_size: 0}") == [
                "13:5: there is no 'seed' in scales.full: the seeds of all rows are a key of the file itself: "
                    + "seeds: [0, 1, 2], or how many: seeds: 5",
                "14:24: batch_size is 0, but must be a whole number from 2 to 4096",
            ])
    }
}
