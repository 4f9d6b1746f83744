import Reports

/// The inputs that the tests draw.
enum Examples {
    static let awkward = "50% <b>&_$`|\\{}^~#\"'*[x]"

    static let metrics: [ComparisonInput.Metric] = [
        .init(
            key: "probe_accuracy", header: "accuracy", group: "Linear probe", unit: "%",
            better: .higher, scale: 100),
        .init(
            key: "probe_error", header: "error", group: "Linear probe", unit: "°", better: .lower),
        .init(
            key: "tuned_accuracy", header: "accuracy", group: "Fine-tuned", unit: "%",
            better: .higher, scale: 100),
        .init(
            key: "tuned_error", header: "error", group: "Fine-tuned", unit: "°", better: .lower),
    ]

    static func trial(
        _ seed: Int, _ accuracy: Double, _ error: Double, tuned: (Double, Double)? = nil,
        build: String = "1a2b3c"
    ) -> ComparisonInput.Trial {
        var metrics = ["probe_accuracy": accuracy, "probe_error": error]
        if let tuned {
            metrics["tuned_accuracy"] = tuned.0
            metrics["tuned_error"] = tuned.1
        }
        return .init(
            seed: seed, status: .finished, metrics: metrics, digest: "d\(seed)", build: build)
    }

    /// Everything that can go wrong at once: a failed seed, one not run, an unmeasured metric, a
    /// value that is not finite, a second build, a label out of hell.
    static let troubled = ComparisonInput(
        name: "quickstart", summary: "Which augmentation helps?", labelHeader: "Pretraining",
        configurations: [
            .init(
                label: "none",
                trials: [
                    trial(0, 0.52, 19.04, tuned: (0.55, 12.1)),
                    trial(1, 0.53, 17, tuned: (0.57, 11.2)),
                    trial(2, 0.515, 18.3, tuned: (0.56, 11.9)),
                ], isBaseline: true),
            .init(
                label: "raw features",
                trials: [trial(0, 0.314, 11.7)], isReference: true),
            .init(
                label: "ChannelSwap + Mixup",
                trials: [
                    trial(2, 0.58, 103.4, tuned: (0.60, 9.9)),
                    .init(
                        seed: 1, status: .failed, reason: "loss not finite\nat step 12",
                        digest: "x1"),
                    trial(0, 0.62, 13.1),
                ]),
            .init(
                label: "- Mixup",
                trials: [
                    trial(0, 0.541, 12.02, tuned: (0.59, .infinity)),
                    trial(1, 0.553, 12.31, tuned: (0.61, 9.6), build: "9f8e7d"),
                    .init(seed: 2, status: .pending),
                ]),
            .init(label: awkward, trials: []),
            .init(
                label: "from scratch",
                trials: (0..<3).map { seed in
                    .init(
                        seed: seed, status: .finished,
                        metrics: ["tuned_accuracy": 0.5 + Double(seed) / 100, "tuned_error": 12],
                        digest: "s\(seed)", build: "1a2b3c")
                }, isReference: true),
        ],
        metrics: metrics, seeds: [0, 1, 2],
        dataSet: "built-in sound events (classes such as \(awkward))", isSynthetic: true)

    /// Eight seeds and differences large enough to be significant; published values beside ours.
    static let paired = ComparisonInput(
        name: "table1",
        configurations: [
            .init(
                label: "without augmentation",
                trials: (0..<8).map { trial($0, 0.33 + Double($0) / 100, 13 + Double($0 % 3)) },
                isBaseline: true, paper: ["probe_accuracy": 33.0, "probe_error": 13.2]),
            .init(
                label: "all four",
                trials: (0..<8).map {
                    trial($0, 0.5 + Double($0) / 80, 10 + Double(($0 * 5) % 4))
                }, paper: ["probe_accuracy": 51.5]),
        ], metrics: Array(metrics.prefix(2)), dataSet: "recordings21 (240 test clips)",
        showsDifferences: true)

    static let single = ComparisonInput(
        name: "one seed",
        configurations: [
            .init(label: "a", trials: [trial(3, 0.5, 20.04)]),
            .init(label: "b", trials: [trial(3, 0.4, 19.96)]),
        ], metrics: Array(metrics.prefix(2)))
}
