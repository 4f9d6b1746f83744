import Sweeps

/// A schema with a setting of every kind, like the one of the program.
let exampleSchema = SettingsSchema(
    trial: exampleSettings, data: exampleData, evaluations: exampleEvaluations)

private let exampleEvaluations = ["raw", "random", "probe", "finetune", "scratch"]

/// The same, where evaluations read some of the settings alone.
let readingSchema = SettingsSchema(
    trial: exampleSettings, data: exampleData, evaluations: exampleEvaluations,
    validations: [
        ValidationEvaluation(
            name: "probe_validation", evaluation: "probe",
            metrics: ["probe_validation_error", "probe_validation_accuracy"]),
        ValidationEvaluation(
            name: "finetune_validation", evaluation: "finetune",
            metrics: ["finetune_validation_error"]),
    ],
    reads: { evaluations, _, _ in
        let rooms: Set = ["rt60", "microphones", "noise"]
        let pretraining = rooms.union(["augmentations", "channel_drop_probability", "temperature"])
        return evaluations.reduce(into: Set<String>()) { read, evaluation in
            switch evaluation {
            case "probe", "probe_validation": read.formUnion(pretraining)
            case "finetune", "finetune_validation":
                read.formUnion(pretraining.union(["batch_size"]))
            case "scratch": read.formUnion(rooms.union(["batch_size"]))
            default: read.formUnion(rooms)
            }
        }
    })

private let exampleSettings = [
    SettingDescriptor(
        key: "augmentations",
        kind: .subset(["channel_swap", "mixup", "random_resized_crop", "channel_drop"]),
        defaultValue: .list([]), summary: "What is done to the two views."),
    SettingDescriptor(
        key: "channel_drop_probability", kind: .number(0...1), defaultValue: .number(0.1),
        summary: "The share of channels masked.",
        appliesWhen: { $0["augmentations"]?.texts?.contains("channel_drop") ?? false }),
    SettingDescriptor(
        key: "batch_size", kind: .integer(2...4096), defaultValue: .integer(128),
        summary: "Pairs of views in a batch."),
    SettingDescriptor(
        key: "temperature", kind: .number(0.001...10), defaultValue: .number(0.1),
        summary: "Of the contrastive loss.", label: { "tau \($0)" }),
    SettingDescriptor(
        key: "pretraining_steps", kind: .integer(0...Int.max), defaultValue: .integer(300),
        summary: "Steps of pretraining."),
    SettingDescriptor(
        key: "microphones", kind: .integer(2...8), defaultValue: .integer(4),
        summary: "Microphones on the circle."),
    SettingDescriptor(
        key: "rt60", kind: .range(0.05...10), defaultValue: .number(0.3),
        summary: "Reverberation time.", unit: "s"),
    SettingDescriptor(
        key: "noise", kind: .choice(["sensor", "diffuse"]), defaultValue: .text("sensor"),
        summary: "What the noise is."),
    SettingDescriptor(
        key: "spatial_negatives", kind: .boolean, defaultValue: .boolean(false),
        summary: "The same clip from several directions in a batch."),
    SettingDescriptor(
        key: "channels", kind: .list(.integer(1...1024), count: 1...4),
        defaultValue: .list([.integer(32), .integer(32), .integer(32)]),
        summary: "Of the convolutions."),
    SettingDescriptor(
        key: "pooling",
        kind: .map([
            SettingDescriptor(
                key: "frames", kind: .integer(1...8), defaultValue: .integer(2), summary: "."),
            SettingDescriptor(
                key: "bins", kind: .integer(1...8), defaultValue: .integer(2), summary: "."),
        ]),
        defaultValue: .map([:]), summary: "Blocks that are averaged."),
    SettingDescriptor(
        key: "crop", kind: .either([.boolean, .range(0...1)]), defaultValue: .boolean(false),
        summary: "Whether, or how much, is cropped."),
    SettingDescriptor(
        key: "note", kind: .text, defaultValue: .null, summary: "Anything."),
]

private let exampleData = [
    SettingDescriptor(
        key: "source", kind: .choice(["builtin", "folder", "manifest"]),
        defaultValue: .text("builtin"), summary: "Where the clips come from."),
    SettingDescriptor(
        key: "path", kind: .text, defaultValue: .null, summary: "Of the folder or manifest.",
        appliesWhen: { $0["source"] != .text("builtin") }),
    SettingDescriptor(
        key: "recordings", kind: .integer(1...1_000_000), defaultValue: .integer(240),
        summary: "Clips of the built-in data."),
]

/// The sweep file of the issue.
let quickstart = """
    name: quickstart
    description: Which augmentation helps?
    data: {source: builtin, recordings: 240}
    base:
      pretraining_steps: 200
    parameters:
      augmentations: {values: [[], [channel_swap], [channel_drop], [channel_swap, mixup, random_resized_crop, channel_drop]]}
      channel_drop_probability: {values: [0.1]}
      batch_size: {values: [64]}
      temperature: {values: [0.1]}
      microphones: {values: [4]}
      rt60: {values: [[0.1, 0.5]]}
    seeds: [0, 1]
    evaluation: [raw, random, probe, finetune, scratch]
    baseline: {augmentations: []}
    """

/// The sweep of a text, or the faults thrown.
func parse(_ text: String, _ overrides: [String] = []) throws(SweepFaults) -> SweepFile {
    try SweepFile.parse(
        text, fileName: "sweeps/x.yaml", overrides: overrides, schema: exampleSchema)
}

/// The faults of a text, a line each without the file's name; empty where there are none.
func faults(_ text: String, _ overrides: [String] = []) -> [String] {
    do {
        _ = try parse(text, overrides)
        return []
    } catch {
        return error.faults.map { $0.description.replacing("sweeps/x.yaml:", with: "") }
    }
}
