import Digests
import Foundation
import ResultsStore
import TestSupport
import Testing

@Suite("Several plans under one name")
struct RevisionTests {
    private func finish(_ sweep: SweepRegistration, in store: ResultsStore) throws {
        for stage in sweep.stages { try store.finish(stage, ["\(stage.kind).value": 1]) }
    }

    @Test("another plan takes the name; the one before stays as it was, under its number")
    func anotherPlan() throws {
        let store = try ResultsStore()
        let first = sampleSweep()
        try store.register(first)
        try finish(first, in: store)
        let before = try store.trials(of: "sample")
        let summary = try store.register(sampleSweep(rows: 1, seeds: [0]))
        #expect(summary.sweep == SweepReference("sample", revision: 2))
        #expect(summary.earlier == SweepReference("sample", revision: 1))
        #expect(try store.trials(of: "sample").count == 1)
        #expect(try store.trials(of: "sample@2") == store.trials(of: "sample"))
        #expect(try store.trials(of: "sample@1") == before)
        #expect(try store.sweepNames() == ["sample"])
        #expect(try store.allSweeps() == ["sample", "sample@1"])
        #expect(try store.sweep("sample").name == "sample")
        #expect(try store.sweep("sample@2").name == "sample")
        #expect(try store.sweep("sample@1").name == "sample@1")
        #expect(try store.commonTrials(of: "sample@1", "sample") == 1)
    }

