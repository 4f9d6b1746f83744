import Acoustics
import MCSimCLR
import SoundData
package import Sweeps

/// What a trial's settings say, each in its place; ``TrialSettings`` is worked out from it.
package struct TrialDraft: Sendable, Hashable {
    // Scenes. The array's shape is not used where there are positions.
    var shape = ArrayShape.circular
    /// Units: metres.
    var positions: [SIMD3<Double>]?
    var microphones = 4
    /// Diameter of the circle or sphere; length of the line. Units: metres.
    var arrayDiameter = 0.1
    var scene = SceneSettings()
    /// Units: seconds.
    var recordingSeconds = 2.6...2.6
    var spatialisations = 1
    var sceneSeed = 0
    // What the test's scenes have of their own; nil: as in those that are learnt from.
    var testReverberationTime: ClosedRange<Double>?
    var testSignalToNoise: ClosedRange<Double>?
    var testSpatialisations = 1

    // Maps and views.
    var melBands = 64
    /// Units: samples; nil: as wide as the array needs.
    var lagSpacing: Double?
    /// Frames, and bins, that become one.
    var pooling = 1
    /// Before pooling.
    var patchFrames = 64
    var gccWeight = 0.2

    // Networks and what is done with them; lengths of patches and sizes of maps come from above.
    var encoder = EncoderSize(.paper)
    var pretraining = PretrainingSettings(
        augmentations: AugmentationSettings(),
        optimisation: OptimisationSettings(steps: 1, batchSize: 2))
    var supervised = SupervisedSettings(
        optimisation: OptimisationSettings(steps: 1, batchSize: 2))
    var labels = LabelledClips.all
    var unit = EvaluationUnit.recording
    var probeTargets = ProbeTarget.always

    /// - Parameter values: complete and checked against ``TrialSchema``.
    package init(_ values: [String: SettingValue]) {
        TrialSchema.trial.apply(values, to: &self)
    }

    var array: MicrophoneArray {
        if let positions { return MicrophoneArray(positions: positions) }
        return switch shape {
        case .linear:
            .linear(count: microphones, spacing: arrayDiameter / Double(microphones - 1))
        case .tetrahedral: .tetrahedral(radius: arrayDiameter / 2)
        case .circular: .circular(count: microphones, diameter: arrayDiameter)
        }
    }

    /// Where sources are, of microphones on a line, which hears both of its sides alike; nil: all around, as
    /// those of two microphones on a circle are nevertheless. Units: radians.
    var side: ClosedRange<Double>? { positions == nil && shape != .linear ? nil : array.side }
}

/// What a file says of the encoder; the rest follows from the maps.
struct EncoderSize: Sendable, Hashable {
    var channels: [Int]
    var kernelSize = 3
    /// Of each direction.
    var recurrentUnits: Int
}

extension EncoderSize {
    init(_ preset: EncoderPreset) {
        self.init(channels: preset.channels, recurrentUnits: preset.recurrentUnits)
    }
}
