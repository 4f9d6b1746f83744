import Digests
import Sweeps
import Testing

@Suite("Tuning, as a file says it")
struct SweepTuneTests {
    private static let rows = """
        name: tuned
        parameters: {augmentations: [[], [mixup], [channel_drop]]}
        seeds: [0, 1]
        evaluation: [probe]
        baseline: {augmentations: []}

        """
    private static let tune = """
        tune:
          parameters:
            temperature: {min: 0.05, max: 1, distribution: log_uniform_values}
            channel_drop_probability: [0.1, 0.2, 0.3]
          points: 5
          metric: probe_validation_error
        """

    private func parse(_ text: String, _ overrides: [String] = []) throws(SweepFaults) -> SweepFile
    {
        try SweepFile.parse(
            text, fileName: "x.yaml", overrides: overrides, schema: readingSchema)
    }

    private func faults(_ tune: String, rows: String = Self.rows) -> [String] {
        do {
            _ = try parse(rows + tune)
            return []
        } catch {
            return error.faults.map { $0.description.replacing("x.yaml:", with: "") }
        }
    }

    @Test("all rows try the same points, with seeds that the sweep has not")
    func points() throws {
        let file = try parse(Self.rows + Self.tune)
        let tuning = try #require(file.tuning)
        #expect(
            tuning.points.count == 5 && tuning.keys == ["temperature", "channel_drop_probability"])
        #expect(Set(tuning.seeds).isDisjoint(with: file.seeds) && tuning.seeds.count == 1)
        #expect(tuning.evaluation == "probe_validation")
        #expect(tuning.plan.evaluation == ["probe_validation"])
        #expect(tuning.plan.rows.allSatisfy { $0.baseline == nil && !$0.isBaseline })
        for (row, places) in zip(file.expand().rows, tuning.places) {
            let own = row.settings["augmentations"]
            for (point, place) in zip(tuning.points, places) {
                let settings = tuning.plan.rows[place].settings
                #expect(settings["augmentations"] == own)
                #expect(settings["temperature"] == point["temperature"])
                let temperature = try #require(point["temperature"]?.number)
                #expect((0.05...1).contains(temperature))
                // ChannelDrop's probability counts where there is ChannelDrop.
                #expect(
                    settings["channel_drop_probability"]
                        == (row.label == "ChannelDrop"
                            ? point["channel_drop_probability"] : .number(0.1)))
            }
        }
    }

    @Test("more points leave the first ones as they are, as does another parameter")
    func growth() throws {
        func points(_ overrides: String...) throws -> [SettingValue?] {
            try #require(try parse(Self.rows + Self.tune, overrides).tuning).points
                .map { $0["temperature"] }
        }
        let five = try points()
        #expect(try points("tune.points=9").prefix(5) == five[...])
        #expect(
            try points(
                "tune.parameters.batch_size=[2, 4]", "tune.metric=finetune_validation_error",
                "evaluation=[finetune]") == five)
        #expect(try points("tune.seed=1") != five)
        #expect(Set(five).count == 5)
    }

    @Test("points: all tries every combination of the values once, in the order of the file")
    func everyPoint() throws {
        let every = try #require(
            try parse(
                Self.rows + Self.tune,
                [
                    "tune.parameters={temperature: [0.5, 0.1, 0.5], channel_drop_probability: [0.3, 0.2]}",
                    "tune.points=all",
                ]
            ).tuning)
        #expect(every.isExhaustive)
        #expect(
            every.points.map { "\($0["temperature"]!) \($0["channel_drop_probability"]!)" }
                == ["0.5 0.3", "0.5 0.2", "0.1 0.3", "0.1 0.2"])
        // Rows without ChannelDrop have two of the four.
        #expect(every.plan.rows.count == 2 + 2 + 4)
        #expect(every.plan.remarks.isEmpty)
    }

    @Test("draws that leave out values, though they are as many, are remarked upon")
    func notDrawn() throws {
        func remarks(_ values: String, points: Int) throws -> [String] {
            try #require(
                try parse(
                    Self.rows + Self.tune,
                    ["tune.parameters={temperature: \(values)}", "tune.points=\(points)"]
                ).tuning
            ).plan.remarks.map(\.description)
        }
        #expect(
            try remarks("[0.1, 0.3, 0.5]", points: 3) == [
                "tune draws 3 points at random, which are 2 of the 3 combinations of its values; "
                    + "points: all tries each once"
            ])
        #expect(try remarks("[0.1, 0.3, 0.5]", points: 40) == [])
        #expect(try remarks("[0.1, 0.3, 0.5]", points: 2) == [])
        #expect(try remarks("{min: 0.1, max: 0.5}", points: 3) == [])
    }

    @Test("points that are alike in a row are one row, and nothing else is")
    func alike() throws {
        let tuning = try #require(
            try parse(
                Self.rows + Self.tune,
                ["tune.parameters={channel_drop_probability: [0.2, 0.3]}", "tune.points=20"]
            ).tuning)
        // Twenty draws of two values: both are there, and rows without ChannelDrop have one.
        #expect(tuning.plan.rows.count == 4)
        #expect(
            Set(tuning.plan.rows.map(\.label)) == [
                "none", "Mixup", "ChannelDrop, channel_drop_probability 0.3",
                "ChannelDrop, channel_drop_probability 0.2",
            ])
        #expect(Set(tuning.places[0]) == [0] && Set(tuning.places[2]) == [2, 3])
    }

    @Test("the tuned plan has each row twice, compared with the baseline of its kind")
    func plan() throws {
        let file = try parse(Self.rows + Self.tune)
        let tuning = try #require(file.tuning)
        let plan = file.tunedPlan([1, 0, 4])
        #expect(
            plan.rows.map(\.label) == [
                "none", "none, tuned", "Mixup", "Mixup, tuned", "ChannelDrop", "ChannelDrop, tuned",
            ])
        #expect(plan.rows.map(\.baseline) == [0, 1, 0, 1, 0, 1])
        #expect(plan.rows.map(\.isBaseline) == [true, true, false, false, false, false])
        #expect(plan.rows.map(\.index) == Array(0..<6))
        #expect(plan.rows[1].settings["temperature"] == tuning.points[1]["temperature"])
        #expect(plan.rows[3].settings["temperature"] == tuning.points[0]["temperature"])
        #expect(
            plan.rows[5].settings["channel_drop_probability"]
                == tuning.points[4]["channel_drop_probability"])
        // The rows of the file are what they are without tuning, trial by trial.
        let plain = try parse(Self.rows).expand()
        for (index, row) in plain.rows.enumerated() {
            #expect(plan.rows[2 * index].digest == row.digest)
            #expect(plan.rows[2 * index].settings == row.settings)
        }
        #expect(plan.seeds == [0, 1] && plan.trials.count == 12)
        #expect(Set(plan.trials.map(\.digest)).count == 12)
        #expect(plan.variedKeys.suffix(1) == ["tuned"])
    }

    @Test("a tuned row whose point is what the file has is a trial of its own")
    func same() throws {
        let file = try parse(
            Self.rows + Self.tune, ["tune.parameters={temperature: [0.1]}", "tune.points=1"])
        let some = file.tunedPlan([nil, 0, 0])
        // A row that could choose no point is there once; tuned rows have no baseline then.
        #expect(some.rows.map(\.index) == Array(0..<5))
        #expect(some.rows.map(\.baseline) == [0, 0, nil, 0, nil])
        let plan = file.tunedPlan([0, 0, 0])
        #expect(plan.rows[0].settings == plan.rows[1].settings)
        #expect(plan.rows[0].digest != plan.rows[1].digest)
    }

    @Test("what cannot be tuned so is said, with its place")
    func faults() {
        #expect(
            Set(faults("tune: {points: 0, metrics: x}")) == [
                "6:19: unknown key 'metrics' in tune; did you mean 'metric'?",
                "6:16: tune.points is 0, but must be a whole number from 1 to 1000, or all",
                "6:7: tune has no 'parameters'; write parameters: and what each row may choose, such as "
                    + "{temperature: {min: 0.05, max: 1}}",
                "6:7: tune has no 'metric'; write metric: and one of probe_validation_error, "
                    + "probe_validation_accuracy, finetune_validation_error",
            ])
        #expect(
            faults(
                "tune: {parameters: {temperature: {min: 0.1, max: 1}}, points: all, metric: "
                    + "probe_validation_error}") == [
                    "6:21: temperature is a range, of which points: all cannot try every value; list "
                        + "values, or give points a number, which are drawn"
                ])
        let values = (1...40).map { "\(Double($0) / 50)" }.joined(separator: ", ")
        #expect(
            faults(
                "tune: {parameters: {temperature: [\(values)], channel_drop_probability: [\(values)]}, "
                    + "points: all, metric: probe_validation_error}") == [
                    "6:7: points: all would be 1600 combinations of the values, and 1000 is the most; "
                        + "list fewer values, or give points a number, which are drawn"
                ])
        #expect(
            faults("tune: {parameters: {temperature: [1]}, metric: probe_error}") == [
                "6:48: unknown metric of the validation split 'probe_error'; there are "
                    + "probe_validation_error, probe_validation_accuracy, finetune_validation_error"
            ])
        #expect(
            faults("tune: {parameters: {temperature: [1]}, metric: finetune_validation_error}") == [
                "6:48: tune.metric is finetune_validation_error, but the sweep does not evaluate "
                    + "finetune: add it to evaluation, or choose by another metric"
            ])
        #expect(
            faults("tune: {parameters: {augmentations: [[mixup]]}, metric: probe_validation_error}")
                == [
                    "6:21: augmentations is what rows differ in, and cannot be tuned as well; remove it "
                        + "from parameters and baseline, or from tune"
                ])
        #expect(
            faults("tune: {parameters: {batch_size: [8]}, metric: probe_validation_error}") == [
                "6:21: batch_size is tuned, but probe_validation_error does not depend on it; remove "
                    + "it, or choose by another metric"
            ])
        #expect(
            faults(
                "tune: {parameters: {channel_drop_probability: [0.2]}, metric: "
                    + "probe_validation_error}",
                rows: Self.rows.replacing(", [channel_drop]", with: "")) == [
                    "6:21: channel_drop_probability is tuned, but has no effect in any row beside the "
                        + "other settings; remove it, or give the setting that it belongs to"
                ])
    }
}
