import Sweeps
import Testing

@Suite("What is said and nothing reads")
struct SweepUnreadTests {
    private func plan(_ text: String, _ overrides: [String] = []) throws -> SweepPlan {
        try SweepFile.parse(
            text, fileName: "x.yaml", overrides: overrides, schema: readingSchema
        ).expand()
    }

    private func remarks(_ text: String, _ overrides: [String] = []) throws -> [String] {
        try plan(text, overrides).remarks.map(\.description)
    }

    private static let crossed = """
        parameters: {augmentations: [[], [mixup]], batch_size: [32, 64, 128]}
        evaluation: probe
        """

    @Test("values that no evaluation reads become one row, and the plan says which would read them")
    func collapse() throws {
        let plan = try plan(Self.crossed)
        #expect(plan.rows.map(\.label) == ["none", "Mixup"])
        #expect(plan.variedKeys == ["augmentations"])
        #expect(plan.rows[1].varied.map(\.key) == ["augmentations"])
        #expect(plan.collapsed.isEmpty)
        #expect(
            plan.remarks.map(\.description) == [
                "batch_size is read by no evaluation of this sweep: 3 values become 1; "
                    + "add finetune or scratch to evaluation"
            ])
        let read = try self.plan(Self.crossed, ["evaluation=[probe, finetune]"])
        #expect(read.rows.count == 6 && read.remarks.isEmpty)
    }

    @Test("a row of another design that fits the baseline, and is compared with none, is named")
    func comparedWithNone() throws {
        let text = """
            design: [grid, {kind: one_factor, parameters: {temperature: [0.9]}}]
            parameters: {batch_size: [32, 64], augmentations: [[], [mixup]]}
            evaluation: finetune
            """
        let baseline = "\nbaseline: {batch_size: 64"
        #expect(try remarks(text + baseline + ", temperature: 0.1}").isEmpty)
        let found = try remarks(text + baseline + "}")
        #expect(found.count == 1)
        #expect(
            found.first?.hasSuffix(
                " is compared with no other row; name in 'baseline' what else the row has that it is to be "
                    + "compared with"
            ) == true, "\(found)")
    }

    @Test("a row that stays is the trial that it was")
    func digests() throws {
        let plan = try plan(Self.crossed)
        let whole = try parse(Self.crossed).expand()
        #expect(plan.trials.map(\.digest) == [whole.trials[0].digest, whole.trials[3].digest])
        #expect(plan.rows[1].settings == whole.rows[3].settings)
    }

    @Test("designs over sets that nothing tells apart are one row without a baseline to beat")
    func sets() throws {
        let file = try SweepFile.parse(
            "design: powerset\nbase: {augmentations: [mixup, channel_drop]}\nevaluation: scratch\n"
                + "parameters: {noise: [sensor, diffuse]}",
            fileName: "x.yaml", schema: readingSchema)
        let plan = file.expand()
        #expect(plan.rows.map(\.label) == ["noise sensor", "noise diffuse"])
        #expect(plan.rows.allSatisfy { !$0.isBaseline })
        #expect(!file.designs[0].hasAllSubsets, "nothing can be attributed")
        #expect(
            plan.remarks.map(\.description) == [
                "augmentations is read by no evaluation of this sweep: 4 values become 1; "
                    + "add probe or finetune to evaluation"
            ])
    }

    @Test("baseline, exclude and paper stay right when the rows that they name become one")
    func sections() throws {
        let baseline = try plan(Self.crossed + "\nbaseline: {augmentations: [], batch_size: 64}")
        #expect(baseline.rows.map(\.isBaseline) == [true, false])
        #expect(baseline.rows.map(\.baseline) == [0, 0])
        let label = try plan(Self.crossed + "\nbaseline: 'Mixup, batch_size 64'")
        #expect(label.rows.map(\.isBaseline) == [false, true])
        let vain = try plan(Self.crossed + "\nbaseline: {batch_size: 64}")
        #expect(vain.rows.map(\.baseline) == [nil, nil])
        // A rule leaves out what it names; the other values of what is not read stand for the row.
        let excluded = try plan(
            Self.crossed + "\nexclude: {augmentations: [], batch_size: 32}")
        #expect(excluded.rows.map(\.label) == ["none", "Mixup"])
        #expect(excluded.rows.map { $0.settings["batch_size"] } == [.integer(64), .integer(32)])
        #expect(excluded.excluded.map(\.rule) == ["{augmentations: [], batch_size: 32}"])
        let paper = "\npaper: {'Mixup, batch_size 64': {accuracy: 3}, Mixup: {accuracy: 4}}"
        #expect(try plan(Self.crossed + paper).rows.count == 2)
        #expect(throws: SweepFaults.self) {
            try plan(Self.crossed + "\npaper: {'Mixup, batch_size 65': {accuracy: 3}}")
        }
    }

    @Test("settings of base that nothing reads are remarked on, so that files can share a base")
    func base() throws {
        #expect(
            try remarks("base: {batch_size: 8, temperature: 1}\nevaluation: [raw]") == [
                "batch_size is read by no evaluation of this sweep; "
                    + "add finetune or scratch to evaluation",
                "temperature is read by no evaluation of this sweep; "
                    + "add probe or finetune to evaluation",
            ])
        #expect(try remarks("parameters: {batch_size: [8]}\nevaluation: [raw]").count == 1)
        #expect(try remarks("base: {batch_size: 8}\nevaluation: [raw, scratch]").isEmpty)
    }

    @Test("a setting of base without effect in any row is a fault where it was the last word")
    func withoutEffect() throws {
        let text = "base: {channel_drop_probability: 0.7}\nparameters: {batch_size: [8, 16]}"
        #expect(
            faults(text) == [
                "1:34: channel_drop_probability is 0.7, but has no effect in any row beside the "
                    + "other settings; remove it, or give the setting that it belongs to"
            ])
        #expect(try parse(text, ["augmentations=[channel_drop]"]).expand().rows.count == 2)
        #expect(
            faults("seeds: 2", ["channel_drop_probability=0.7"]).first?
                .hasPrefix("-S channel_drop_probability=0.7: channel_drop_probability is 0.7")
                == true)
        let scaled = """
            base: {channel_drop_probability: 0.7}
            scale: small
            scales:
              small: {base: {batch_size: 8}}
              drop: {base: {augmentations: [channel_drop]}}
            """
        #expect(
            try parse(scaled).expand().remarks.map(\.description)
                == ["channel_drop_probability 0.7 has no effect in any row"])
        #expect(try parse(scaled, ["scale=drop"]).expand().remarks.isEmpty)
    }

    @Test("a rule of exclude that leaves nothing out is a fault where it was the last word")
    func exclusions() throws {
        let text = "parameters: {batch_size: [8, 16]}\nexclude: {batch_size: 32}"
        #expect(
            faults(text) == [
                "2:10: the rule {batch_size: 32} of exclude leaves out no row; remove it, or write "
                    + "settings that a row has"
            ])
        #expect(try parse(text, ["parameters.batch_size=[16, 32]"]).expand().rows.count == 1)
        #expect(
            try parse(text, ["parameters.batch_size=[64]"]).expand().remarks.map(\.description)
                == ["the rule {batch_size: 32} of exclude leaves out no row"])
        // Two rules that leave the same row out are both used.
        #expect(
            try parse(
                "parameters: {batch_size: [8, 16]}\n"
                    + "exclude: [{batch_size: 8}, {batch_size: 8, microphones: 4}]"
            ).expand().rows.count == 1)
    }

    @Test(
        "a setting of the data that its source does not read is a fault, with the sources that do")
    func data() throws {
        let remedy = "remove it, or write data.source: folder, manifest"
        #expect(
            faults("data: {path: /x}") == [
                "1:14: data.path is /x, but nothing reads it with data.source: builtin; \(remedy)"
            ])
        #expect(
            faults("data: {source: builtin}", ["data.path=/x"]) == [
                "-S data.path=/x: data.path is /x, but nothing reads it with data.source: builtin; "
                    + remedy
            ])
        // A source chosen later has no use for what belonged to the earlier one.
        let file = try parse("data: {source: folder, path: /x}", ["data.source=builtin"])
        #expect(file.data["path"] == .null)
        let scaled = """
            data: {source: folder, path: /x}
            scales:
              small: {data: {source: builtin}}
              wrong: {data: {source: builtin, path: /y}}
            """
        #expect(try parse(scaled, ["scale=small"]).data["path"] == .null)
        #expect(
            faults(scaled, ["scale=wrong"]) == [
                "4:41: data.path is /y, but nothing reads it with data.source: builtin; \(remedy)"
            ])
    }

    @Test(
        "an override of a text is taken as it was typed, unless it is in quotes",
        arguments: [
            ("a #2", "a #2"), ("a: b", "a: b"), ("@x", "@x"), ("*x", "*x"), ("{x}", "{x}"),
            ("\"q # w\"", "q # w"), ("'it''s'", "it's"), ("'", "'"), ("\"a\" \"b\"", "\"a\" \"b\""),
            ("5", "5"), ("- x", "- x"), ("%a", "%a"), ("yes", "yes"), ("[1, 2", "[1, 2"),
        ])
    func verbatim(typed: String, text: String) throws {
        let file = try parse("seeds: 2", ["data.source=folder", "data.path=\(typed)"])
        #expect(file.data["path"] == .text(text))
        #expect(try parse("seeds: 2", ["description=\(typed)"]).summary == text)
        let scaled = try parse(
            "scales: {s: {data: {source: folder}}}", ["scales.s.data.path=\(typed)", "scale=s"])
        #expect(scaled.data["path"] == .text(text))
    }

    @Test("a comment in an override of another kind is refused; a label is taken as it was typed")
    func comments() throws {
        #expect(
            faults("seeds: 2", ["seeds=3 # three"]) == [
                "-S seeds=3 # three: what follows ' #' is a comment to YAML and would be lost: "
                    + "'# three'; leave it out, or put the value in quotes: -S 'key=\"...\"'"
            ])
        #expect(try parse("seeds: 2", ["data.source=folder", "data.path=~"]).data["path"] == .null)
        let rows = "design: leave_one_out\nbase: {augmentations: [mixup, channel_swap]}"
        let plan = try parse(rows, ["baseline=- Mixup"]).expand()
        #expect(plan.rows.map(\.isBaseline) == [false, false, true])
        #expect(
            try parse(rows, ["baseline= {augmentations: [mixup]}"]).expand().rows[1].isBaseline)
    }
}
