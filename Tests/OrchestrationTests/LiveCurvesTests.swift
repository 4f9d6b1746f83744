import Digests
import Foundation
import Orchestration
import ResultsStore
import TestSupport
import Testing

@Suite("Curves of running stages")
struct LiveCurvesTests {
    private func progress(_ step: Int, _ values: [String: Double]) -> StageProgress {
        StageProgress(step: step, steps: 1_000_000, values: values)
    }

    @Test("the first save takes the place of what an earlier attempt left; later ones add")
    func beginning() {
        var curves = LiveCurves()
        #expect(
            curves.take(progress(5, ["loss": 2]))
                == .replaced(["loss": [CurvePoint(step: 5, value: 2)]]))
        #expect(curves.take(progress(5, ["loss": 1])) == .nothing)
        #expect(curves.take(progress(4, ["loss": 1])) == .nothing)
        #expect(
            curves.take(progress(9, ["loss": 1, "odd": .nan]))
                == .added(["loss": [CurvePoint(step: 9, value: 1)]]))
        var silent = LiveCurves()
        #expect(silent.take(nil) == .replaced([:]))
        #expect(silent.take(StageProgress(step: 1, steps: 2)) == .nothing)
    }

    @Test("a stage has at most 500 points, spread over all of it, however long it runs")
    func thinning() {
        for names in [["loss"], ["a", "b", "c"]] {
            var curves = LiveCurves()
            var kept: [String: [CurvePoint]] = [:]
            for step in 1...10_000 {
                let values = Dictionary(uniqueKeysWithValues: names.map { ($0, Double(step)) })
                switch curves.take(progress(step, values)) {
                case .nothing: break
                case .replaced(let all): kept = all
                case .added(let more): kept.merge(more) { $0 + $1 }
                }
                #expect(kept.values.map(\.count).reduce(0, +) <= LiveCurves.mostPoints)
            }
            let steps = kept["\(names[0])"]?.map(\.step) ?? []
            #expect(steps.count > 80 && steps == steps.sorted())
            #expect(steps.first == 1 && steps.last ?? 0 > 9_800)
            let gaps = zip(steps.dropFirst(), steps).map { $0 - $1 }
            #expect(Set(gaps).count == 1)
        }
    }

    @Test("the store has them while the stage runs, and the result's own curves afterwards")
    func stored() throws {
        let folder = try TemporaryFolder()
        let store = try ResultsStore(path: folder.database)
        let sweep = sampleSweep()
        let stage = sweep.stages[1]
        let executor = RecordingExecutor { stage, context in
            guard stage.kind == "pretrain" else { return StageResult() }
            context.report(StageProgress(step: 7, steps: 10, values: ["loss": 0.5]))
            // The watch saves every second.
            for _ in 0..<100 where try store.curves(of: stage.id)["loss"] == nil {
                Thread.sleep(forTimeInterval: 0.05)
            }
            #expect(
                try store.curves(of: stage.id) == ["loss": [CurvePoint(step: 7, value: 0.5)]])
            return StageResult(curves: ["loss": [CurvePoint(step: 10, value: 0.25)]])
        }
        let run = try SweepRun(sweep, store, executor, RunSettings(workers: 4))
        try run.run()
        #expect(try store.curves(of: stage.id) == ["loss": [CurvePoint(step: 10, value: 0.25)]])
    }
}
