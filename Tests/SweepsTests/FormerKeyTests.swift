import Sweeps
import Testing

@Suite("Keys of the data that had another name before")
struct FormerKeyTests {
    private let schema = SettingsSchema(
        trial: [
            SettingDescriptor(
                key: "steps", kind: .integer(1...100), defaultValue: .integer(1),
                summary: "Steps of training.")
        ],
        data: [
            SettingDescriptor(
                key: "clips", kind: .integer(1...1_000), defaultValue: .integer(240),
                summary: "Clips of the built-in data.", formerKey: "recordings")
        ], evaluations: ["probe"])

    private func plan(_ data: String, _ overrides: [String] = []) throws -> SweepPlan {
        try SweepFile.parse(
            "name: former\n\(data)\nparameters: {steps: {values: [1, 2]}}", fileName: "former.yaml",
            overrides: overrides, schema: schema
        ).expand()
    }

    @Test(
        "are read as those of today, and said once",
        arguments: ["", "scales: {small: {data: {recordings: 30}}}"])
    func read(_ scales: String) throws {
        let today = try plan("data: {clips: 30}")
        let former = try plan("data: {recordings: 30}\n" + scales)
        #expect(former.data == ["clips": .integer(30)])
        #expect(former.rows.map(\.digest) == today.rows.map(\.digest))
        #expect(
            former.remarks.map(\.description)
                == ["data.recordings is called data.clips now: the old name still works"])
        #expect(today.remarks.isEmpty)
    }

    @Test("are read in overrides and in the chosen scale")
    func overrides() throws {
        #expect(try plan("", ["data.recordings=30"]).data == ["clips": .integer(30)])
        let scaled = "data: {clips: 10}\nscales: {small: {data: {recordings: 30}}}"
        #expect(try plan(scaled, ["scale=small"]).data == ["clips": .integer(30)])
        #expect(
            try plan(scaled, ["scale=small", "data.recordings=40"]).data == ["clips": .integer(40)])
    }

    @Test("name what is stored and digested for ever")
    func stored() throws {
        #expect(try plan("data: {clips: 30}").storedData == ["recordings": .integer(30)])
    }

    @Test("beside those of today are a fault")
    func both() throws {
        let error = try #require(throws: SweepFaults.self) {
            try plan("data: {clips: 30, recordings: 30}")
        }
        #expect("\(error)".contains("data has both 'recordings' and 'clips'; keep one"))
    }
}