    @Test("in the view the name selects the plan in view alone, and NAME@1 the first one")
    func view() throws {
        let store = try ResultsStore()
        try store.register(sampleSweep(rows: 3))
        try store.register(sampleSweep(rows: 1))
        let results = try store.flatResults(of: "sample")
        #expect(
            results.rows.map { Array($0.prefix(3)) } == [
                ["sample", "2", "0"], ["sample", "2", "1"],
            ])
        let earlier = try store.flatResults(of: "sample@1")
        #expect(earlier.rows.count == 6)
        #expect(earlier.rows.allSatisfy { $0.prefix(2) == ["sample@1", "1"] })
    }

    @Test("an earlier plan that is run again comes into view, with its number and no copy")
    func again() throws {
        let store = try ResultsStore()
        try store.register(sampleSweep(rows: 1))
        try store.register(sampleSweep(rows: 2))
        let back = try store.register(sampleSweep(rows: 1))
        #expect(back.sweep.revision == 1 && !back.isNewPlan && back.isChanged)
        #expect(back.earlier == SweepReference("sample", revision: 2))
        let revisions = try store.revisions(of: "sample")
        #expect(revisions.map(\.reference.revision) == [1, 2])
        #expect(revisions.map(\.isInView) == [true, false])
        #expect(try store.trials(of: "sample").count == 2)
    }

    @Test("other words for the same plan make no revision, and are kept")
    func otherWords() throws {
        let store = try ResultsStore()
        try store.register(sampleSweep())
        var sweep = sampleSweep()
        sweep.facts["description"] = "other words"
        sweep.facts["command"] = "ablate run elsewhere.yaml"
        sweep.sourceText += "# a comment\n"
        sweep.rows = [
            PlannedRow(index: 0, label: "twice", isBaseline: false),
            PlannedRow(index: 1, label: "once", isBaseline: true),
        ]
        for place in sweep.trials.indices { sweep.trials[place].row = 1 - sweep.trials[place].row }
        let summary = try store.register(sweep)
        #expect(summary.isChanged && !summary.isNewPlan && summary.earlier == nil)
        #expect(summary.sweep.revision == 1)
        #expect(try store.sweep("sample").facts["description"] == "other words")
        #expect(try store.trials(of: "sample").map(\.label) == ["once", "once", "twice", "twice"])
    }

    @Test("seeds, rows, the baseline, and stages of other content each make another plan")
    func otherPlans() throws {
        let store = try ResultsStore()
        var plans = [sampleSweep(), sampleSweep(seeds: [0, 2]), sampleSweep(seeds: [0, 1, 2])]
        plans.append(sampleSweep(rows: 3))
        var otherBaseline = sampleSweep()
        otherBaseline.rows[0].isBaseline = false
        otherBaseline.rows[1].isBaseline = true
        plans.append(otherBaseline)
        var otherData = sampleSweep()
        let scenes = Digest(of: "scenes of other data")
        for place in otherData.trials.indices { otherData.trials[place].stages[0] = scenes }
        otherData.stages[0].id = scenes
        for place in otherData.stages.indices.dropFirst() {
            otherData.stages[place].dependencies = otherData.stages[place].dependencies.map {
                $0 == Digest(of: "scenes") ? scenes : $0
            }
        }
        plans.append(otherData)
        var evaluatedLess = sampleSweep()
        for place in evaluatedLess.trials.indices {
            evaluatedLess.trials[place].stages.removeLast()
        }
        plans.append(evaluatedLess)
        for (place, plan) in plans.enumerated() {
            #expect(try store.register(plan).sweep.revision == place + 1)
        }
        for (place, plan) in plans.enumerated() {
            #expect(try store.register(plan).sweep.revision == place + 1)
        }
    }

    @Test("a run that describes its plan anew at its end leaves the view to a later run")
    func renewed() throws {
        let store = try ResultsStore()
        try store.register(sampleSweep(rows: 1))
        try store.register(sampleSweep(rows: 2))
        var sweep = sampleSweep(rows: 1)
        sweep.facts["description"] = "mine"
        let summary = try store.register(sweep, takesView: false)
        #expect(summary.sweep.revision == 1 && summary.earlier == nil)
        #expect(try store.sweep("sample@1").facts["description"] == "mine")
        #expect(try store.sweep("sample").revision.reference.revision == 2)
    }

    @Test(
        "a revision that is not there is refused with those that are", arguments: ["7", "two", ""])
    func unknown(revision: String) throws {
        let store = try ResultsStore()
        try store.register(sampleSweep(rows: 1))
        try store.register(sampleSweep(rows: 2))
        let error = StoreError.unknownRevision(revision, sweep: "sample", known: [1, 2])
        #expect(throws: error) { try store.trials(of: "sample@\(revision)") }
        #expect(error.description.contains("it has sample@1, sample@2"))
        #expect(throws: StoreError.unknownSweep(name: "other@1", known: ["sample"])) {
            try store.trials(of: "other@1")
        }
    }

    @Test("one revision is deleted alone, a name with all; numbers are not given again")
    func deletion() throws {
        let store = try ResultsStore()
        for rows in 1...3 { try store.register(sampleSweep(rows: rows)) }
        #expect(try store.deletion(of: "sample").counts.total == 12)
        #expect(try store.deleteSweep("sample@3") == .init(trials: 6, stages: 4))
        // The latest that is left stands for the name.
        #expect(try store.trials(of: "sample").count == 4)
        #expect(try store.deleteSweep("sample@1") == .init(trials: 2, stages: 0))
        #expect(try store.allSweeps() == ["sample"])
        #expect(try store.register(sampleSweep(rows: 4)).sweep.revision == 4)
        #expect(try store.deleteSweep("sample") == .init(trials: 12, stages: 17))
        #expect(try store.allSweeps().isEmpty)
        #expect(try store.register(sampleSweep(rows: 1)).sweep.revision == 1)
    }

    @Test("what only an earlier plan needs stays in the cache unless the plans in view alone count")
    func artifacts() throws {
        let store = try ResultsStore()
        let large = sampleSweep(rows: 2)
        try store.register(large)
        try store.register(sampleSweep(rows: 1))
        let makers = large.stages.filter(\.producesArtifact).map(\.id)
        #expect(try store.neededArtifacts() == Set(makers))
        #expect(try store.neededArtifacts(of: store.sweepNames()) == Set(makers.prefix(3)))
        #expect(try store.neededArtifacts(of: ["sample@1"]) == Set(makers))
    }

    @Test("processes that register at once end with one revision a plan, each with its own trials")
    func atOnce() async throws {
        let folder = try TemporaryFolder()
        let path = folder.database
        let found = try await withThrowingTaskGroup(of: (Int, Int).self) { group in
            for task in 0..<8 {
                group.addTask {
                    let rows = 1 + task % 4
                    let store = try ResultsStore(path: path)
                    let number = try store.register(sampleSweep(rows: rows)).sweep.revision ?? 0
                    #expect(try store.trials(of: "sample@\(number)").count == 2 * rows)
                    return (rows, number)
                }
            }
            return try await group.reduce(into: [:]) { $0[$1.0, default: Set()].insert($1.1) }
        }
        #expect(found.values.allSatisfy { $0.count == 1 })
        #expect(Set(found.values.flatMap(\.self)) == [1, 2, 3, 4])
        let revisions = try ResultsStore(readingFrom: path).revisions(of: "sample")
        #expect(revisions.count(where: \.isInView) == 1)
    }

    @Test("references read back as they are written")
    func references() {
        #expect(SweepReference(parsing: "a@12") == SweepReference("a", revision: 12))
        #expect(SweepReference(parsing: "a") == SweepReference("a"))
        #expect(SweepReference(parsing: "a@b").name == "a@b")
        #expect(SweepReference("a", revision: 3).description == "a@3")
        #expect(SweepReference("a").description == "a")
    }
}
