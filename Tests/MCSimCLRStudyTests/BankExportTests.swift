import Acoustics
import AudioFeatures
import Digests
import Files
import Foundation
import MCSimCLRStudy
import SoundData
import TestSupport
import Testing

/// The recordings of a bank as files that other programs read.
@Suite("Exported banks")
struct BankExportTests {
    private let folder: TemporaryFolder
    private let bank: RecordingBank

    init() throws {
        folder = try TemporaryFolder()
        let dataSet = try SoundDataSet.load(DataSettings(clips: 9, classes: 3))
        var scene = SceneSettings()
        scene.reverberationTime = 0.1...0.2
        let settings = BankSettings(
            minimumSeconds: 0.1, maximumSeconds: 0.1,
            spatialisations: SpatialisationCounts(training: 2, validation: 1, test: 1),
            scene: scene, seed: 3)
        bank = try RecordingBank.build(
            dataSet, settings, at: folder.url.appending(path: "bank"))
    }

    private func index(_ name: String) throws -> CommaSeparatedTable {
        try CommaSeparatedTable(
            parsing: String(
                contentsOf: folder.url.appending(path: "\(name)/index.csv"), encoding: .utf8))
    }

    @Test("have the samples that the trainer reads, and labels, places and groups beside them")
    func content() throws {
        for format in BankExport.Format.allCases {
            let name = format.rawValue
            try BankExport.write([bank], as: format, to: folder.url.appending(path: name))
            let table = try index(name)
            #expect(table.rows.count == bank.recordings.count)
            for (number, row) in table.rows.enumerated() {
                let recording = bank.recordings[number]
                func field(_ column: String) throws -> String {
                    row.fields[try #require(table.column(column))]
                }
                #expect(try field("label") == bank.classes[recording.label])
                #expect(try field("split") == recording.split.rawValue)
                #expect(try field("group") == recording.group)
                #expect(try field("clip") == "\(recording.clip)")
                #expect(try field("bank") == bank.digest.description)
                let azimuth = try #require(Double(field("azimuth")))
                #expect(abs(Angle.radians(degrees: azimuth) - recording.azimuth) < 1e-12)
                let file = folder.url.appending(path: "\(name)/\(try field("file"))")
                let samples: [Float] =
                    switch format {
                    case .npy: try NumPyFile.read(file).values
                    case .wav:
                        try ClipReader(sampleRate: 16_000).loadChannels(file).flatMap { $0 }
                    }
                #expect(samples == bank.read(number))
            }
        }
    }

    @Test("an existing folder is refused and left as it is; one that was stopped leaves nothing")
    func whole() throws {
        let target = folder.url.appending(path: "there")
        try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
        #expect(throws: BankExportError.exists(path: target.relativePath)) {
            try BankExport.write([bank], as: .npy, to: target)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: target.path).isEmpty)
        var asked = 0
        #expect(throws: CancellationError.self) {
            try BankExport.write(
                [bank], as: .npy, to: folder.url.appending(path: "stopped"),
                isCancelled: {
                    asked += 1
                    return asked > 3
                })
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
        #expect(Set(names) == ["bank", "there"])
    }

    @Test("a bank opens as whatever it is, and not as another")
    func opened() throws {
        let file = folder.url.appending(path: "bank")
        #expect(try RecordingBank.open(file, expecting: nil).digest == bank.digest)
        #expect(throws: SoundDataError.self) {
            try RecordingBank.open(file, expecting: Digest(high: 1, low: 2))
        }
    }
}
