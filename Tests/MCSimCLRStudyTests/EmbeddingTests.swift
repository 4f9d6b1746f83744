import Digests
import Foundation
import MCSimCLR
import MCSimCLRStudy
import NeuralNetwork
import Orchestration
import ResultsStore
import SoundData
import Studies
import Sweeps
import TestSupport
import Testing

/// What `embed` makes of recordings from files is what the probe made of them in the bank.
@Suite("Embedding recordings from files", .serialized)
struct EmbeddingTests {
    init() { NumericBackend.prepare() }

    private struct Quiet: RunObserver {
        func event(_ event: RunEvent) {}
    }

    /// A trial that has run, with its encoder, heads, test recordings and stored predictions.
    private struct Trial {
        let checkpoint: EncoderCheckpoint
        let heads: ProbeHeads
        let bank: RecordingBank
        let predictions: [Prediction]
        let folder: TemporaryFolder
    }

    private func trial(_ settings: String) throws -> Trial {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(at: folder.url, withIntermediateDirectories: true)
        let file = folder.url.appending(path: "embedding.yaml")
        let text = """
            name: embedding
            data: {source: builtin, clips: 60, classes: 4}
            base:
              encoder: {channels: [8, 8, 8], recurrent_units: 8}
              feature_pooling: 2
              pretraining_steps: 6
              batch_size: 8
              spatialisations: 1
              test_spatialisations: 1
              \(settings)
            seeds: [1]
            evaluation: [probe]
            """
        try Data(text.utf8).write(to: file)
        let session = try SweepSession(path: file.path, overrides: [], catalogue: .builtin)
        let layout = ResultsLayout(root: folder.url.appending(path: "results").path)
        try layout.createFolders()
        let store = try ResultsStore(path: layout.database.path)
        _ = try store.register(session.registration)
        _ = try SweepRun(
            stages: session.registration.stages, trials: session.registration.trials,
            store: store, executor: TrainingExecutor(layout: layout, dataSet: session.dataSet),
            settings: RunSettings(workers: 1), observer: Quiet()
        ).run()
        var stages: [String: StageRecord] = [:]
        for stage in try store.stages(ofTrial: store.trials(of: "embedding")[0].digest) {
            let record = try store.stage(stage)
            stages[record.kind] = record
        }
        let checkpoint = try EncoderCheckpoint(
            readingFrom: layout.checkpoint(try #require(stages["pretrain"]).digest))
        let scenes = layout.bank(try #require(stages["test_scenes"]).digest)
        return Trial(
            checkpoint: checkpoint, heads: try StoredHeads.find(checkpoint, in: store),
            bank: try open(scenes),
            predictions: try #require(
                PackedPredictions.predictions(
                    in: stages["probe"]?.details["probe_predictions"] ?? "")),
            folder: folder)
    }

    /// Opens a bank by the digest of its content that its own header has at byte 16.
    private func open(_ file: URL) throws -> RecordingBank {
        let header = try Data(contentsOf: file).prefix(32)
        func word(_ start: Int) -> UInt64 {
            (0..<8).reversed().reduce(0) { $0 << 8 | UInt64(header[start + $1]) }
        }
        return try RecordingBank.open(file, expecting: Digest(high: word(16), low: word(24)))
    }

    /// What the heads say of a recording of the bank that went through a file.
    private func heard(_ trial: Trial, _ recording: Int, gain: Float = 1) throws -> [HeardSources] {
        let file = trial.folder.url.appending(path: "\(recording).wav")
        try SoundFile.write(
            trial.bank.read(recording).map { $0 * gain }, channels: trial.bank.microphones,
            sampleRate: trial.bank.sampleRate, to: file)
        let channels = try ClipReader(sampleRate: trial.bank.sampleRate).loadChannels(file)
        return try trial.checkpoint.predictions(of: channels.flatMap { $0 }, trial.heads)
    }

    @Test(
        "a row's encoder is found by its label and seed, and written with a card that says what it is"
    )
    func encoderOfRow() throws {
        let trial = try trial("")
        let layout = ResultsLayout(root: trial.folder.url.appending(path: "results").path)
        let store = StudyStore(try ResultsStore(readingFrom: layout.database.path), .builtin)
        let label = try store.store.trials(of: "embedding")[0].label
        let encoder = try TrainedEncoder(
            row: label, seed: nil, of: "embedding", in: store, layout)
        #expect(try encoder.checkpoint.identity() == trial.checkpoint.identity())
        let file = trial.folder.url.appending(path: "encoder.safetensors")
        try encoder.checkpoint.write(
            to: file, stage: encoder.stage.digest, card: try encoder.card)
        let copy = try EncoderCheckpoint(readingFrom: file, stage: encoder.stage.digest)
        #expect(try copy.identity() == trial.checkpoint.identity())
        let text = String(decoding: try Data(contentsOf: file).prefix(20_000), as: UTF8.self)
        #expect(text.contains("model_card") && text.contains("probe_accuracy"))
        #expect(throws: BuiltinStudyError.self) {
            try TrainedEncoder(row: label, seed: 7, of: "embedding", in: store, layout)
        }
        #expect(throws: StudiesError.self) {
            try TrainedEncoder(row: "nothing", seed: nil, of: "embedding", in: store, layout)
        }
    }

