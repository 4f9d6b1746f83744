import Testing

@Suite("Faults of designs")
struct SweepDesignFaultTests {
    private static let kinds =
        "grid, leave_one_out, add_one_in, cumulative, one_factor, powerset, random, zip"

    @Test(
        "each fault of a design has its place and its remedy",
        arguments: [
            (
                "design: leave_one_ut",
                [
                    "1:9: design is leave_one_ut, but must be one of \(kinds); "
                        + "did you mean 'leave_one_out'?"
                ]
            ),
            (
                "design: {kind: add_one_in, of: augs}\nparameters: {augmentations: [mixup]}",
                ["1:32: of is augs, but must be augmentations"]
            ),
            (
                "design: addone\nparameters: {augmentations: [mixup]}",
                ["1:9: design is addone, but must be one of \(kinds); did you mean 'add_one_in'?"]
            ),
            ("design: {points: 3}", ["1:9: design has no 'kind'; write kind: and one of \(kinds)"]),
            ("design: []", ["1:9: design is an empty list; give at least one design"]),
            (
                "design: {kind: random, point: 3}",
                [
                    "1:9: the random design has no 'points'; write {kind: random, points: 20}",
                    "1:24: unknown key 'point' in the design random; did you mean 'points'?",
                ]
            ),
            (
                "parameters: {batch_size: {min: 2, max: 20}}",
                [
                    "1:14: batch_size has min and max, which only the design random can draw from; "
                        + "give values: [...]"
                ]
            ),
            (
                "design: {kind: random, points: 3}\n"
                    + "parameters: {noise: {min: 1, max: 20}, temperature: {min: 2}, "
                    + "batch_size: {min: 20, max: 10}, rt60: {min: 1, values: 3}, "
                    + "pretraining_steps: {min: 0, max: 9, distribution: log_uniform_values}}",
                [
                    "2:14: noise must be one of sensor, diffuse, which has no min and max to draw "
                        + "between; give values: [...]",
                    "2:40: parameters.temperature has no 'max'; give min and max",
                    "2:75: batch_size is {min: 20, max: 10}, but its low end must not be above "
                        + "its high end",
                    "2:95: rt60 must be [low, high] or one number from 0.05 to 10, which has no "
                        + "min and max to draw between; give values: [...]",
                    "2:110: parameters.rt60 has both 'values' and 'min'; keep one",
                    "2:141: pretraining_steps.min is 0, but must be above 0 to be drawn on a "
                        + "logarithmic scale",
                ]
            ),
            (
                "design: {kind: random, points: 3}\nparameters: {noise: [sensor, diffuse]}",
                [
                    "1:9: points is 3, but the parameters make no more than 2 different rows; "
                        + "ask for fewer"
                ]
            ),
            (
                "design: zip\nparameters: {noise: [sensor, diffuse], batch_size: [1000], "
                    + "temperature: [1, 2, 3]}",
                [
                    "1:9: the parameters of the design zip must have equally many values, or one: "
                        + "noise has 2, batch_size has 1, temperature has 3"
                ]
            ),
            (
                "design: {kind: zip, keys: [noize]}\nparameters: {noise: [sensor, diffuse]}",
                ["1:28: unknown parameter 'noize'; did you mean 'noise'?"]
            ),
            (
                "design: leave_one_out\nparameters: {augmentations: [[mixup], all]}",
                [
                    "2:14: augmentations has 2 values, but the design leave_one_out works on one "
                        + "set: list its options ([a, b, c]) or one set ([[a, b, c]])"
                ]
            ),
            (
                "design: leave_one_out\nparameters: {augmentations: [[]]}",
                [
                    "2:14: augmentations is empty, but the design leave_one_out needs a set of at "
                        + "least one option"
                ]
            ),
            (
                "design: leave_one_out\nparameters: {augmentations: [mixup, mixup]}",
                ["2:37: augmentations has mixup twice; remove one"]
            ),
            (
                "design: grid\ndesigns: grid",
                ["2:10: the sweep file has both 'design' and 'designs'; keep one"]
            ),
            (
                "exclude: {}",
                [
                    "1:10: a rule of exclude is {}, but must be the settings of the rows to leave "
                        + "out"
                ]
            ),
            ("exclude: {noise: sensor}", ["1:10: exclude leaves no row; remove a rule"]),
            (
                "design: add_one_in\npaper: {+ Mixupp: {error: 3}, none: {error: x}}\nname: a/",
                [
                    "2:9: unknown row '+ Mixupp'; did you mean '+ Mixup'?",
                    "2:45: paper.none.error is x, but must be a number",
                    "3:7: name is 'a/', but must be usable as a folder's name: letters, digits "
                        + "and '-', '_', '.', beginning with a letter or a digit, at most 100, and "
                        + "not 'cache', 'studies', 'instruments', 'bench.json' or "
                        + "'ablate.sqlite...'",
                ]
            ),
            (
                "method: grid",
                [
                    "1:1: there is no 'method' in the sweep file: how values become rows is called design: "
                        + "grid, leave_one_out, random, ..."
                ]
            ),
        ])
    func designFaults(text: String, expected: [String]) {
        #expect(faults(text) == expected)
    }
}
