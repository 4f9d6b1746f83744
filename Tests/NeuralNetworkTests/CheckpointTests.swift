import Foundation
import NeuralNetwork
import Randomness
import Testing

@Suite("Checkpoints")
struct CheckpointTests {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "checkpoint-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func network(_ seed: UInt64) throws -> CRNN {
        var stream = Stream(seed, "checkpoint")
        return try CRNN(
            CRNNConfiguration(
                inputChannels: 3, frames: 8, bins: 8, channels: [8, 6], pools: [[2, 2], [2, 2]],
                recurrentUnits: 5), initialisation: &stream)
    }

    @Test("a network comes back with the same embeddings, and nothing else stays in the folder")
    func roundTrip() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let first = try network(1)
        let second = try network(2)
        let input = Tensor([2, 3, 8, 8], numbers(384, seed: 1))
        _ = first(input, mode: .training)
        let url = folder.appendingPathComponent("encoder.safetensors")
        try Checkpoint.write(
            first.state, metadata: ["note": "quote \" line\nbreak", "step": "3"], to: url)
        let contents = try Checkpoint.read(url)
        try second.loadState(contents)
        #expect(contents.metadata == ["note": "quote \" line\nbreak", "step": "3"])
        #expect(
            first(input, mode: .evaluation).values == second(input, mode: .evaluation).values)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 1)
    }

    @Test("names and shapes are PyTorch's")
    func names() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let state = try network(1).state
        #expect(
            state.map { "\($0.name) \($0.tensor.shape)" } == [
                "blocks.0.conv.weight [8, 3, 3, 3]", "blocks.0.bn.weight [8]",
                "blocks.0.bn.bias [8]", "blocks.1.conv.weight [6, 8, 3, 3]",
                "blocks.1.bn.weight [6]", "blocks.1.bn.bias [6]", "gru.weight_ih_l0 [15, 12]",
                "gru.weight_hh_l0 [15, 5]", "gru.bias_ih_l0 [15]", "gru.bias_hh_l0 [15]",
                "gru.weight_ih_l0_reverse [15, 12]", "gru.weight_hh_l0_reverse [15, 5]",
                "gru.bias_ih_l0_reverse [15]", "gru.bias_hh_l0_reverse [15]",
                "blocks.0.bn.running_mean [8]", "blocks.0.bn.running_var [8]",
                "blocks.1.bn.running_mean [6]", "blocks.1.bn.running_var [6]",
            ])
    }

    @Test("a torn file is refused at every length, with a clear line")
    func torn() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let url = folder.appendingPathComponent("x.safetensors")
        try Checkpoint.write(
            [("a", Tensor([2], [1, 2])), ("b", Tensor([3], [3, 4, 5]))], metadata: [:], to: url)
        let data = try Data(contentsOf: url)
        for length in 0..<data.count {
            try data.prefix(length).write(to: url)
            #expect(throws: NeuralNetworkError.self) { try Checkpoint.read(url) }
        }
        try (data + Data([0])).write(to: url)
        #expect(
            throws: NeuralNetworkError.notACheckpoint(
                path: url.path, reason: "1 bytes at its end belong to no tensor")
        ) { try Checkpoint.read(url) }
    }

    @Test("foreign contents, missing tensors, other shapes and missing files are named")
    func foreign() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let url = folder.appendingPathComponent("x.safetensors")
        try Data("SQLite format 3 and much more text".utf8).write(to: url)
        let foreign = #expect(throws: NeuralNetworkError.self) { try Checkpoint.read(url) }
        #expect("\(foreign!)".contains("is no whole safetensors file: its header should have"))
        try Checkpoint.write([("a", Tensor([2], [1, 2]))], metadata: [:], to: url)
        let contents = try Checkpoint.read(url)
        let missing = #expect(throws: NeuralNetworkError.self) {
            try contents.load(into: [("b", Tensor([2]))])
        }
        #expect("\(missing!)".contains("has no tensor b"))
        let shape = #expect(throws: NeuralNetworkError.self) {
            try contents.load(into: [("a", Tensor([3]))])
        }
        #expect(
            "\(shape!)"
                == "tensor a has shape [2], but this network needs [3]: use a checkpoint of this "
                + "configuration")
        let absent = #expect(throws: NeuralNetworkError.self) {
            try Checkpoint.read(folder.appendingPathComponent("nothing"))
        }
        #expect("\(absent!)".hasSuffix("nothing: no such file"))
        let unwritable = #expect(throws: NeuralNetworkError.self) {
            try Checkpoint.write(
                [], metadata: [:], to: folder.appendingPathComponent("no/such/folder"))
        }
        #expect("\(unwritable!)".contains("check the folder and the space left"))
    }

    @Test("tensors of other types are skipped by name")
    func otherTypes() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let url = folder.appendingPathComponent("x.safetensors")
        let header = #"{"n":{"dtype":"I64","shape":[],"data_offsets":[0,8]}}"#
        var data = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Data($0) }
        data.append(Data(header.utf8))
        data.append(Data(count: 8))
        try data.write(to: url)
        #expect(try Checkpoint.read(url).skipped == ["n"])
    }
}
