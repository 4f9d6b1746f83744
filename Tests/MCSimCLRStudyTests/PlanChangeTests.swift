import Foundation
import MCSimCLRStudy
import ResultsStore
import Studies
import TestSupport
import Testing

@Suite("What differs between two plans of a sweep")
struct PlanChangeTests {
    private let scratch: TemporaryFolder

    init() throws { scratch = try TemporaryFolder() }

    private func write(_ path: String, _ bytes: Data) throws {
        let url = scratch.url.appending(path: path)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try bytes.write(to: url)
    }

    private static let text = """
        name: plans
        data: {source: builtin, clips: 40, classes: 4}
        base: {encoder: {channels: [8, 8, 8], recurrent_units: 8}, batch_size: 8}
        parameters:
          augmentations: {values: [[], [mixup]]}
        seeds: [0, 1]
        evaluation: [probe]
        baseline: {augmentations: []}
        """

    private func plan(_ overrides: String...) throws -> SweepRegistration {
        try write("plans.yaml", Data(Self.text.utf8))
        return try SweepSession(
            path: scratch.url.appending(path: "plans.yaml").path, overrides: overrides,
            catalogue: .builtin
        ).registration
    }

    private func change(_ overrides: String...) throws -> PlanChange {
        let store = try ResultsStore()
        try store.register(plan())
        try write("plans.yaml", Data(Self.text.utf8))
        let session = try SweepSession(
            path: scratch.url.appending(path: "plans.yaml").path, overrides: overrides,
            catalogue: .builtin)
        try store.register(session.registration)
        return try PlanChange(from: "plans@1", to: "plans@2", in: store)
    }

    @Test("more seeds are an extension: every earlier trial is part of the plan")
    func moreSeeds() throws {
        let change = try change("seeds=[0,1,2]")
        #expect(change.differences == ["seeds 0, 1, 2 (were 0, 1)"])
        #expect(change.isExtension && change.commonTrials == 4 && change.earlierTrials == 4)
        #expect(change.dataDifference == nil)
    }

    @Test("fewer seeds and another setting are named, with what was there before")
    func otherSettings() throws {
        let change = try change("seeds=[0]", "temperature=0.2")
        #expect(change.differences == ["temperature 0.2 (was 0.1)", "seeds 0 (were 0, 1)"])
        #expect(!change.isExtension && change.commonTrials == 0)
        #expect(try self.change("seeds=[0]").commonTrials == 2)
    }

    @Test("evaluation, baseline and settings of the data are named")
    func more() throws {
        #expect(
            try change("evaluation=[probe,finetune]").differences
                == ["evaluation finetune, probe (was probe)"])
        #expect(
            try change("baseline={augmentations: [mixup]}").differences
                == ["baseline Mixup (was none)"])
        #expect(try change("data.seed=7").dataDifference == "seed 7, not 0")
        #expect(try change("data.clips=44").dataDifference == "44 clips, not 40")
    }

    @Test("a setting that came later is named where it begins, or ceases, to say something")
    func laterSettings() throws {
        let shifts = "parameters.augmentations=[[],[frequency_shift]]"
        for isFirst in [true, false] {
            let store = try ResultsStore()
            let plans = [try plan(shifts), try plan(shifts, "frequency_shift_bands=8")]
            for plan in isFirst ? plans : plans.reversed() { try store.register(plan) }
            #expect(
                try PlanChange(from: "plans@1", to: "plans@2", in: store).differences == [
                    isFirst
                        ? "frequency_shift_bands 8 (was not said)"
                        : "frequency_shift_bands no more said (was 8)"
                ])
        }
    }

    @Test("a description, a comment, a name of its own for a row make no other plan")
    func samePlan() throws {
        let store = try ResultsStore()
        let first = try store.register(plan())
        let second = try store.register(plan("description=\"other words\""))
        #expect(second.isChanged && second.sweep == first.sweep && !second.isNewPlan)
        #expect(try store.sweep("plans").facts["description"] == "other words")
    }

    @Test("the same clips in another folder are the same plan; an edited clip makes another one")
    func data() throws {
        for folder in ["here", "there"] {
            for (index, name) in ["a", "b"].enumerated() {
                for clip in 0..<10 {
                    let samples = (0..<4000).map {
                        sin(Float($0 * (index + 1)) * 0.1 + Float(clip))
                    }
                    try write("\(folder)/\(name)/\(clip).wav", WaveFile.bytes(samples))
                }
            }
        }
        func plan(_ folder: String) throws -> SweepRegistration {
            try self.plan(
                "data={source: folder, path: \"\(scratch.url.appending(path: folder).path)\"}")
        }
        let store = try ResultsStore()
        let first = try plan("here")
        try store.register(first)
        for stage in first.stages { try store.finish(stage, ["\(stage.kind)_accuracy": 50]) }
        #expect(try store.register(plan("there")).sweep.revision == 1)
        #expect(try store.statusCounts(of: "plans")[.finished] == 4)
        // Half of the clip is turned over; its length stays.
        let samples = (0..<4000).map { ($0 < 2000 ? -1 : 1) * sin(Float($0) * 0.1 + 3) }
        try write("here/a/3.wav", WaveFile.bytes(samples))
        let edited = try store.register(plan("here"))
        #expect(edited.isNewPlan && edited.earlier?.revision == 1)
        #expect(try store.statusCounts(of: "plans")[.finished] == 0)
        let old = try store.trials(of: "plans@1")
        #expect(old.allSatisfy { $0.metrics["probe_accuracy"] == 50 })
        // The stages behind a trial are those of its own data.
        let new = try store.trials(of: "plans")
        #expect(Set(old.map(\.digest)).isDisjoint(with: new.map(\.digest)))
        #expect(try store.stages(ofTrial: old[0].digest) == first.trials[0].stages)
        let change = try PlanChange(from: "plans@1", to: "plans", in: store)
        #expect(change.dataDifference == "other contents")
    }
}

/// Mono files of 16 kHz and 16 bits.
private enum WaveFile {
    static func bytes(_ samples: [Float]) -> Data {
        var data = Data()
        func add(_ text: String) { data.append(contentsOf: text.utf8) }
        func add<Number: FixedWidthInteger>(_ number: Number) {
            for place in 0..<MemoryLayout<Number>.size {
                data.append(UInt8(truncatingIfNeeded: number >> (8 * Number(place))))
            }
        }
        add("RIFF")
        add(UInt32(36 + 2 * samples.count))
        add("WAVEfmt ")
        add(UInt32(16))
        add(UInt16(1))
        add(UInt16(1))
        add(UInt32(16_000))
        add(UInt32(32_000))
        add(UInt16(2))
        add(UInt16(16))
        add("data")
        add(UInt32(2 * samples.count))
        for sample in samples { add(Int16(sample * 20_000)) }
        return data
    }
}

extension ResultsStore {
    fileprivate func finish(_ stage: Stage, _ metrics: [String: Double]) throws {
        let row = try lookUp([stage]).rows[0]
        try transact {
            try $0.record(
                StageAttempt(outcome: .finished, result: StageResult(metrics: metrics)),
                stage: row, owner: 1)
        }
    }
}
