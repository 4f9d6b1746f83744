import Digests
import Foundation
import MCSimCLR
import MCSimCLRStudy
import NeuralNetwork
import Orchestration
import ResultsStore
import Studies
import Sweeps
import TestSupport
import Testing

/// What becomes of encoders' files that are not what their names say.
@Suite("Encoders in the cache", .serialized)
struct EncoderFileTests {
    init() { NumericBackend.prepare() }

    private static let text = """
        name: encoders
        data: {source: builtin, clips: 40, classes: 4}
        base:
          encoder: {channels: [8, 8, 8], recurrent_units: 8}
          feature_pooling: 2
          pretraining_steps: 4
          batch_size: 8
          recording_seconds: 1.5
          spatialisations: 1
          test_spatialisations: 1
          rt60: 0.1
          finetuning_steps: 3
          finetuning_batch_size: 8
        seeds: [0, 1]
        evaluation: [finetune]
        """

    private struct Quiet: RunObserver {
        func event(_ event: RunEvent) {}
    }

    /// Runs the sweep; returns its table.
    private func run(in folder: URL, overrides: [String] = []) throws -> String {
        let file = folder.appending(path: "encoders.yaml")
        try Data(Self.text.utf8).write(to: file)
        let session = try SweepSession(path: file.path, overrides: overrides, catalogue: .builtin)
        let layout = layout(folder)
        try layout.createFolders()
        let store = try ResultsStore(path: layout.database.path)
        _ = try store.register(session.registration)
        let summary = try SweepRun(
            stages: session.registration.stages, trials: session.registration.trials,
            store: store,
            executor: TrainingExecutor(layout: layout, dataSet: session.dataSet),
            settings: RunSettings(workers: 1), observer: Quiet()
        ).run()
        #expect(summary.trialsFailed == 0)
        return TableFormat.csv.text(of: try SweepTable.make("encoders", from: store.read))
    }

    private func layout(_ folder: URL) -> ResultsLayout {
        ResultsLayout(root: folder.appending(path: "results").path)
    }

    private func encoders(_ folder: URL) -> [(digest: Digest, file: URL)] {
        let layout = layout(folder)
        return layout.cachedFiles().filter { $0.file == layout.checkpoint($0.digest) }
            .map { ($0.digest, $0.file) }
    }

    @Test("a swapped encoder, and one whose weights were changed, are made anew: the same table")
    func rebuilt() throws {
        let (whole, tampered) = (try TemporaryFolder(), try TemporaryFolder())
        for folder in [whole, tampered] {
            try FileManager.default.createDirectory(
                at: folder.url, withIntermediateDirectories: true)
        }
        let more = ["base.finetuning_steps=5"]
        _ = try run(in: whole.url)
        let expected = try run(in: whole.url, overrides: more)
        _ = try run(in: tampered.url)
        let files = encoders(tampered.url)
        try #require(files.count == 2)
        let contents = try files.map { try Data(contentsOf: $0.file) }
        // The second one's place is taken by the first, and the first has another number.
        try contents[0].write(to: files[1].file)
        var altered = contents[0]
        altered[altered.count - 2] ^= 0x40
        try altered.write(to: files[0].file)
        #expect(try run(in: tampered.url, overrides: more) == expected)
        #expect(try encoders(tampered.url).map { try Data(contentsOf: $0.file) } == contents)
    }

    @Test("merging takes whole encoders in place of damaged ones, and never the other way round")
    func merged() throws {
        let (here, there) = (try TemporaryFolder(), try TemporaryFolder())
        for folder in [here, there] {
            try FileManager.default.createDirectory(
                at: folder.url, withIntermediateDirectories: true)
        }
        _ = try run(in: there.url)
        let files = encoders(there.url)
        try #require(files.count == 2)
        let contents = try files.map { try Data(contentsOf: $0.file) }
        let (mine, theirs) = (layout(here.url), layout(there.url))
        try mine.createFolders(inCache: ["scenes", "encoders"])
        let places = files.map { mine.checkpoint($0.digest) }
        // Here: the first is damaged. There: the second is another's.
        try Data(contents[0].dropLast(8)).write(to: places[0])
        try contents[0].write(to: files[1].file)
        let first = try mine.takeOverEncoders(of: theirs)
        #expect(first.copied == 1 && first.leftOut == 1)
        #expect(try Data(contentsOf: places[0]) == contents[0])
        #expect(!FileManager.default.fileExists(atPath: places[1].path))
        // Whole again there, damaged elsewhere: what is whole here stays.
        try contents[1].write(to: files[1].file)
        try Data("nothing".utf8).write(to: files[0].file)
        let second = try mine.takeOverEncoders(of: theirs)
        #expect(second.copied == 1 && second.leftOut == 0)
        #expect(try places.map { try Data(contentsOf: $0) } == contents)
        let names = try FileManager.default.contentsOfDirectory(
            atPath: places[0].deletingLastPathComponent().path)
        #expect(names.count == 2)
    }
}
