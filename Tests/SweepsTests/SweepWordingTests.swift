import Sweeps
import Testing

@Suite("Words of the rarer faults")
struct SweepWordingTests {
    @Test(
        "each says what, value and remedy",
        arguments: [
            (
                "base: {&a batch_size: 8, batch_size: 9}",
                "1:26: 'batch_size' is given twice, first in line 1; remove one"
            ),
            (
                "parameters: {batch_size: {}}",
                "1:14: parameters.batch_size has no 'values'; write values: [...]"
            ),
            (
                "parameters: {batch_size: {values: 8}}",
                "1:35: parameters.batch_size.values is 8, but must be a list of values"
            ),
            (
                "parameters: {batch_size: {values: [8], value: 8}}",
                "1:14: parameters.batch_size has both 'values' and 'value'; keep one"
            ),
            (
                "evaluation: []",
                "1:13: evaluation is an empty list; give some of raw, random, probe, finetune, "
                    + "scratch"
            ),
            ("evaluation: [raw, raw]", "1:19: evaluation has raw twice; remove one"),
            ("base: 3", "1:7: base is 3, but must be a map of keys and values"),
            ("scales: [small]", "1:9: scales is [small], but must be a map of keys and values"),
            (
                "baseline:",
                "1:10: baseline is empty, but must be the settings of a row, or its label"
            ),
            ("paper: 3", "1:8: paper is 3, but must be a map of keys and values"),
            ("paper: {base: 3}", "1:15: paper.base is 3, but must be a map of keys and values"),
            (
                "paper: {base: {accuracy: 1, eror: 2}}",
                "1:29: unknown metric 'eror'; did you mean 'error'?"
            ),
            (
                "seeds: many",
                "1:8: seeds is many, but must be a list of whole numbers from 0 to "
                    + "9223372036854775807, or how many seeds there are: from 1 to 1000000"
            ),
            (
                "seeds: [9223372036854775808]",
                "1:9: a seed is 9223372036854775808, but must be a whole number from 0 to "
                    + "9223372036854775807"
            ),
            ("base: {width: 'a\nb'}", "1:15: width is 'a b', but must be a number of at least 0 m"),
            ("base: {height: 3.5}", "1:16: height is 3.5, but must be a whole number of at most 3"),
            (
                "design: powerset",
                "1:9: the design powerset needs a set to work on: write of: and one of many, two"
            ),
            (
                "design: {kind: powerset, of: many}",
                "1:9: the design powerset has a set of 17 options, but at most 16 are allowed: "
                    + "it has a row for each subset"
            ),
            (
                "design: {kind: powerset, of: tow}",
                "1:30: of is tow, but must be one of many, two; did you mean 'two'?"
            ),
        ])
    func words(text: String, expected: String) {
        do {
            _ = try SweepFile.parse(text, fileName: "x.yaml", schema: Self.schema)
            Issue.record("no fault in \(text)")
        } catch {
            let found = error.faults.map { $0.description.replacing("x.yaml:", with: "") }
            #expect(found == [expected])
        }
    }

    private static let schema = SettingsSchema(
        trial: [
            SettingDescriptor(
                key: "many", kind: .subset((0..<17).map { "option\($0)" }),
                defaultValue: .list([]), summary: "More than a power set may have."),
            SettingDescriptor(
                key: "two", kind: .subset(["a", "b"]), defaultValue: .list([]), summary: "."),
            SettingDescriptor(
                key: "batch_size", kind: .integer(1...64), defaultValue: .integer(8),
                summary: "."),
            SettingDescriptor(
                key: "width", kind: .number(0 ... .infinity), defaultValue: .number(1),
                summary: ".", unit: "m"),
            SettingDescriptor(
                key: "height", kind: .integer(Int.min...3), defaultValue: .integer(1),
                summary: "."),
        ],
        data: [], evaluations: ["raw", "random", "probe", "finetune", "scratch"],
        metrics: ["accuracy", "error"])

    @Test("two subset settings are each named in a label; schema defaults evaluate to what it says")
    func twoSubsets() throws {
        let plan = try SweepFile.parse(
            "parameters: {two: [none, all], many: [none, [option1]]}", fileName: "x.yaml",
            schema: Self.schema
        ).expand()
        #expect(
            plan.rows.map(\.label) == [
                "two none, many none", "two none, many Option1", "two all, many none",
                "two all, many Option1",
            ])
        #expect(plan.evaluation == Self.schema.evaluations)
        #expect(Self.schema.trial[3].rule == "a number of at least 0 m")
    }
}
