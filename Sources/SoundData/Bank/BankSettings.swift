public import Acoustics
import Foundation

/// How often each clip is placed in a room of its own, split by split.
public struct SpatialisationCounts: Sendable, Codable, Hashable {
    public var pretraining: Int
    public var training: Int
    public var validation: Int
    public var test: Int

    public init(pretraining: Int = 3, training: Int = 3, validation: Int = 1, test: Int = 2) {
        self.pretraining = pretraining
        self.training = training
        self.validation = validation
        self.test = test
    }

    public subscript(split: Split) -> Int {
        switch split {
        case .pretraining: pretraining
        case .training: training
        case .validation: validation
        case .test: test
        }
    }
}

/// What a bank of recordings is made from, besides the clips.
///
/// Every clip is brought to a length, then to a root mean square of 0.1 of full scale, and then placed
/// in rooms. Recordings of real rooms are brought to length and level all the same, but exist once.
public struct BankSettings: Sendable, Codable, Hashable {
    /// Units: Hz.
    public var sampleRate: Int
    /// Shorter clips are looped to this length, with a crossfade of at most 10 ms. Units: seconds.
    public var minimumSeconds: Double
    /// Of longer clips the loudest stretch of this length is taken. Units: seconds.
    public var maximumSeconds: Double
    public var spatialisations: SpatialisationCounts
    public var array: MicrophoneArray
    public var scene: SceneSettings
    /// Which splits it holds: the clips of the others are left out. What one split's recordings are
    /// does not depend on which other splits are there.
    public var splits: [Split]
    public var seed: UInt64
    /// The rooms of files in which clips are heard; nil where rooms are simulated.
    public var rooms: RoomSelection?

    public init(
        sampleRate: Int = 16_000, minimumSeconds: Double = 2.6, maximumSeconds: Double = 2.6,
        spatialisations: SpatialisationCounts = SpatialisationCounts(),
        array: MicrophoneArray = .circular(count: 4, diameter: 0.1),
        scene: SceneSettings = SceneSettings(), splits: [Split] = Split.allCases,
        seed: UInt64 = 0
    ) {
        self.sampleRate = sampleRate
        self.minimumSeconds = minimumSeconds
        self.maximumSeconds = maximumSeconds
        self.spatialisations = spatialisations
        self.array = array
        self.scene = scene
        self.splits = splits
        self.seed = seed
    }

    /// Throws: ``SoundDataError/bankSetting(name:value:rule:)``, or `AcousticsError` for the array and
    /// the rooms.
    public func validate() throws {
        func require(_ isRight: Bool, _ name: String, _ value: Any, _ rule: String) throws {
            guard isRight else {
                throw SoundDataError.bankSetting(name: name, value: "\(value)", rule: rule)
            }
        }
        try require(
            (4000...192_000).contains(sampleRate), "sample_rate", sampleRate,
            "from 4000 to 192000 Hz")
        try require(
            minimumSeconds >= 0.05 && minimumSeconds.isFinite, "minimum_seconds", minimumSeconds,
            "at least 0.05 s")
        try require(
            maximumSeconds >= minimumSeconds && maximumSeconds <= 600, "maximum_seconds",
            maximumSeconds, "at least minimum_seconds, at most 600 s")
        for split in Split.allCases {
            try require(
                (1...1000).contains(spatialisations[split]), "spatialisations.\(split.rawValue)",
                spatialisations[split], "from 1 to 1000")
        }
        try array.validate()
        try scene.validate()
    }
}
