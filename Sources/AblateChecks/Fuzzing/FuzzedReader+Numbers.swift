import Acoustics
import AudioFeatures
import Digests
import Foundation
import MCSimCLR
import NeuralNetwork
import RoomFiles
import SoundData

extension FuzzedReader {
    static let numbers: [FuzzedReader] = [
        FuzzedReader(
            name: "numpy", fileName: "input.npy", share: 1,
            seeds: { folder in
                try [[6], [2, 3], [1, 2, 3]].map { shape in
                    let file = folder.appending(path: "seed.npy")
                    try NumPyFile.write([1, 2, 3, 4, 5, 6], shape: shape, to: file)
                    return [UInt8](try Data(contentsOf: file))
                }
            },
            read: { file in
                let (values, shape) = try NumPyFile.read(file)
                guard shape.reduce(1, *) == values.count else {
                    throw FuzzFinding(description: "\(values.count) values of shape \(shape)")
                }
            }),
        FuzzedReader(
            name: "checkpoint", fileName: "input.safetensors", share: 1, seeds: checkpoint,
            seal: Seal.checkpoint,
            read: { file in
                let checkpoint = try EncoderCheckpoint(readingFrom: file)
                // What `ablate embed` does with it, for a short recording.
                let count = 24_000
                let samples = (0..<checkpoint.microphones * count).map { Float($0 % 97) / 970 }
                let embedding = try checkpoint.embedding(of: samples, sampleCount: count)
                guard embedding.count == checkpoint.encoder.configuration.embeddingSize else {
                    throw FuzzFinding(description: "an embedding of another size")
                }
            }),
        FuzzedReader(
            name: "rooms", fileName: "input.rooms", share: 0.5,
            seeds: { _ in
                let room = RoomFile(
                    convention: .singleRoomSRIR, sampleRate: 48_000,
                    microphones: [[0, 0.05, 0], [0, -0.05, 0]],
                    sources: [[1, 0, 0], [0, 2, 0.5], [-1, 1, 0]], delays: [0, 0.5, 1, 2, 3.25, 0],
                    sampleCount: 16, samples: (0..<96).map { 0.5 - Float($0 % 7) / 7 })
                return [[UInt8](try room.form())]
            },
            read: { file in
                let room = try RoomFile(form: Data(contentsOf: file))
                let rooms = try RoomResponses([(file, room)], sampleRate: 16_000)
                for response in rooms.places.indices
                where !rooms.response(response).samples.allSatisfy(\.isFinite) {
                    throw FuzzFinding(description: "a response with a sample that is no number")
                }
            }),
        FuzzedReader(
            name: "bank", fileName: "input.bank", share: 0.5,
            seeds: { folder in
                let file = folder.appending(path: "seed.bank")
                _ = try RecordingBank.build(TinyBank.data(), TinyBank.settings, at: file)
                return [[UInt8](try Data(contentsOf: file))]
            }, seal: Seal.bank,
            read: { file in
                let digest = try RecordingBank.digest(TinyBank.data(), TinyBank.settings)
                let bank = try RecordingBank.open(file, expecting: digest)
                for recording in bank.recordings.indices { _ = bank.read(recording) }
            }),
        FuzzedReader(
            name: "journal", fileName: "input.bank.journal", share: 0.01,
            seeds: { folder in
                let file = folder.appending(path: "input.bank")
                try TinyBank.buildHalf(at: file)
                let part = folder.appending(path: "seed.part")
                try FileManager.default.moveItem(atPath: file.path + ".part", toPath: part.path)
                return [[UInt8](try Data(contentsOf: URL(filePath: file.path + ".journal")))]
            },
            read: { journal in
                let folder = journal.deletingLastPathComponent()
                let file = folder.appending(path: "input.bank")
                try Data(contentsOf: folder.appending(path: "seed.part"))
                    .write(to: URL(filePath: file.path + ".part"))
                let bank = try RecordingBank.build(TinyBank.data(), TinyBank.settings, at: file)
                for recording in bank.recordings.indices { _ = bank.read(recording) }
                try FileManager.default.removeItem(at: file)
            }),
    ]

