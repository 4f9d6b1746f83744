import Acoustics
import AudioFeatures
import Foundation
import MCSimCLR
import NeuralNetwork
import SoundData

/// A bank of a few built-in sounds in dry rooms, made once for the whole suite.
enum SmallBank {
    static let array = MicrophoneArray.circular(count: 4, diameter: 0.1)

    static let bank: RecordingBank = {
        // As a program does first: with several threads OpenBLAS gives other bits from call to call.
        NumericBackend.prepare()
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "ablate-tests-\(ProcessInfo.processInfo.processIdentifier)")
        defer { try? FileManager.default.removeItem(at: folder) }
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let data = try SoundDataSet.load(DataSettings(clips: 40, classes: 4))
            var scene = SceneSettings()
            scene.reverberationTime = 0.1...0.15
            return try RecordingBank.build(
                data, BankSettings(array: array, scene: scene),
                at: folder.appending(path: "small.bank"))
        } catch {
            fatalError("the bank for the tests: \(error)")
        }
    }()

    static let settings: FeatureSettings = {
        var settings = FeatureSettings()
        settings.pooling = FeaturePooling(frames: 2, bins: 2)
        return settings
    }()

    /// Maps kept in memory, or computed for each patch.
    static func maps(isKept: Bool) throws -> FeatureMaps {
        try (isKept ? kept : computed).get()
    }

    private static let kept = Result { try makeMaps(isKept: true) }
    private static let computed = Result { try makeMaps(isKept: false) }

    private static func makeMaps(isKept: Bool) throws -> FeatureMaps {
        try FeatureMaps(
            bank: bank, settings: settings, training: bank.indices(for: .pretraining),
            gccWeight: 0.2, byteLimit: isKept ? .max : 0)
    }
}
