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
