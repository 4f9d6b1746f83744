import Acoustics
import Foundation
import SoundData
import TestSupport

/// What tests of banks begin with: fifteen clips of three classes, settings by which their recordings are short,
/// and a folder of their own to build in.
class SmallBank {
    let folder: TemporaryFolder
    let dataSet: SoundDataSet
    let settings: BankSettings

    init() throws {
        folder = try TemporaryFolder()
        dataSet = try SoundDataSet.load(DataSettings(clips: 15, classes: 3))
        var scene = SceneSettings()
        scene.reverberationTime = 0.1...0.2
        settings = BankSettings(
            minimumSeconds: 0.5, maximumSeconds: 1,
            spatialisations: SpatialisationCounts(training: 2, validation: 1, test: 1),
            scene: scene, seed: 7)
    }

    var url: URL { folder.url.appendingPathComponent("bank") }

    func build(threads: Int = 1, _ name: String = "bank") throws -> RecordingBank {
        try RecordingBank.build(
            dataSet, settings, at: folder.url.appendingPathComponent(name), threads: threads)
    }
}
