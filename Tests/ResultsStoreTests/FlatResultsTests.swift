import Digests
import ResultsStore
import Testing

@Suite("The flat view")
struct FlatResultsTests {
    @Test("one row a trial, a column for each varied parameter and each metric")
    func columns() throws {
        let store = try ResultsStore()
        let sweep = sampleSweep()
        try store.register(sweep)
        for stage in sweep.stages.prefix(3) {
            try store.finish(stage, ["\(stage.kind).value": 0.5])
        }
        try store.record(StageAttempt(outcome: .failed, reason: "nan"), sweep.stages[3])
        let results = try store.flatResults(of: "sample")
        #expect(
            results.columns == [
                "sweep", "revision", "trial", "row", "label", "seed", "status", "reason", "digest",
                "batch_size", "pretrain.value", "probe.value", "scenes.value", "model_file",
            ])
        let id = sweep.trials.map(\.id.description)
        #expect(
            results.rows == [
                [
                    "sample", "1", "0", "0", "batch_size 64", "0", "finished", nil, id[0], "64",
                    "0.5",
                    "0.5", "0.5", nil,
                ],
                [
                    "sample", "1", "1", "0", "batch_size 64", "1", "failed", "nan", id[1], "64",
                    nil,
                    nil, "0.5", nil,
                ],
                [
                    "sample", "1", "2", "1", "batch_size 128", "0", "pending", nil, id[2], "128",
                    nil,
                    nil, "0.5", nil,
                ],
                [
                    "sample", "1", "3", "1", "batch_size 128", "1", "pending", nil, id[3], "128",
                    nil,
                    nil, "0.5", nil,
                ],
            ])
    }

    @Test(
        "a parameter of another sweep shows this sweep's setting, awkward names get columns of their own"
    )
    func names() throws {
        let store = try ResultsStore()
        var first = sampleSweep("first")
        first.parameters = ["batch_size", "seed", "it's \"odd\""]
        try store.register(first)
        var second = sampleSweep("second")
        second.parameters = ["temperature"]
        try store.register(second)
        try store.finish(first.stages[0], ["Label": 1])
        let results = try store.flatResults(of: "second")
        #expect(
            results.columns.suffix(6) == [
                "batch_size", "parameter.seed", "it's \"odd\"", "temperature", "metric.Label",
                "model_file",
            ])
        #expect(results.rows[0].suffix(6) == ["64", nil, nil, "0.1", "1.0", nil])
    }

    @Test("the dump is equal for equal results, whatever order and attempts led to them")
    func dump() throws {
        func dump(_ order: [Int], faults: Int) throws -> String {
            let store = try ResultsStore()
            let sweep = sampleSweep()
            try store.register(sweep)
            for place in order {
                for _ in 0..<faults {
                    try store.record(
                        StageAttempt(outcome: .faulted, reason: "x"), sweep.stages[place])
                }
                try store.finish(
                    sweep.stages[place], ["value": Double(place)], seconds: Double.random(in: 0...1)
                )
            }
            var text = ""
            try store.dump(to: &text)
            return text
        }
        let plain = try dump([0, 1, 2, 3, 4], faults: 0)
        #expect(try dump([0, 3, 4, 1, 2], faults: 2) == plain)
        #expect(try dump([0, 1, 2, 3], faults: 0) != plain)
        #expect(plain.contains("\tfinished\n") && plain.contains("\tvalue\t4.0\n"))
    }
}
