import Analysis
import Reports
import ResultsStore
import Sweeps

extension SweepFigures {
    /// A setting with numbers that a figure can have as its axis.
    private struct Axis {
        var key: String
        var label: String
        var isLogarithmic = false
    }

    private static let axes = [
        Axis(key: "rt60", label: "reverberation time of the training rooms (s)"),
        Axis(key: "evaluation_rt60", label: "reverberation time of the test rooms (s)"),
        Axis(key: "microphones", label: "microphones"),
        Axis(key: "snr_db", label: "signal to noise (dB)"),
        Axis(key: "label_fraction", label: "share of the labels", isLogarithmic: true),
        Axis(key: "temperature", label: "temperature", isLogarithmic: true),
        Axis(key: "batch_size", label: "batch size", isLogarithmic: true),
        Axis(key: "channel_drop_probability", label: "probability of ChannelDrop"),
        Axis(key: "gcc_weight", label: "weight of the GCC maps"),
    ]

    /// Error and accuracy against each numeric parameter that varies.
    var parameterFigures: [Figure] {
        Self.axes.flatMap { axis -> [Figure] in
            let values = Set(trials.compactMap { Self.coordinate($0.variedValues[axis.key]) })
            guard values.count > 1 else { return [] }
            let evaluations = [StageKind.probe, .finetune].flatMap { kind in
                kind.settings.contains(axis.key)
                    ? [TableMetric.error, .accuracy].map { figure(axis, kind, $0) } : []
            }
            let isOfPretraining = StageKind.pretrain.settings.contains(axis.key)
            return evaluations + (isOfPretraining ? [similarity(axis)] : [])
        }
    }

    /// The mean similarity of pairs against a parameter.
    private func similarity(_ axis: Axis) -> Figure {
        let pairs = ["positive", "negative"].flatMap { name in
            series(axis, metric: "\(name)_similarity") { trial in
                trial.variedValues.filter { StageKind.pretrain.settings.contains($0.key) }
            }.map { one in
                Figure.Series(
                    label: "\(name) pairs" + (one.label.isEmpty ? "" : ", \(one.label)"),
                    points: one.points)
            }
        }
        var figure = Figure(
            identifier: identifier(axis.key, "similarity"),
            title: "Similarity of pairs by \(axis.label)",
            caption: caption(axis), xLabel: axis.label,
            yLabel: "cosine similarity of projected views", hasLogarithmicX: axis.isLogarithmic,
            bounds: -1...1, content: .points(pairs))
        figure.noteCutIntervals()
        return figure
    }

    private func caption(_ axis: Axis) -> String {
        let hasRange = trials.contains { $0.variedValues[axis.key]?.list != nil }
        return caption(
            "Mean over seeds with Student's 95 % interval.",
            hasRange ? "A range stands at its middle." : nil)
    }

    private func figure(_ axis: Axis, _ kind: StageKind, _ metric: TableMetric) -> Figure {
        let column = metric.column(prefix: kind.rawValue, group: Self.title(kind))
        let reference: StageKind = kind == .probe ? .random : .scratch
        var series = series(axis, metric: column.key) { $0.variedValues }
        // References depend on fewer settings: what does not bear on them parts no series.
        if reference.settings.contains(axis.key) {
            let label = reference == .random ? "random encoder" : "from scratch"
            series += self.series(axis, metric: "\(reference.rawValue)_\(metric.rawValue)") {
                $0.variedValues.filter { reference.settings.contains($0.key) }
            }.map { one in
                Figure.Series(
                    label: one.label.isEmpty ? label : "\(label), \(one.label)", points: one.points)
            }
        }
        for index in series.indices where series[index].label.isEmpty {
            series[index].label = kind == .probe ? "linear probe" : "fine-tuned"
        }
        var figure = Figure(
            identifier: identifier(axis.key, column.key),
            title: "\(Self.title(kind)): \(column.header) by \(axis.label)",
            caption: caption(axis), xLabel: axis.label,
            yLabel: "\(column.header) (\(column.unit ?? ""))",
            hasLogarithmicX: axis.isLogarithmic, bounds: Figure.bounds(ofUnit: column.unit),
            content: .points(series))
        figure.noteCutIntervals()
        return figure
    }

    /// One series for each combination of the other parameters; unlabelled where there is but one.
    private func series(
        _ axis: Axis, metric: String, parameters: (TrialRecord) -> [String: SettingValue]
    ) -> [Figure.Series] {
        var order: [String] = []
        var labels: [String: String] = [:]
        var points: [String: [Double: [Int: Double]]] = [:]
        for trial in trials {
            guard let x = Self.coordinate(trial.settingValues[axis.key]),
                trial.variedValues[axis.key] != nil, let value = trial.metrics[metric],
                value.isFinite
            else { continue }
            let others = parameters(trial).filter { $0.key != axis.key }
            let key = SettingValue.map(others).canonicalJSON
            if labels[key] == nil {
                order.append(key)
                labels[key] = others.sorted { $0.key < $1.key }.map { name, value in
                    "\(name.replacing("_", with: " ")) \(value)"
                }.joined(separator: ", ")
            }
            points[key, default: [:]][x, default: [:]][trial.seed] = value
        }
        return order.map { key in
            let found = (points[key] ?? [:]).sorted { $0.key < $1.key }
            return Figure.Series(
                label: labels[key] ?? "",
                points: found.compactMap { x, seeds in
                    guard let summary = Summary(Array(seeds.values)) else { return nil }
                    let interval = summary.interval()
                    return Figure.Point(
                        x: x, y: summary.mean, lower: interval?.lower, upper: interval?.upper)
                })
        }
    }

    /// A number, or the middle of a range.
    private static func coordinate(_ value: SettingValue?) -> Double? {
        if let number = value?.number { return number }
        return value?.range.map { ($0.lowerBound + $0.upperBound) / 2 }
    }
}
