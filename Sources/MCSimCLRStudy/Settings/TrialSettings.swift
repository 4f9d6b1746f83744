import Acoustics
package import AudioFeatures
package import MCSimCLR
package import NeuralNetwork
package import SoundData
package import Sweeps

/// A trial's settings in the types of the modules that use them.
package struct TrialSettings: Sendable, Hashable {
    /// The scenes that are learnt from.
    package let bank: BankSettings
    /// The scenes that are tested on.
    package let testBank: BankSettings
    package let features: FeatureSettings
    package let gccWeight: Double
    package let encoder: CRNNConfiguration
    package var pretraining: PretrainingSettings
    package let supervised: SupervisedSettings
    /// How many clips the evaluations have labels of.
    package let labels: LabelledClips
    package let grid: EvaluationGrid
    /// What probes are asked for beside class and azimuth.
    package let quantities: [ProbeTarget]

    /// - Parameters:
    ///   - values: complete and checked against ``TrialSchema``.
    ///   - rooms: those of the sweep's files, with their array.
    package init(_ values: [String: SettingValue], rooms: SweepRooms = .simulated) {
        let draft = TrialDraft(values)
        self.init(draft, rooms.rooms?.array ?? draft.array, rooms)
    }

    /// - Parameter array: the one that the rooms' file has.
    init(_ values: [String: SettingValue], array: MicrophoneArray) {
        self.init(TrialDraft(values), array, .simulated)
    }

    private init(_ draft: TrialDraft, _ array: MicrophoneArray, _ rooms: SweepRooms) {
        bank = Self.bank(draft, array, rooms)
        testBank = Self.testBank(draft, like: bank, rooms)
        features = Self.features(draft, array)
        gccWeight = draft.gccWeight
        let patchFrames = max(1, draft.patchFrames / draft.pooling)
        encoder = CRNNConfiguration(
            inputChannels: features.channels(microphones: array.count), frames: patchFrames,
            bins: features.bins, channels: draft.encoder.channels,
            kernelSize: draft.encoder.kernelSize, recurrentUnits: draft.encoder.recurrentUnits)
        var (pretraining, supervised) = (draft.pretraining, draft.supervised)
        pretraining.patchFrames = patchFrames
        supervised.patchFrames = patchFrames
        supervised.labels = draft.labels
        self.pretraining = pretraining
        self.supervised = supervised
        labels = draft.labels
        quantities = draft.probeTargets.filter(ProbeTarget.quantities.contains)
        // The mean of a moving source's directions is the direction of nothing.
        grid = EvaluationGrid(
            patchFrames: patchFrames, unit: draft.scene.motion == .still ? draft.unit : .patch)
    }

    /// The bank that a stage makes.
    func bank(of kind: StageKind) -> BankSettings { kind == .testScenes ? testBank : bank }

    private static func features(_ draft: TrialDraft, _ array: MicrophoneArray) -> FeatureSettings {
        var features = FeatureSettings()
        features.melBands = draft.melBands
        features.lags = draft.melBands
        features.lagSpacing =
            draft.lagSpacing
            ?? FeatureSettings.lagSpacing(
                aperture: array.aperture, lags: features.lags, sampleRate: features.sampleRate)
        features.pooling = FeaturePooling(frames: draft.pooling, bins: draft.pooling)
        return features
    }

    private static func bank(
        _ draft: TrialDraft, _ array: MicrophoneArray, _ rooms: SweepRooms
    ) -> BankSettings {
        var settings = BankSettings(array: array, scene: draft.scene)
        settings.rooms = rooms.selection
        if let side = draft.side { settings.scene.azimuth = side }
        let seconds = draft.recordingSeconds
        settings.minimumSeconds = seconds.lowerBound
        settings.maximumSeconds = seconds.upperBound
        // Sources move for as long as they are heard.
        settings.scene.motionDuration = seconds.upperBound
        settings.splits = Split.allCases.filter { $0 != .test }
        settings.spatialisations = SpatialisationCounts(
            pretraining: draft.spatialisations, training: draft.spatialisations, validation: 1,
            test: 1)
        settings.seed = UInt64(draft.sceneSeed)
        return settings
    }

    /// Like the scenes for training, but for what the evaluation has of its own.
    private static func testBank(
        _ draft: TrialDraft, like trainingBank: BankSettings, _ rooms: SweepRooms
    ) -> BankSettings {
        var settings = trainingBank
        settings.rooms = rooms.testSelection
        settings.splits = [.test]
        settings.spatialisations = SpatialisationCounts(
            pretraining: 1, training: 1, validation: 1, test: draft.testSpatialisations)
        if let time = draft.testReverberationTime { settings.scene.reverberationTime = time }
        if let level = draft.testSignalToNoise { settings.scene.signalToNoise = level }
        return settings
    }
}
