import AudioFeatures
import Digests
import Foundation
import MCSimCLRStudy
import NeuralNetwork
import Orchestration
import Reports
import ResultsStore
import SoundData
import Studies
import Sweeps
import TestSupport
import Testing

/// Embeddings that another program made of a sweep's own recordings, as rows of its table.
@Suite("Foreign embeddings", .serialized)
struct ForeignEmbeddingTests {
    private static let text = """
        name: tiny
        data: {source: builtin, clips: 20, classes: 3}
        base:
          encoder: {channels: [4, 4, 4], recurrent_units: 4}
          feature_pooling: 2
          pretraining_steps: 2
          batch_size: 4
          recording_seconds: 1.4
          spatialisations: 1
          test_spatialisations: 1
          rt60: 0.1
          probe_targets: [class, azimuth, distance]
        seeds: [0, 1]
        metrics: [accuracy, error, distance_error]
        evaluation: [raw, probe]

        """

    private let folder: TemporaryFolder
    /// Those that are learnt from, then those of the test.
    private let banks: [RecordingBank]
    private let index: Digest

    init() throws {
        folder = try TemporaryFolder()
        try FileManager.default.createDirectory(at: folder.url, withIntermediateDirectories: true)
        let file = folder.url.appending(path: "tiny.yaml")
        try Data(Self.text.utf8).write(to: file)
        let session = try SweepSession(path: file.path, overrides: [], catalogue: .builtin)
        let settings = TrialSettings(session.plan.rows[0].settings)
        banks = try [settings.bank, settings.testBank].enumerated().map { [folder] number, bank in
            try RecordingBank.build(
                session.dataSet, bank, at: folder.url.appending(path: "\(number).bank"))
        }
        index = BankExport.index(of: banks.map(\.digest))
    }

    /// What is known of each recording, as numbers: a model that hears everything.
    private var facts: [[Float]] {
        banks.flatMap { bank in
            bank.recordings.map { recording in
                var row = [Float](repeating: 0, count: 3)
                row[recording.label] = 1
                return row + [
                    Float(cos(recording.azimuth)), Float(sin(recording.azimuth)),
                    Float(recording.distance),
                ]
            }
        }
    }

    private func write(
        _ rows: [[Float]], as name: String = "all.npy", index: String? = nil
    ) throws {
        let url = folder.url.appending(path: name)
        let shape = [rows.count, rows.first?.count ?? 0]
        let index = index ?? self.index.description
        if name.hasSuffix("safetensors") {
            try Checkpoint.write(
                [("embeddings", Tensor(shape, rows.flatMap { $0 }))], metadata: ["index": index],
                to: url)
        } else {
            try NumPyFile.write(rows.flatMap { $0 }, shape: shape, to: url)
            try Data("{\"index\": \"\(index)\"}".utf8)
                .write(to: folder.url.appending(path: name + ".json"))
        }
    }

    private func session(
        _ section: String, _ text: String = Self.text, overrides: [String] = []
    ) throws -> SweepSession {
        let file = folder.url.appending(path: "tiny.yaml")
        try Data((text + section).utf8).write(to: file)
        return try SweepSession(path: file.path, overrides: overrides, catalogue: .builtin)
    }

    private func fault(_ section: String, _ text: String = Self.text) -> String {
        do {
            _ = try session(section, text)
            return "none"
        } catch {
            return "\(error)".replacing(folder.url.path + "/", with: "")
                .replacing(folder.url.path, with: "FOLDER")
        }
    }

