import Acoustics
import Randomness

/// Part of a map's axis, in its own units, which a crop stretches over the whole axis.
public struct CropWindow: Sendable, Hashable {
    public var start: Double
    public var length: Double

    public init(start: Double, length: Double) {
        self.start = start
        self.length = length
    }

    /// A window over `share` of `size` points at a random place.
    static func draw(
        share: ClosedRange<Double>, of size: Int, using stream: inout Stream
    ) -> CropWindow {
        let length = max(1, Double(size) * stream.uniform(in: share))
        return CropWindow(
            start: stream.uniform(in: 0...(Double(size) - length)), length: length)
    }
}

/// All that chance decides about one view of a recording: a pure value, drawn before any sample is
/// touched, so that the same seed and step give the same view on any worker.
public struct ViewPlan: Sendable, Hashable {
    /// A second recording to mix in.
    public struct Interference: Sendable, Hashable {
        public var recording: Int
        public var firstFrame: Int
        /// Level of the first recording above this one. Units: dB.
        public var level: Double

        public init(recording: Int, firstFrame: Int, level: Double) {
            self.recording = recording
            self.firstFrame = firstFrame
            self.level = level
        }
    }

    public var recording: Int
    /// First frame of the patch in the recording's maps.
    public var firstFrame: Int
    /// Microphone m of the view is `microphones[m]` of the recording; nil leaves them as they are.
    public var microphones: [Int]?
    public var interference: Interference?
    public var timeCrop: CropWindow?
    public var frequencyCrop: CropWindow?
    public var cropsLags = false
    /// Added to the mel maps: brings a recording to another level. Units: dB.
    public var gain: Float = 0
    /// Channels to mask, ascending.
    public var droppedChannels: [Int] = []

    public init(recording: Int, firstFrame: Int) {
        self.recording = recording
        self.firstFrame = firstFrame
    }
}
