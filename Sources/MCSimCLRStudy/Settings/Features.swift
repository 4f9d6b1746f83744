import Acoustics
import MCSimCLR
import Sweeps

// MARK: Settings of the maps and of views of them

extension TrialSchema {
    static let features = TrialSetting.list("Features") {
        TrialSetting.number(
            "gcc_weight", 0...100, default: 0.2, \.gccWeight,
            readBy: [.pretrain, .random, .scratch],
            "deviation of the GCC maps after normalisation (mel maps: 1)"
        ).with(.free)
        TrialSetting.integer(
            "mel_bands", 8...256, default: 64, \.melBands, readBy: readersOfMaps,
            "mel bands from 50 Hz to 8 kHz; the GCC maps have as many lags")
        TrialSetting.number(
            "lag_spacing", 0.01...4, or: "auto", \.lagSpacing, readBy: readersOfMaps,
            "distance between lags; auto: as wide as the array needs", unit: "samples"
        ).with(.free)
        TrialSetting.integer(
            "feature_pooling", 1...8, default: 1, \.pooling, readBy: readersOfPatches,
            "maps are averaged over blocks of this many frames and bins")
        TrialSetting.integer(
            "patch_frames", 8...4096, default: 64, \.patchFrames, readBy: readersOfPatches,
            "length of a view, before pooling", unit: "frames of 20 ms"
        ).unread(by: .raw, beside: ["evaluation_unit", "source_motion"]) {
            // Raw features of whole recordings know no patches.
            $0 == [
                .text(EvaluationUnit.recording.rawValue), .text(SourceMotion.still.rawValue),
            ]
        }
    }

    private static let readersOfMaps: Set<StageKind> = [.raw, .random, .pretrain, .scratch]

    /// Without maps, but with patches where these are judged by themselves.
    private static let readersOfPatches = readersOfMaps.union([.mean])
}