    private func expect(
        _ heard: [HeardSources], are predictions: [Prediction], tolerance: Double
    ) {
        // A prediction tells the track that was matched to a source: tracks have no order.
        for (patch, sources) in heard.enumerated() {
            let wanted = predictions.filter { ($0.patch ?? 0) == patch }
            #expect(wanted.count == sources.sources.count)
            let labels = sources.sources.map(\.label).sorted()
            #expect(labels == wanted.map(\.predictedLabel).sorted())
            let azimuths = sources.sources.map(\.azimuth).sorted()
            for (found, stored) in zip(azimuths, wanted.map(\.predictedAzimuth).sorted()) {
                #expect(abs(remainder(found - stored, 2 * .pi)) < tolerance)
            }
        }
    }

    @Test(
        "a test recording from a file is given the class and the direction that the probe gave it")
    func recordings() throws {
        let trial = try trial("rt60: 0.1")
        let tests = trial.bank.indices(for: .test)
        #expect(tests.count > 8)
        for recording in tests {
            let stored = trial.predictions.filter { $0.recording == recording }
            let heard = try heard(trial, recording)
            #expect(heard.map(\.seconds) == [nil])
            expect(heard, are: stored, tolerance: 1e-4)
        }
    }

    @Test("how loud a recording is makes no difference", arguments: [-10.0, 15, -60, 40])
    func gain(decibels: Double) throws {
        let trial = try Self.quietRooms.get(self)
        for recording in trial.bank.indices(for: .test).prefix(6) {
            let plain = try heard(trial, recording)
            let other = try heard(trial, recording, gain: Float(pow(10, decibels / 20)))
            #expect(plain.map { $0.sources.map(\.label) } == other.map { $0.sources.map(\.label) })
            for (one, two) in zip(plain[0].sources, other[0].sources) {
                #expect(abs(remainder(one.azimuth - two.azimuth, 2 * .pi)) < 0.02)
            }
        }
    }

    @Test("each patch of moving sources, each track of overlapping ones", arguments: [1, 2])
    func patches(overlap: Int) throws {
        let trial = try trial(
            "rt60: 0.1, overlap: \(overlap), source_motion: arc, recording_seconds: 2"
                .replacing(", ", with: "\n  "))
        let tests = trial.bank.indices(for: .test)
        for recording in tests {
            let heard = try heard(trial, recording)
            #expect(heard.count > 1)
            #expect(heard.allSatisfy { $0.seconds != nil && $0.sources.count == overlap })
            expect(
                heard, are: trial.predictions.filter { $0.recording == recording },
                tolerance: 1e-4)
        }
    }

    @Test("silence, numbers that are none and what is too short are refused with the reason")
    func unusable() throws {
        let checkpoint = try Self.quietRooms.get(self).checkpoint
        let count = 4 * 40_000
        func reason(_ samples: [Float]) -> String? {
            do {
                _ = try checkpoint.embedding(of: samples, sampleCount: samples.count / 4)
                return nil
            } catch {
                return "\(error)"
            }
        }
        #expect(reason(Array(repeating: 0, count: count))?.contains("every sample is zero") == true)
        var samples = [Float](repeating: 0.1, count: count)
        samples[7] = .nan
        #expect(reason(samples)?.contains("no finite number") == true)
        #expect(reason(Array(samples.prefix(4 * 4000)))?.contains("it lasts 0.25 s") == true)
        // Far outside what 32-bit powers hold, and still a recording.
        samples = (0..<count).map { Float(sin(Double($0 * $0 % 977))) * 1e30 }
        #expect(reason(samples) == nil)
    }

    /// A trial that several tests look at.
    private static let quietRooms = Once("rt60: 0.1")

    private final class Once: @unchecked Sendable {
        // The suite is serialised.
        private var made: Trial?
        private let settings: String
        init(_ settings: String) { self.settings = settings }
        func get(_ suite: EmbeddingTests) throws -> Trial {
            if let made { return made }
            let trial = try suite.trial(settings)
            made = trial
            return trial
        }
    }
}
