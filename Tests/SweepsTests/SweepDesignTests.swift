import Sweeps
import Testing

@Suite("Designs")
struct SweepDesignTests {
    private func labels(_ text: String) throws -> [String] {
        try parse(text).expand().rows.map(\.label)
    }

    @Test("leave one out: the full set, which is the baseline, then the set without each option")
    func leaveOneOut() throws {
        let plan = try parse("design: leave_one_out").expand()
        #expect(
            plan.rows.map(\.label) == [
                "all", "− ChannelSwap", "− Mixup", "− RandomResizedCrop", "− ChannelDrop",
            ])
        #expect(
            plan.rows[2].settings["augmentations"]?.texts
                == ["channel_swap", "random_resized_crop", "channel_drop"])
        #expect(plan.rows.map(\.baseline) == [0, 0, 0, 0, 0])
        #expect(plan.rows.map(\.isBaseline) == [true, false, false, false, false])
    }

    @Test("rows that differ in another set than the study's first one are named by it")
    func otherSet() throws {
        let sets = ["views", "labels"].map { key in
            SettingDescriptor(
                key: key, kind: .subset(["flip", "noise"]), defaultValue: .list([]),
                summary: "A set.")
        }
        let schema = SettingsSchema(trial: sets, data: [], evaluations: ["run"])
        func labels(_ text: String) throws -> [String] {
            try SweepFile.parse("name: x\n" + text, fileName: "x.yaml", schema: schema).expand()
                .rows
                .map(\.label)
        }
        let plain = try labels("parameters: {labels: [[], [flip]]}")
        #expect(plain == ["labels none", "labels Flip"], "\(plain)")
        #expect(try labels("parameters: {views: [[], [flip]]}") == ["none", "Flip"])
        #expect(
            try labels("design: leave_one_out\nparameters: {labels: [flip, noise]}") == [
                "labels all", "labels − Flip", "labels − Noise",
            ])
        #expect(
            try labels(
                "design: one_factor\nparameters: {views: [[flip]], labels: [[flip], [noise]]}")
                == ["baseline", "Flip", "labels Flip", "labels Noise"])
    }

    @Test(
        "leave one out of a listed set, crossed with another parameter: a baseline for each value")
    func leaveOneOutCrossed() throws {
        let file = try parse(
            """
            design: leave_one_out
            parameters: {augmentations: [mixup, channel_swap], batch_size: [32, 64]}
            """)
        let plan = file.expand()
        #expect(
            plan.rows.map(\.label) == [
                "ChannelSwap + Mixup, batch_size 32", "ChannelSwap + Mixup, batch_size 64",
                "− Mixup, batch_size 32", "− Mixup, batch_size 64",
                "− ChannelSwap, batch_size 32", "− ChannelSwap, batch_size 64",
            ])
        #expect(plan.rows.map(\.baseline) == [0, 1, 0, 1, 0, 1])
        #expect(file.designs.map(\.kind) == [.leaveOneOut])
        #expect(file.designs[0].setting == "augmentations")
        #expect(file.designs[0].options == ["mixup", "channel_swap"])
        #expect(!file.designs[0].hasAllSubsets)
    }

    @Test("leave one out of what base has, with a parameter of one of its options")
    func leaveOneOutOfBase() throws {
        let text = """
            design: {kind: leave_one_out, of: augmentations}
            base: {augmentations: [mixup, channel_drop]}
            parameters: {channel_drop_probability: [0.1, 0.2]}
            """
        #expect(
            try labels(text) == [
                "Mixup + ChannelDrop (p = 0.1)", "Mixup + ChannelDrop (p = 0.2)",
                "− Mixup (ChannelDrop p = 0.1)", "− Mixup (ChannelDrop p = 0.2)",
                "− ChannelDrop",
            ])
    }

    @Test("add one in: nothing, then each option alone, named with what belongs to it")
    func addOneIn() throws {
        #expect(
            try labels("design: add_one_in") == [
                "none", "none + ChannelSwap", "none + Mixup", "none + RandomResizedCrop",
                "none + ChannelDrop",
            ])
        let text = """
            design: add_one_in
            parameters: {augmentations: [[mixup, channel_drop]], channel_drop_probability: [0.1]}
            """
        #expect(try labels(text) == ["none", "none + Mixup", "none + ChannelDrop (p = 0.1)"])
        #expect(try parse(text).expand().rows.map(\.baseline) == [0, 0, 0])
    }

    @Test(
        "cumulative: one option more at a time, in the order listed; orders: all has every subset")
    func cumulative() throws {
        let listed = """
            design: cumulative
            parameters:
              augmentations: [mixup, channel_drop, channel_swap, random_resized_crop]
            """
        #expect(
            try labels(listed) == [
                "none", "Mixup", "Mixup + ChannelDrop", "ChannelSwap + Mixup + ChannelDrop", "all",
            ])
        let all = try parse(
            """
            design: {kind: cumulative, orders: all}
            parameters: {augmentations: [[mixup, channel_drop, channel_swap]]}
            """)
        #expect(all.designs[0].hasAllSubsets)
        #expect(all.expand().rows.map(\.label) == Self.subsetLabels)
    }

    private static let subsetLabels = [
        "none", "Mixup", "ChannelDrop", "ChannelSwap", "Mixup + ChannelDrop",
        "ChannelSwap + Mixup", "ChannelSwap + ChannelDrop", "ChannelSwap + Mixup + ChannelDrop",
    ]

    @Test("power set: every subset, by size; of four options there are sixteen")
    func powerset() throws {
        #expect(
            try labels(
                "design: powerset\nparameters: {augmentations: [mixup, channel_drop, channel_swap]}"
            ) == Self.subsetLabels)
        let plan = try parse("design: powerset").expand()
        #expect(plan.rows.count == 16)
        #expect(Set(plan.rows.map(\.digest)).count == 16)
        #expect(plan.rows.last?.label == "all")
        #expect(plan.rows.allSatisfy { $0.baseline == 0 })
    }

    @Test("one factor: the baseline, then each value of each parameter in its place")
    func oneFactor() throws {
        let plan = try parse(
            """
            design: one_factor
            base: {batch_size: 64}
            baseline: {temperature: 0.2, augmentations: [mixup]}
            parameters:
              batch_size: [32, 64, 128]
              temperature: [0.1, 0.2]
              augmentations: [none, all]
              channel_drop_probability: [0.3]
              rt60: [[0.1, 0.5]]
            """
        ).expand()
        #expect(
            plan.rows.map(\.label) == [
                "baseline", "batch_size 32", "batch_size 128", "tau 0.1", "none", "all",
                "rt60 0.1-0.5 s",
            ])
        #expect(plan.rows.map(\.baseline) == Array(repeating: 0, count: 7))
        #expect(plan.collapsed.map(\.into) == ["baseline", "baseline", "baseline"])
        #expect(plan.collapsed.last?.why == "channel_drop_probability has no effect here")
        #expect(plan.rows[1].settings["temperature"] == .number(0.2))
        #expect(plan.rows[3].settings["augmentations"]?.texts == ["mixup"])
    }

    @Test("random: as many different rows as asked for, the same for the same seed")
    func random() throws {
        func text(seed: Int, extra: String = "") -> String {
            """
            design: {kind: random, points: 40, seed: \(seed)}
            parameters:
              batch_size: {min: 16, max: 256, distribution: log_uniform_values}
              temperature: {min: 0.01, max: 1}
              augmentations: {values: [none, all]}
              \(extra)
            """
        }
        let file = try parse(text(seed: 3))
        let rows = file.expand().rows
        #expect(rows.count == 40)
        #expect(file.parameters[0].interval == 16...256)
        #expect(
            rows.prefix(3).map(\.label) == [
                "all, batch_size 24, tau 0.5918", "all, batch_size 105, tau 0.8908",
                "none, batch_size 22, tau 0.8641",
            ])
        let batches = rows.compactMap { $0.settings["batch_size"]?.integer }
        #expect(batches.allSatisfy { (16...256).contains($0) })
        #expect(batches.filter { $0 < 64 }.count > 12, "a logarithmic scale: half below 64")
        let temperatures = rows.compactMap { $0.settings["temperature"]?.number }
        #expect(temperatures.allSatisfy { (0.01...1).contains($0) })
        #expect(try labels(text(seed: 3)) == rows.map(\.label))
        #expect(try labels(text(seed: 4)) != rows.map(\.label))
        // Another parameter leaves the values of these as they are.
        let more = try parse(text(seed: 3, extra: "noise: [diffuse, sensor]")).expand().rows
        #expect(more.compactMap { $0.settings["temperature"]?.number } == temperatures)
    }

    @Test("zip: parameters move together; those left out of keys are crossed")
    func zip() throws {
        #expect(
            try labels(
                """
                design: {kind: zip, keys: [batch_size, temperature]}
                parameters:
                  batch_size: [16, 32]
                  temperature: [0.1, 0.2]
                  augmentations: [none, all]
                """
            ) == [
                "none, batch_size 16, tau 0.1", "all, batch_size 16, tau 0.1",
                "none, batch_size 32, tau 0.2", "all, batch_size 32, tau 0.2",
            ])
        #expect(
            try labels("design: zip\nparameters: {batch_size: [16, 32], microphones: [2, 8]}")
                == ["batch_size 16, microphones 2", "batch_size 32, microphones 8"])
    }

    @Test("several designs one after another: each names its rows and has its baseline; none twice")
    func several() throws {
        let plan = try parse(
            """
            design:
            - leave_one_out
            - add_one_in
            - {kind: grid, parameters: {batch_size: [32, 128], augmentations: [all]}}
            - {kind: one_factor, parameters: {temperature: [0.1, 1]}}
            """
        ).expand()
        #expect(
            plan.rows.map(\.label) == [
                "all", "− ChannelSwap", "− Mixup", "− RandomResizedCrop", "− ChannelDrop",
                "none", "none + ChannelSwap", "none + Mixup", "none + RandomResizedCrop",
                "none + ChannelDrop",
                "all, batch_size 32", "tau 1",
            ])
        #expect(plan.rows.map(\.baseline) == [0, 0, 0, 0, 0, 5, 5, 5, 5, 5, nil, 5])
        #expect(
            plan.collapsed.map { "\($0.what) -> \($0.into)" } == [
                "batch_size 128 -> all", "temperature 0.1 -> none", "temperature 0.1 -> none",
            ])
        #expect(plan.variedKeys == ["augmentations", "batch_size", "temperature"])
    }

    @Test("equal labels of different rows are made longer until they differ")
    func uniqueLabels() throws {
        let rows = try labels(
            """
            designs:
            - {kind: grid, parameters: {batch_size: [32, 64]}}
            - {kind: grid, parameters: {batch_size: [32, 64], temperature: [1]}}
            """)
        #expect(
            rows == [
                "batch_size 32", "batch_size 64", "batch_size 32, tau 1", "batch_size 64, tau 1",
            ])
    }

    @Test("exclude leaves out the rows that a rule fits, and the plan says by which rule")
    func exclusion() throws {
        let plan = try parse(
            """
            design: powerset
            exclude:
            - {augmentations: [], batch_size: 64}
            - {channel_drop_probability: 0.1, batch_size: 64}
            parameters: {augmentations: [mixup, channel_drop], batch_size: [32, 64]}
            """
        ).expand()
        #expect(
            plan.rows.map(\.label) == [
                "none, batch_size 32", "Mixup, batch_size 32", "Mixup, batch_size 64",
                "ChannelDrop, batch_size 32", "Mixup + ChannelDrop, batch_size 32",
            ])
        #expect(
            plan.excluded.map { "\($0.what): \($0.rule)" } == [
                "none, batch_size 64: {augmentations: [], batch_size: 64}",
                "ChannelDrop, batch_size 64: {channel_drop_probability: 0.1, batch_size: 64}",
                "Mixup + ChannelDrop, batch_size 64: "
                    + "{channel_drop_probability: 0.1, batch_size: 64}",
            ])
    }

    @Test("paper's values stand by the labels of rows, or by evaluations that are rows")
    func paper() throws {
        let file = try parse(
            """
            design: leave_one_out
            paper:
              random: {accuracy: 23.6, error: 83.1}
              "- Mixup": {error: 9.4}
            """)
        #expect(
            file.paper.map { "\($0.label) \($0.values.sorted { $0.key < $1.key })" } == [
                #"random [(key: "accuracy", value: 23.6), (key: "error", value: 83.1)]"#,
                #"- Mixup [(key: "error", value: 9.4)]"#,
            ])
    }

    @Test("a scale may bring its own design")
    func scaledDesign() throws {
        let text = """
            design: powerset
            scales: {small: {design: leave_one_out}}
            """
        #expect(try parse(text).expand().rows.count == 16)
        #expect(try parse(text, ["scale=small"]).expand().rows.count == 5)
        #expect(
            try parse(text, ["design=add_one_in"]).expand().rows[1].label == "none + ChannelSwap")
    }

    @Test("a label typed with a hyphen, or without the set it adds to, names the row all the same")
    func typedLabels() throws {
        let text = """
            design: [leave_one_out, add_one_in]
            baseline: BASE
            paper: {"+ Mixup": {error: 9.4}, "− ChannelDrop": {error: 9}}
            """
        for typed in ["\"- Mixup\"", "\"− Mixup\""] {
            let plan = try parse(text.replacing("BASE", with: typed)).expand()
            #expect(plan.baseline?.label == "− Mixup")
        }
        let added = try parse(text.replacing("BASE", with: "\"+ Mixup\"")).expand()
        #expect(added.baseline?.label == "none + Mixup")
    }

    @Test("no label of a design begins as a spreadsheet's formula does")
    func harmlessLabels() throws {
        for design in ["leave_one_out", "add_one_in", "cumulative", "powerset"] {
            for label in try labels("design: \(design)") {
                #expect(label.first.map { !"=+-@".contains($0) } == true, "\(label)")
            }
        }
    }
}
