import Acoustics
import Foundation

/// What a model says of one source of a test recording, beside the truth.
public struct Prediction: Sendable, Codable, Hashable {
    public var recording: Int
    public var clip: Int
    public var label: Int
    public var predictedLabel: Int
    /// Units: radians.
    public var azimuth: Double
    /// Units: radians.
    public var predictedAzimuth: Double
    /// Which of the recording's sources it is; nil where there is one only.
    public var source: Int?
    /// Which of the recording's patches was judged; nil where recordings are judged as a whole.
    public var patch: Int?

    public init(
        recording: Int, clip: Int, label: Int, predictedLabel: Int, azimuth: Double,
        predictedAzimuth: Double, source: Int? = nil, patch: Int? = nil
    ) {
        self.recording = recording
        self.clip = clip
        self.label = label
        self.predictedLabel = predictedLabel
        self.azimuth = azimuth
        self.predictedAzimuth = predictedAzimuth
        self.source = source
        self.patch = patch
    }

    /// Absolute azimuth error, wrapped. Units: degrees, in [0, 180].
    public var azimuthError: Double {
        Angle.absoluteDifference(azimuth, predictedAzimuth) * 180 / .pi
    }
}

/// Accuracy and localisation error over a set of predictions.
public struct EventMetrics: Sendable, Codable, Hashable {
    /// Share of sources with the right class. Units: percent.
    public var accuracy: Double
    /// Mean absolute azimuth error. Units: degrees.
    public var meanError: Double
    /// Median absolute azimuth error. Units: degrees.
    public var medianError: Double
    /// Share of sources whose azimuth error is at most 10 degrees. Units: percent.
    public var within10: Double
    /// Share of sources whose azimuth error is at most 20 degrees. Units: percent.
    public var within20: Double

    /// - Parameter predictions: at least one.
    public init(_ predictions: [Prediction]) {
        precondition(!predictions.isEmpty, "metrics of nothing")
        let count = Double(predictions.count)
        let errors = predictions.map(\.azimuthError).sorted()
        func percent(_ matching: (Prediction) -> Bool) -> Double {
            100 * Double(predictions.lazy.filter(matching).count) / count
        }
        accuracy = percent { $0.label == $0.predictedLabel }
        meanError = errors.reduce(0, +) / count
        let middle = errors.count / 2
        medianError =
            errors.count % 2 == 1 ? errors[middle] : (errors[middle - 1] + errors[middle]) / 2
        within10 = percent { $0.azimuthError <= 10 }
        within20 = percent { $0.azimuthError <= 20 }
    }

    /// The names of the metrics without the beginning that says what was evaluated.
    public static let names = ["accuracy", "error", "median_error", "within_10", "within_20"]

    /// The metrics by name, each beginning with `prefix`: "probe_accuracy", "probe_error", ...
    public func named(_ prefix: String) -> [String: Double] {
        [
            "\(prefix)_accuracy": accuracy, "\(prefix)_error": meanError,
            "\(prefix)_median_error": medianError, "\(prefix)_within_10": within10,
            "\(prefix)_within_20": within20,
        ]
    }
}
