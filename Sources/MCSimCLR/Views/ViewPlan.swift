/// All that chance decides about one view of a recording: a pure value, drawn before any sample is
/// touched, so that the same seed and step give the same view on any worker.
public struct ViewPlan: Sendable, Hashable {
    public var recording: Int
    /// First frame of the patch in the recording's maps.
    public var firstFrame: Int
    public var drawn = DrawnAugmentations()
    /// Added to the mel maps: brings a recording to another level. Units: dB.
    public var gain: Float = 0

    public init(recording: Int, firstFrame: Int) {
        self.recording = recording
        self.firstFrame = firstFrame
    }
}
