import Sweeps
import Testing

@Suite("Words that people bring from elsewhere")
struct WordsFromElsewhereTests {
    @Test(
        "get the right answer in the sections of a file",
        arguments: [
            ("base: {seed: 3}", "seeds: [0, 1, 2]"),
            ("seed: 3\nbase: {batch_size: 32}", "seeds: [0, 1, 2]"),
            ("parameters: {random_state: [1, 2]}", "seeds: [0, 1, 2]"),
            ("base: {parameters: {batch_size: [32]}}", "but in the file itself"),
            ("metric: {name: loss, goal: minimize}\nbase: {batch_size: 32}", "called metrics"),
            ("method: bayes\nbase: {batch_size: 32}", "called design"),
            ("num_samples: 20\nbase: {batch_size: 32}", "{kind: random, points: 20}"),
            ("defaults: [a]\nbase: {batch_size: 32}", "section of scales"),
            ("early_terminate: {type: hyperband}\nbase: {batch_size: 32}", "runs to its end"),
            ("base: {num_workers: 4}", "run FILE -j 4"),
            ("base: {device: cuda}", "--gpus 0,1"),
            ("exclude: {seed: 1}\nparameters: {batch_size: [32, 64]}", "seeds: [0, 1, 2]"),
        ])
    func sections(text: String, advice: String) {
        let found = faults(text)
        #expect(found.count == 1 && found[0].contains(advice), "\(found)")
    }

    @Test(
        "get the right answer as distributions",
        arguments: [
            ("log_uniform", "its ends are exponents elsewhere; write log_uniform_values"),
            (
                "q_log_uniform_values",
                "write log_uniform_values; what must be a whole number is one"
            ),
            ("int_uniform", "write uniform"), ("categorical", "write values: [...]"),
            ("normal", "between a min and a max"),
        ])
    func distributions(name: String, advice: String) {
        let found = faults(
            "parameters: {temperature: {min: 0.1, max: 1, distribution: \(name)}}\n"
                + "design: {kind: random, points: 2}")
        #expect(found.count == 1 && found[0].contains(advice), "\(found)")
        #expect(found.allSatisfy { $0.contains("there is no '\(name)' in distribution") })
    }

    @Test("Hydra's interpolation is none here, and the message says what is")
    func interpolation() {
        #expect(
            faults("base: {batch_size: '${oc.env:BS}'}") == [
                "1:20: batch_size is '${oc.env:BS}', but nothing is put in for ${...} here: write the "
                    + "value, or name it once (&name) and refer to it (*name)"
            ])
    }

    @Test("a study's own words win over those of all studies")
    func ofStudies() {
        let schema = SettingsSchema(
            trial: [
                SettingDescriptor(
                    key: "learning_rate", kind: .number(0...1), defaultValue: .number(0.1),
                    summary: "Rate.")
            ], data: [], evaluations: ["probe"],
            words: ["lr": "it is called learning_rate here", "device": "it runs anywhere"])
        func found(_ key: String) -> String {
            do {
                _ = try SweepFile.parse("base: {\(key): 1}", fileName: "x.yaml", schema: schema)
                return ""
            } catch { return "\(error)" }
        }
        #expect(found("LR").hasSuffix("there is no 'LR' in base: it is called learning_rate here"))
        #expect(found("device").hasSuffix("in base: it runs anywhere"))
    }

    @Test("of many names a wrong one gets the nearest few, those that share a word first")
    func nearest() {
        let names = (0..<30).map { "setting_\($0)" } + ["crop_time", "crop_frequency", "rate"]
        #expect(
            NearestName.ranked("crop_length", names).prefix(2) == ["crop_time", "crop_frequency"])
        #expect(NearestName.ranked("rite", names)[0] == "rate")
    }
}
