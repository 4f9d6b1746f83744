import Analysis
public import Reports
public import ResultsStore
public import Sweeps

/// A setting with numbers that a drawing can have as its axis.
public struct ParameterAxis: Sendable, Hashable {
    public var key: String
    public var label: String
    public var isLogarithmic: Bool
    /// The value that is no number and more than any: "all" labels. Nil where there is none.
    public var beyond: String?

    public init(key: String, label: String, isLogarithmic: Bool = false, beyond: String? = nil) {
        self.key = key
        self.label = label
        self.isLogarithmic = isLogarithmic
        self.beyond = beyond
    }
}

extension SweepFigures {
    /// The figures that tables show against each setting with numbers that varies.
    public var figuresByParameter: [Figure] {
        study.schema.trial.flatMap { setting -> [Figure] in
            let unit = setting.unit.map { " (\($0))" } ?? ""
            let label = setting.key.replacing("_", with: " ") + unit
            return figures(
                by: ParameterAxis(key: setting.key, label: label), of: study.defaultFigures)
        }
    }

    /// Figures of merit of every evaluation that depends on a setting, against that setting; none where
    /// it does not vary in numbers.
    public func figures(by axis: ParameterAxis, of names: [String]) -> [Figure] {
        guard varies(axis) else { return [] }
        return study.groups.flatMap { evaluation -> [Figure] in
            guard study.stage(evaluation.stage)?.settings.contains(axis.key) == true else {
                return []
            }
            return names.compactMap(study.figure).filter(evaluation.leaves)
                .map { figure(axis, evaluation, $0) }
        }
    }

    /// Whether the sweep has two places of a setting's axis, and one of them a number.
    public func varies(_ axis: ParameterAxis) -> Bool {
        let count = coordinates(axis).count
        return count > 1 || count == 1 && word(axis) != nil
    }

    /// Ascending.
    private func coordinates(_ axis: ParameterAxis) -> [Double] {
        Set(
            trials.filter { !$0.isTuned }
                .compactMap { Self.coordinate($0.variedValues[axis.key]) }
        ).sorted()
    }

    /// Where ``ParameterAxis/beyond`` stands: as far behind the largest number as that is behind the one before. Nil
    /// where the sweep has no such value.
    private func word(_ axis: ParameterAxis) -> Figure.Word? {
        let numbers = coordinates(axis)
        guard let word = axis.beyond, let last = numbers.last,
            trials.contains(where: { !$0.isTuned && $0.variedValues[axis.key] == .text(word) })
        else { return nil }
        // Of one number the step from half of it.
        let before = numbers.dropLast().last ?? last / 2
        let isLogarithmic = axis.isLogarithmic && before > 0
        return Figure.Word(
            x: isLogarithmic ? last * last / before : 2 * last - before, text: word)
    }

    /// The settings that differ between rows, of those that a stage depends on.
    public func varied(_ trial: TrialRecord, ofStage name: String) -> [String: SettingValue] {
        guard let stage = study.stage(name) else { return [:] }
        return trial.variedValues.filter { stage.settings.contains($0.key) }
    }

    public func caption(_ axis: ParameterAxis) -> String {
        let hasRange = trials.contains { $0.variedValues[axis.key]?.list != nil }
        return caption(
            "Mean over seeds with Student's 95 % interval.",
            hasRange ? "A range stands at its middle." : nil,
            word(axis).map { "“\($0.text)” stands behind the largest number." })
    }

    private func figure(
        _ axis: ParameterAxis, _ evaluation: EvaluationDefinition, _ merit: FigureDefinition
    ) -> Figure {
        let column = merit.column(of: evaluation)
        var series = series(axis, metric: column.key) { $0.variedValues }
        for reference in study.references {
            series += self.series(axis, evaluation, reference, merit)
        }
        for index in series.indices where series[index].label.isEmpty {
            series[index].label = evaluation.header?.lowercased() ?? column.header
        }
        let title = evaluation.header.map { "\($0): " } ?? ""
        var figure = Figure(
            identifier: identifier(axis.key, column.key),
            title: "\(title)\(column.header) by \(axis.label)",
            caption: caption(axis), xLabel: axis.label,
            yLabel: column.header + (column.unit.map { " (\($0))" } ?? ""),
            hasLogarithmicX: axis.isLogarithmic, xWord: word(axis),
            bounds: Figure.bounds(ofUnit: column.unit),
            content: .points(series))
        figure.noteCutIntervals()
        return figure
    }

    /// Those of a reference that stands in an evaluation's columns. References depend on fewer settings:
    /// what does not bear on them parts no series.
    private func series(
        _ axis: ParameterAxis, _ evaluation: EvaluationDefinition, _ other: EvaluationDefinition,
        _ merit: FigureDefinition
    ) -> [Figure.Series] {
        guard let reference = other.reference, reference.column == evaluation.stage,
            let stage = study.stage(other.stage), stage.settings.contains(axis.key),
            trials.contains(where: { stage.usesSeed(with: $0.settingValues) })
        else { return [] }
        let label = reference.shortLabel
        return series(axis, metric: other.key(merit.name)) {
            varied($0, ofStage: other.stage)
        }.map { one in
            Figure.Series(
                label: one.label.isEmpty ? label : "\(label), \(one.label)", points: one.points)
        }
    }

    /// One series for each combination of the other parameters; unlabelled where there is but one.
    public func series(
        _ axis: ParameterAxis, metric: String, parameters: (TrialRecord) -> [String: SettingValue]
    ) -> [Figure.Series] {
        var order: [String] = []
        var labels: [String: String] = [:]
        var points: [String: [Double: [Int: Double]]] = [:]
        let word = word(axis)
        // Tuned rows have values of their own.
        for trial in trials where !trial.isTuned {
            let varied = trial.variedValues[axis.key]
            let x =
                varied == axis.beyond.map(SettingValue.text) && varied != nil
                ? word?.x : Self.coordinate(trial.settingValues[axis.key])
            guard let x, varied != nil, let value = trial.metrics[metric],
                value.isFinite
            else { continue }
            let others = parameters(trial).filter { $0.key != axis.key }
            let key = SettingValue.map(others).canonicalJSON
            if labels[key] == nil {
                order.append(key)
                labels[key] = others.sorted { $0.key < $1.key }.map(words).joined(separator: ", ")
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

    /// A setting as a row's label has it: `ChannelSwap + ChannelDrop`, `batch size 64`.
    private func words(_ key: String, _ value: SettingValue) -> String {
        let name = key.replacing("_", with: " ")
        guard let setting = study.schema.trial.first(where: { $0.key == key }) else {
            return "\(name) \(value)"
        }
        // As in labels of rows, the study's first set needs no name.
        if key == study.schema.firstSet?.key {
            return setting.words(for: value)
        }
        return "\(name) \(setting.words(for: value))"
    }

    /// A number, or the middle of a range.
    private static func coordinate(_ value: SettingValue?) -> Double? {
        if let number = value?.number { return number }
        return value?.range.map { ($0.lowerBound + $0.upperBound) / 2 }
    }
}