    @Test("are probed as ours are and stand below the table, once, whatever the seeds")
    func probed() throws {
        try write(facts)
        try write(facts.reversed(), as: "reversed.npy")
        let section = "embeddings: {knows-all: all.npy, reversed: reversed.npy}\n"
        let found = try TinySweep(Self.text + section, in: folder)
        #expect(found.trials.allSatisfy { $0.status == .finished })
        let metrics = found.trials[0].metrics
        #expect(metrics["embedding_knows-all_accuracy"] == 100)
        #expect(try #require(metrics["embedding_knows-all_error"]) < 0.1)
        #expect(try #require(metrics["embedding_knows-all_distance_error"]) < 0.001)
        // In another order they say nothing.
        #expect(try #require(metrics["embedding_reversed_error"]) > 20)
        // One stage for both seeds.
        let probes = found.trials.indices.compactMap {
            found.stage(named: "embedding_knows-all", ofTrial: $0)?.digest
        }
        #expect(probes.count == 2 && Set(probes).count == 1)

        // From the store alone.
        for name in ["all.npy", "reversed.npy", "tiny.yaml"] {
            try FileManager.default.removeItem(at: folder.url.appending(path: name))
        }
        let store = found.reading
        let table = try SweepTable.make("tiny", from: store)
        let row = try #require(table.row(named: "knows-all"))
        #expect(row.isReference)
        let count = try #require(table.columns.firstIndex { $0.key == "n" })
        #expect(row.cells[count].content == .count(1))
        #expect(table.notes.contains { $0.hasPrefix("knows-all: ") && $0.contains("all.npy") })
        // The clips of its predictions give it intervals as they do ours.
        let clips = try SweepTable.clips("tiny", from: store)
        let own = try #require(clips.rows.first { $0.label == "knows-all" })
        let error = try #require(clips.columns.firstIndex { $0.key == "probe_distance_error" })
        guard case .estimate(_, .some) = own.cells[error].content else {
            Issue.record("no interval: \(own.cells[error].content)")
            return
        }
    }

    @Test("of few labels they have those of each seed, as our own probes have")
    func fewLabels() throws {
        try write(facts)
        let found = try TinySweep(
            Self.text.replacing("  rt60:", with: "  labels_per_class: 1\n  rt60:")
                + "embeddings: {knows-all: all.npy}\n", in: folder)
        #expect(found.trials.allSatisfy { $0.status == .finished })
        let table = try SweepTable.make("tiny", from: found.reading)
        let count = try #require(table.columns.firstIndex { $0.key == "n" })
        for label in ["knows-all", "raw features, no encoder"] {
            #expect(table.row(named: label)?.cells[count].content == .count(2))
        }
        let distances = found.trials.map { $0.metrics["embedding_knows-all_distance_error"] }
        #expect(distances[0] != distances[1])
    }

    @Test("content, not the form of the file, names their stage, and no other")
    func digests() throws {
        func stages(_ section: String) throws -> [String: Set<Digest>] {
            Dictionary(grouping: try session(section).stages.stages, by: \.kind)
                .mapValues { Set($0.map(\.id)) }
        }
        let plain = try stages("")
        try write(facts)
        try write(facts, as: "same.safetensors")
        let array = try stages("embeddings: {x: all.npy}")
        let checkpoint = try stages("embeddings: {x: same.safetensors}")
        #expect(array == checkpoint)
        #expect(array.filter { $0.key != "embedding_x" } == plain)
        #expect(array["embedding_x"]?.count == 1)
        var others = facts
        others[7][2] += 1e-6
        try write(others)
        let changed = try stages("embeddings: {x: all.npy}")
        #expect(changed["embedding_x"] != array["embedding_x"])
        #expect(changed.filter { $0.key != "embedding_x" } == plain)
        // A label of its own for the same content is another row.
        #expect(try session("").study.definition == nil)
    }

    @Test("their unit does not matter, to the last bit")
    func units() throws {
        try write(facts)
        try write(facts.map { $0.map { $0 * 0x1p-90 } }, as: "small.npy")
        try write(facts.map { $0.map { $0 * 0x1p60 } }, as: "large.npy")
        let found = try TinySweep(
            Self.text + "embeddings: {one: all.npy, small: small.npy, large: large.npy}\n",
            in: folder)
        let metrics = found.trials[0].metrics
        func figures(_ name: String) -> [Double?] {
            ["accuracy", "error", "distance_error", "embedding_deviation"].map {
                metrics["embedding_\(name)_\($0)"]
            }
        }
        #expect(figures("one").allSatisfy { $0 != nil })
        #expect(figures("small") == figures("one"))
        #expect(figures("large") == figures("one"))
    }

