/// A figure of merit of located and classified events: what it is called and how predictions give it.
public struct EventFigure: Sendable {
    /// `median_error`; with an evaluation before it, `probe_median_error`, it names a metric.
    public let name: String
    public let header: String
    public let unit: String
    public let decimals: Int
    public let statistic: Statistic
    /// The quantity that predictions must have (``Prediction/quantities``); nil for what all have.
    public let target: ProbeTarget?
    /// Whether evaluations store it beside their predictions; others are computed when they are shown.
    let isStored: Bool

    /// What is made of the predictions.
    public enum Statistic: Sendable {
        /// The share of those that are right. Units: percent.
        case share(@Sendable (Prediction) -> Bool)
        /// The mean over them.
        case mean(@Sendable (Prediction) -> Double)
        /// The median over them.
        case median(@Sendable (Prediction) -> Double)
    }

    public static let all = [
        EventFigure("accuracy", .share { $0.label == $0.predictedLabel }, isStored: true),
        EventFigure("error", .mean { $0.azimuthError }, isStored: true),
        EventFigure(
            "median_error", header: "median error", .median { $0.azimuthError }, isStored: true),
        EventFigure(
            "within_10", header: "within 10°", .share { $0.azimuthError <= 10 }, isStored: true),
        EventFigure(
            "within_20", header: "within 20°", .share { $0.azimuthError <= 20 }, isStored: true),
        EventFigure("within_5", header: "within 5°", .share { $0.azimuthError <= 5 }),
        EventFigure(meanErrorOf: .elevation, header: "elevation error", unit: "°", decimals: 1),
        EventFigure(meanErrorOf: .distance, header: "distance error", unit: "m", decimals: 2),
        EventFigure(meanErrorOf: .rt60, header: "RT60 error", unit: "s", decimals: 3),
        EventFigure(
            meanErrorOf: .volume, header: "volume error", unit: "doublings", decimals: 2),
        EventFigure(
            meanErrorOf: .aspect, header: "aspect error", unit: "doublings", decimals: 2),
    ]

    private init(
        _ name: String, header: String? = nil, _ statistic: Statistic, isStored: Bool = false
    ) {
        self.name = name
        self.header = header ?? name
        self.statistic = statistic
        self.isStored = isStored
        target = nil
        decimals = 1
        switch statistic {
        case .share: unit = "%"
        case .mean, .median: unit = "°"
        }
    }

    /// The mean absolute error of a quantity.
    private init(
        meanErrorOf target: ProbeTarget, header: String, unit: String, decimals: Int
    ) {
        name = "\(target.rawValue)_error"
        self.header = header
        self.unit = unit
        self.decimals = decimals
        self.target = target
        statistic = .mean { $0.error(of: target) ?? .nan }
        isStored = true
    }

    /// Whether the predictions have what it is computed from.
    public func applies(to predictions: [Prediction]) -> Bool {
        guard let target else { return true }
        return predictions.allSatisfy { $0.error(of: target) != nil }
    }

    /// The figure of at least one prediction; nil where they lack the quantity.
    public func value(of predictions: [Prediction]) -> Double? {
        precondition(!predictions.isEmpty, "a figure of nothing")
        guard applies(to: predictions) else { return nil }
        let count = Double(predictions.count)
        switch statistic {
        case .share(let isRight):
            return 100 * Double(predictions.lazy.filter(isRight).count) / count
        case .mean(let value):
            return predictions.map(value).sorted().reduce(0, +) / count
        case .median(let value):
            let values = predictions.map(value).sorted()
            let middle = values.count / 2
            return values.count % 2 == 1
                ? values[middle] : (values[middle - 1] + values[middle]) / 2
        }
    }
}

extension EventFigure {
    /// Those that evaluations store, by name, each beginning with `prefix`: `probe_accuracy`.
    public static func stored(of predictions: [Prediction], prefix: String) -> [String: Double] {
        var figures: [String: Double] = [:]
        for figure in all where figure.isStored {
            figures["\(prefix)_\(figure.name)"] = figure.value(of: predictions)
        }
        return figures
    }
}
