import Foundation
import ResultsStore
import Studies
import TestSupport
import Testing

@Suite("Forecasts of programs")
struct ProgramForecastTests {
    @Test("what another program took says nothing of a stage of the same name")
    func others() throws {
        let program = "echo '{\"points\": 1, \"loss\": 2}' > \"$ABLATE_OUTPUT/figures.json\""
        let sweep = try ProgramSweep(["train.sh": program, "other.sh": program])
        #expect(try sweep.run(ProgramSweep.faults).reasons.isEmpty)
        let text = ProgramSweep.faults.replacing("train.sh", with: "other.sh")
            .replacing("name: faults", with: "name: others")
        let session = try sweep.session(text)
        let store = try ResultsStore(path: sweep.layout.database.path)
        let run = try StudyRun(
            session, layout: sweep.layout, store: StudyStore(store, sweep.catalogue))
        func unmeasured(_ build: String) throws -> [String] {
            let limits = StudyRun.Limits(workers: 1, memory: 1 << 30, build: build)
            return try run.forecast(limits, calibrates: false).unmeasured
        }
        #expect(try unmeasured("ablate 1, sh other.sh") == ["run"])
        #expect(try unmeasured("test") == [])
        #expect(session.study.isTimed(byBuild: "ablate 2, sh other.sh"))
        #expect(!session.study.isTimed(byBuild: "ablate 2, sh train.sh"))
    }
}