    private static func checkpoint(_ folder: URL) throws -> [[UInt8]] {
        let bank = try RecordingBank.build(
            TinyBank.data(), TinyBank.settings, at: folder.appending(path: "seed.bank"))
        var features = FeatureSettings()
        features.melBands = 32
        features.lags = 32
        let maps = try FeatureMaps(
            bank: bank, settings: features, training: bank.indices(for: .training),
            gccWeight: 0.2, byteLimit: 0)
        var configuration = CRNNConfiguration(inputChannels: 3, frames: 8, bins: 32)
        configuration.channels = [2, 2, 2]
        configuration.recurrentUnits = 2
        let file = folder.appending(path: "seed.safetensors")
        try EncoderCheckpoint(
            makeEncoder(configuration, seed: 1), maps: maps, provenance: "fuzz"
        ).write(to: file)
        return [[UInt8](try Data(contentsOf: file))]
    }
}

/// A bank that is made in no time.
private enum TinyBank {
    static func data() throws -> SoundDataSet {
        try SoundDataSet.load(DataSettings(clips: 20, classes: 2))
    }

    static let settings: BankSettings = {
        var scene = SceneSettings()
        scene.reverberationTime = 0.1...0.1
        return BankSettings(
            sampleRate: 4000, minimumSeconds: 0.3, maximumSeconds: 0.3,
            spatialisations: SpatialisationCounts(
                pretraining: 1, training: 1, validation: 1, test: 1),
            array: .circular(count: 2, diameter: 0.1), scene: scene)
    }()

    /// Stops a build half-way, and leaves its part file and journal.
    static func buildHalf(at file: URL) throws {
        final class Count: @unchecked Sendable {
            // One thread builds.
            var done = 0
        }
        let count = Count()
        do {
            _ = try RecordingBank.build(
                data(), settings, at: file, progress: { done, _ in count.done = done },
                isCancelled: { count.done >= 10 })
        } catch SoundDataError.cancelled {
            return
        }
    }
}

/// Gives a file that was changed the digests that it needs to be believed.
private enum Seal {
    /// A bank's header: magic, version, digest of the content, place, size and digest of the index,
    /// and a checksum of all these.
    static func bank(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.count > 72 else { return bytes }
        func number(_ place: Int) -> UInt64 {
            (0..<8).reduce(0) { $0 | UInt64(bytes[place + $1]) << (8 * UInt64($1)) }
        }
        guard let offset = Int(exactly: number(32)), (72...bytes.count).contains(offset) else {
            return bytes
        }
        let content = Digest(high: number(16), low: number(24))
        let index = bytes[offset...].withUnsafeBytes { Digest(of: $0) }
        let size = bytes.count - offset
        let checksum = Digest(of: "\(content) \(offset) \(size) \(index)").low
        let header = [
            number(0), number(8), content.high, content.low, UInt64(offset), UInt64(size),
            index.high, index.low, checksum,
        ]
        return header.flatMap { value in
            (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
        } + bytes[72...]
    }

    /// A checkpoint's metadata hold a digest of its tensors and of the other metadata.
    static func checkpoint(_ bytes: [UInt8]) -> [UInt8] {
        let file = FileManager.default.temporaryDirectory
            .appending(path: "ablate-seal-\(ProcessInfo.processInfo.processIdentifier)")
        defer { try? FileManager.default.removeItem(at: file) }
        guard (try? Data(bytes).write(to: file)) != nil, let contents = try? Checkpoint.read(file)
        else { return bytes }
        var metadata = contents.metadata.filter { $0.key != "content" }
        let tensors = contents.tensors.sorted { $0.key < $1.key }
        var hasher = DigestHasher()
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            hasher.update("\(key.utf8.count) \(key) \(value.utf8.count) \(value)\n")
        }
        for (name, tensor) in tensors {
            hasher.update("\(name.utf8.count) \(name) \(tensor.shape)\n")
            tensor.withUnsafeMutableBuffer { hasher.update(UnsafeRawBufferPointer($0)) }
        }
        metadata["content"] = hasher.finalize().description
        guard
            (try? Checkpoint.write(
                tensors.map { ($0.key, $0.value) }, metadata: metadata, to: file)) != nil,
            let sealed = try? Data(contentsOf: file)
        else { return bytes }
        return [UInt8](sealed)
    }
}
