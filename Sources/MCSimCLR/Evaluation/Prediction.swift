import Acoustics

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
    /// The quantities that were asked for; nil for none.
    public var quantities: [Estimate]?

    /// A quantity of the source or of its room, in the units of ``ProbeTarget``.
    public struct Estimate: Sendable, Codable, Hashable {
        public var target: ProbeTarget
        public var truth: Double
        public var predicted: Double

        public init(_ target: ProbeTarget, truth: Double, predicted: Double) {
            self.target = target
            self.truth = truth
            self.predicted = predicted
        }
    }

    public init(
        recording: Int, clip: Int, label: Int, predictedLabel: Int, azimuth: Double,
        predictedAzimuth: Double, source: Int? = nil, patch: Int? = nil,
        quantities: [Estimate]? = nil
    ) {
        self.recording = recording
        self.clip = clip
        self.label = label
        self.predictedLabel = predictedLabel
        self.azimuth = azimuth
        self.predictedAzimuth = predictedAzimuth
        self.source = source
        self.patch = patch
        self.quantities = quantities
    }

    /// Absolute azimuth error, wrapped. Units: degrees, in [0, 180].
    public var azimuthError: Double {
        Angle.absoluteDifference(azimuth, predictedAzimuth) * 180 / .pi
    }

    /// Absolute error of a quantity, in its units; nil where it was not asked for.
    public func error(of target: ProbeTarget) -> Double? {
        quantities?.first { $0.target == target }.map { abs($0.predicted - $0.truth) }
    }
}
