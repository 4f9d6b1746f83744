import MCSimCLRStudy
import Studies
import Sweeps
import Testing

@Suite("What a sweep says of its scenes")
struct SceneSettingsTests {
    private func load(_ body: String) throws(SweepFaults) -> SweepFile {
        try SweepFile.parse(
            "name: x\n" + body, fileName: "x.yaml", overrides: [], schema: TrialSchema.schema)
    }

    private func faults(_ body: String) -> [String] {
        do {
            _ = try load(body)
            return []
        } catch {
            return error.faults.map(\.description)
        }
    }

    @Test("rows are named as a person would name them")
    func labels() throws {
        func labels(_ parameters: String) throws -> [String] {
            try load("parameters: {\(parameters)}").expand().rows.map(\.label)
        }
        #expect(try labels("noise: [sensor, diffuse]") == ["sensor noise", "diffuse noise"])
        #expect(try labels("simulation: [images, hybrid]") == ["all images", "hybrid responses"])
        #expect(
            try labels(
                "array: [circular, linear, {positions: [[0.05, 0, 0], [0, 0.05, 0], [0, 0, 0.05]]}]"
            )
                == ["circular array", "linear array", "array of 3 positions"])
        #expect(try labels("overlap: [1, 2]") == ["1 source", "2 sources"])
        #expect(
            try labels("source_motion: [still, arc], source_speed: [1, [0.5, 2]]")
                == ["still", "moving on an arc, 1 m/s", "moving on an arc, 0.5-2 m/s"])
        #expect(
            try labels("snr_db: [0, 10], noise: [sensor, diffuse]")[1]
                == "snr_db 0 dB, diffuse noise")
    }

    @Test("what has no effect makes no row: a speed at rest, a diameter beside positions")
    func collapsed() throws {
        let plan = try load(
            "parameters: {source_motion: [still, line], source_speed: [0.5, 1]}"
        ).expand()
        #expect(plan.rows.count == 3)
        let arrays = try load(
            "base: {array: {positions: [[0.05, 0, 0], [0, 0.05, 0], [0, 0, 0.05]]}}\n"
                + "parameters: {array_diameter: [0.05, 0.1]}"
        ).expand()
        #expect(arrays.rows.count == 1)
        let moving = try load(
            "base: {source_motion: arc}\nparameters: {evaluation_unit: [recording, patch]}"
        ).expand()
        #expect(moving.rows.count == 1)
    }

    @Test("settings that contradict each other are a fault with its place and what to do")
    func contradictions() {
        #expect(
            faults("base:\n  array: tetrahedral\n  microphones: 6\n") == [
                "x.yaml:4:16: microphones is 6, but a tetrahedral array has 4; leave microphones out"
            ])
        #expect(
            faults("base: {array: {positions: [[0.1, 0, 0], [0, 0.1, 0]]}, microphones: 3}") == [
                "x.yaml:2:69: microphones is 3, but array.positions has 2; leave microphones out"
            ])
        #expect(
            faults("base: {array: {}}") == [
                "x.yaml:2:15: array has no positions; write {positions: [[x, y, z], ...]}"
            ])
        #expect(
            faults("base: {array: {positions: [[0.1, 0, 0], [0.1, 0, 0]]}}") == [
                "x.yaml:2:15: array.positions: microphones 0 and 1 are at the same place; move one "
                    + "of them"
            ])
        #expect(
            faults("base: {array: {positions: [[0.1, 0, 0], [0.1, 0, 0.1]]}}") == [
                "x.yaml:2:15: array.positions are one above the other, which cannot tell azimuths apart; "
                    + "move a microphone aside"
            ])
        // A line is as good as a linear array, in whichever order.
        #expect(faults("base: {array: {positions: [[0, 0.09, 0], [0, -0.09, 0]]}}").isEmpty)
        #expect(faults("base: {array: linear, microphones: 8}").isEmpty)
        let swept = faults("parameters:\n  array: [circular, tetrahedral]\n  microphones: [4, 6]\n")
        #expect(swept.count == 1 && swept[0].hasPrefix("x.yaml:4:"))
        let excluded = faults(
            "parameters: {array: [circular, tetrahedral], microphones: [4, 6]}\n"
                + "exclude: {array: tetrahedral, microphones: 6}")
        #expect(excluded.isEmpty)
    }

    @Test("recordings of real rooms have the array and the sources that they have")
    func realRooms() {
        let data = "data: {source: tau2019, path: /x}\n"
        let circular = faults(data + "base: {overlap: 1}")
        #expect(circular.count == 1 && circular[0].contains("write array: tetrahedral"))
        #expect(faults(data + "base: {array: tetrahedral}").isEmpty)
        let overlap = faults(data + "base: {array: tetrahedral, overlap: 2}")
        #expect(overlap.count == 1 && overlap[0].contains("one source each"))
    }

    @Test("a publication's metric that no evaluation leaves is a fault with the nearest name")
    func unknownMetric() {
        let found = faults("base: {overlap: 1}\npaper: {base: {probe_acuracy: 50}}")
        #expect(found.count == 1)
        #expect(found.first?.contains("did you mean 'probe_accuracy'?") == true)
        #expect(TrialSchema.metrics.contains("scratch_within_10"))
    }
}
