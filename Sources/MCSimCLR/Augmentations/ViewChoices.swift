import Randomness

/// What chance has to choose from when views are decided on.
struct ViewChoices: Sendable {
    /// The recordings that may be drawn.
    var recordings: [Int]
    /// Number of feature frames of every recording of the bank.
    var frames: [Int]
    /// (Pooled) frames and bins of a view.
    var patchFrames: Int
    var bins: Int
    var microphones: Int
    /// Orders of the microphones that equal a rotation or reflection of the array.
    var symmetries: [[Int]]

    /// Mel maps of the microphones, then GCC maps of their pairs.
    var channels: Int { microphones + microphones * (microphones - 1) / 2 }

    /// The first frame of a patch of a recording.
    func firstFrame(in recording: Int, _ stream: inout Stream) -> Int {
        stream.index(below: frames[recording] - patchFrames + 1)
    }
}

/// The random streams of one augmentation of one pair: of both views together, and of each.
struct PairStreams: Sendable {
    var seed: UInt64
    var augmentation: Augmentation
    var step: Int
    var place: Int
    /// Begins the streams' names: one for each training of a seed.
    var purpose = ""

    private var name: String { purpose + augmentation.rawValue }

    var ofPair: Stream { Stream(seed, name, step, place) }

    func ofView(_ view: Int) -> Stream { Stream(seed, name, step, place, view) }
}

/// The map of a view in memory, as the encoder will see it. Shape: [channels, frames, bins].
struct ViewMap {
    var values: UnsafeMutablePointer<Float>
    var channels: Int
    /// The first so many channels are mel maps, the others GCC maps.
    var microphones: Int
    var frames: Int
    var bins: Int

    /// The bins of a frame.
    func row(channel: Int, frame: Int) -> UnsafeMutablePointer<Float> {
        values + (channel * frames + frame) * bins
    }
}