    @Test("what says the same of every recording, or is called as something else is, is refused")
    func unusable() throws {
        try write(facts.map { _ in [1, 2, 3] })
        #expect(
            fault("embeddings: {x: all.npy}")
                == "tiny.yaml:16:17: embeddings.x is all.npy: its rows are all the same, so that it tells "
                + "no recording from another; write what the encoder makes of each")
        try write(facts)
        #expect(
            fault("embeddings: {base: all.npy}")
                == "tiny.yaml:16:20: embeddings.base is called as a row of the sweep is; write another "
                + "name")
        #expect(
            fault("embeddings: {raw: all.npy}").hasSuffix(
                "embeddings.raw is called as an evaluation is; write another name"))
        #expect(fault("embeddings: {'': all.npy}").contains("an entry of embeddings has no name"))
    }

    @Test("those of another bank, or of too few recordings, are refused before anything runs")
    func refusals() throws {
        try write(facts, index: Digest(high: 1, low: 2).description)
        let bank = "export the sweep's bank and embed that ('export bank SWEEP -o FOLDER')"
        #expect(
            fault("embeddings: {x: all.npy}")
                == "tiny.yaml:16:17: embeddings.x: all.npy is of the recordings of index 000000000000, but those of "
                + "'base' have index \(index.short); \(bank)")
        try write(facts.dropLast())
        #expect(
            fault("embeddings: {x: all.npy}")
                == "tiny.yaml:16:17: embeddings.x: all.npy has \(facts.count - 1) rows, but the index that it names has "
                + "\(facts.count) recordings; give a row for each, in its order")
        try write(facts)
        #expect(
            fault("embeddings: {x: all.npy}\nparameters: {rt60: [0.1, 0.2]}\n")
                .hasPrefix(
                    "tiny.yaml:16:17: embeddings.x: the rows of the sweep have 2 banks of recordings, but"
                ))
        // Other rooms, and the same file.
        #expect(
            fault("embeddings: {x: all.npy}", Self.text.replacing("rt60: 0.1", with: "rt60: 0.2"))
                .contains("is of the recordings of index \(index.short)"))
        #expect(
            fault(
                "embeddings: {x: all.npy}",
                Self.text.replacing("rt60: 0.1", with: "rt60: 0.1\n  evaluation_unit: patch")
            ).contains(
                "evaluation_unit is patch, so that patches are judged, but the embeddings of x"))
        #expect(
            fault("embeddings: {'a b': all.npy}").contains(
                "embeddings.a b has a name that is none; write up to 64 letters"))
        #expect(fault("embeddings: all.npy").contains("embeddings"))
        #expect(fault("embeddings: {x: [all.npy]}").contains("embeddings.x"))
    }

    @Test("files that are no embeddings are refused with what is wrong with them and what to do")
    func hostile() throws {
        func expect(_ message: String, _ name: String = "all.npy") {
            let found = fault("embeddings: {x: \(name)}")
            #expect(
                found.hasPrefix("tiny.yaml:16:17: embeddings.x is \(name): "), "\(found)")
            #expect(found.contains(message), "\(found)")
        }
        let url = folder.url.appending(path: "all.npy")
        expect("there is no such file in FOLDER; give one", "none.npy")
        try FileManager.default.createDirectory(
            at: folder.url.appending(path: "folder.npy"), withIntermediateDirectories: true)
        expect("it is no regular file", "folder.npy")
        try #require(mkfifo(folder.url.appending(path: "pipe.npy").path, 0o600) == 0)
        expect("it is no regular file", "pipe.npy")

        var rows = facts
        rows[3][1] = .nan
        try write(rows)
        expect("row 3, column 1 is nan; give finite numbers")
        try write([[]])
        expect("its shape is [1, 0], but must be [recordings, numbers]")
        try NumPyFile.write(facts.flatMap { $0 }, shape: [facts.count * 6], to: url)
        expect("its shape is [\(facts.count * 6)], but must be")

        try write(facts)
        let whole = try Data(contentsOf: url)
        try whole.dropLast(5).write(to: url)
        expect("bytes long, but its header asks for \(whole.count)")
        var huge = whole
        huge.replaceSubrange(8..<10, with: [0xFF, 0xFF])
        try huge.write(to: url)
        expect("is no .npy file")
        // As long a header, of more numbers than there can be.
        let start = 10 + Int(whole[8]) + Int(whole[9]) << 8
        let claim = "{'descr': '<f4', 'fortran_order': False, 'shape': (9999999999999, 9999999), }"
        let padding = [UInt8](repeating: UInt8(ascii: " "), count: start - 10 - claim.utf8.count)
        try (whole.prefix(10) + Data(claim.utf8) + Data(padding) + whole.dropFirst(start))
            .write(to: url)
        expect("bytes long, but its header asks for")
        try
            (whole.prefix(10)
            + Data(
                String(decoding: whole[10..<start], as: UTF8.self).replacing("<f4", with: "<f8")
                    .utf8)
            + whole.dropFirst(start)).write(to: url)
        expect("but must hold 32-bit floats")
        try Data("not an array".utf8).write(to: url)
        expect("is no .npy file")

        try write(facts)
        try FileManager.default.removeItem(at: folder.url.appending(path: "all.npy.json"))
        expect(
            "it does not say of which recordings it is, nor does a file beside it that could be read; write {\"index\""
        )
        try write(facts, index: "as exported")
        expect("its index is 'as exported', but must be the 32 digits")

        try write(facts, as: "all.safetensors")
        let file = folder.url.appending(path: "all.safetensors")
        let checkpoint = try Data(contentsOf: file)
        try checkpoint.dropLast(9).write(to: file)
        expect("but the file has", "all.safetensors")
        var header = checkpoint
        header.replaceSubrange(0..<8, with: [UInt8](repeating: 0xFF, count: 8))
        try header.write(to: file)
        expect("its header should have", "all.safetensors")
        try Checkpoint.write(
            [("weights", Tensor([2, 2], [1, 2, 3, 4]))], metadata: ["index": "\(index)"], to: file)
        expect("it has no tensor 'embeddings'", "all.safetensors")
        try Checkpoint.write(
            [("embeddings", Tensor([2, 2], [1, 2, 3, 4]))], metadata: [:], to: file)
        expect("give its metadata 'index'", "all.safetensors")
        try Data("x".utf8).write(to: folder.url.appending(path: "all.csv"))
        expect("it must end with .npy or .safetensors", "all.csv")
    }

    @Test("a file that changes while a run goes on puts its stage off and fails nothing")
    func changed() throws {
        try write(facts)
        let session = try session("embeddings: {x: all.npy}")
        let layout = ResultsLayout(root: folder.url.appending(path: "results").path)
        try layout.createFolders()
        let store = try ResultsStore(path: layout.database.path)
        let registration = session.registration
        _ = try store.register(registration)
        var others = facts
        others[0][0] += 1
        try write(others)
        _ = try SweepRun(
            stages: registration.stages, trials: registration.trials, store: store,
            executor: session.prepared.executor(layout), settings: RunSettings(workers: 1),
            observer: Silence()
        ).run()
        let trials = try store.trials(of: "tiny")
        #expect(
            trials.allSatisfy { $0.status == .pending && $0.metrics["embedding_x_error"] == nil })
    }

    @Test("an export says which index a file must name")
    func export() throws {
        let target = folder.url.appending(path: "export")
        try BankExport.write(banks, as: .npy, to: target)
        struct Facts: Decodable {
            var index: String
        }
        let facts = try JSONDecoder().decode(
            Facts.self, from: Data(contentsOf: target.appending(path: "bank.json")))
        #expect(facts.index == index.description)
        #expect(
            BankExport.index(of: banks.reversed().map(\.digest)) != index,
            "the order is part of it")
    }

    private struct Silence: RunObserver {
        func event(_ event: RunEvent) {}
    }
}
