import Digests
import Foundation
import MCSimCLR
import NeuralNetwork
import SoundData
import Testing

/// Files of encoders are taken for what they are.
@Suite("Encoders' files")
final class CheckpointContentTests {
    private let folder = FileManager.default.temporaryDirectory
        .appending(path: "ablate-\(UUID().uuidString)")
    private let stage = Digest(of: "this stage")

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private func encoder(seed: UInt64) throws -> CRNN {
        var configuration = CRNNConfiguration(inputChannels: 10, frames: 32, bins: 32)
        configuration.channels = [4, 4, 4]
        configuration.recurrentUnits = 4
        return try makeEncoder(configuration, seed: seed)
    }

    private func write(_ name: String, seed: UInt64 = 1, stage: Digest? = nil) throws -> URL {
        let file = folder.appending(path: name)
        try EncoderCheckpoint(
            encoder(seed: seed), maps: SmallBank.maps(isKept: true), provenance: "test"
        ).write(to: file, stage: stage ?? self.stage)
        return file
    }

    private func reason(_ file: URL, stage: Digest? = nil) -> String? {
        let error = #expect(throws: (any Error).self) {
            _ = try EncoderCheckpoint(readingFrom: file, stage: stage ?? self.stage)
        }
        return error.map { "\($0)" }
    }

    @Test("a file that is as it was written is read by its stage, and by whoever names no stage")
    func whole() throws {
        let file = try write("a")
        let read = try EncoderCheckpoint(readingFrom: file, stage: stage)
        #expect(
            read.encoder.state.map(\.tensor.values)
                == (try encoder(seed: 1).state.map(\.tensor.values)))
        #expect(read.stage == stage)
        let identity = try read.identity()
        // Neither the stage nor the place of the data is part of what an encoder is.
        #expect(
            try EncoderCheckpoint(readingFrom: write("b", stage: Digest(of: "b"))).identity()
                == identity)
        #expect(try EncoderCheckpoint(readingFrom: write("c", seed: 2)).identity() != identity)
    }

    @Test("any bit that is flipped is noticed, in the numbers and in the header")
    func flipped() throws {
        let file = try write("a")
        let whole = try Data(contentsOf: file)
        for position in Swift.stride(from: 8, to: whole.count, by: whole.count / 150) {
            var data = whole
            data[position] ^= 4
            try data.write(to: file)
            _ = reason(file)
        }
        var data = whole
        data[whole.count - 2] ^= 1
        try data.write(to: file)
        #expect(reason(file)?.contains("its content has the digest") == true)
    }

    @Test("the file of another stage is noticed, though it is whole")
    func swapped() throws {
        let file = try write("a", stage: Digest(of: "another stage"))
        #expect(reason(file)?.contains("made it, not \(stage)") == true)
    }

    @Test("a file without a digest, as earlier versions wrote it, is refused with what to do")
    func earlier() throws {
        let file = folder.appending(path: "a")
        try Checkpoint.write(
            encoder(seed: 1).state, metadata: ["encoder": "{}", "features": "{}"], to: file)
        #expect(reason(file)?.contains("makes it anew") == true)
    }

    @Test("an unfinished pretraining that was altered, or is another stage's, is not continued")
    func unfinished() throws {
        func run() throws -> Pretraining {
            try Pretraining(
                maps: SmallBank.maps(isKept: true), array: SmallBank.array,
                encoder: encoder(seed: 1).configuration,
                settings: PretrainingSettings(
                    augmentations: AugmentationSettings(),
                    optimisation: OptimisationSettings(steps: 4, batchSize: 12),
                    projection: [8, 4], patchFrames: 32), seed: 1)
        }
        func continues(_ file: URL, _ stage: Digest) throws -> Bool {
            try TrainingSaver(run(), at: file, stage: stage, interval: .seconds(60)).restore()
        }
        let file = folder.appending(path: "unfinished")
        let stopped = try run()
        #expect(throws: CancellationError.self) {
            try stopped.run(TrainingMonitor(isCancelled: { stopped.step == 2 }))
        }
        try TrainingSaver(stopped, at: file, stage: stage, interval: .seconds(60)).save()
        #expect(try continues(file, stage))
        #expect(try !continues(file, Digest(of: "another stage")))
        var data = try Data(contentsOf: file)
        data[data.count - 6] ^= 1
        try data.write(to: file)
        #expect(try !continues(file, stage))
    }
}
