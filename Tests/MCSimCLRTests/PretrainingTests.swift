import Foundation
import MCSimCLR
import NeuralNetwork
import SoundData
import Testing

@Suite("Pretraining")
struct PretrainingTests {
    private func pretraining(
        steps: Int, learningRate: Double = 1e-3, seed: UInt64 = 3
    ) throws -> Pretraining {
        let maps = try SmallBank.maps(isKept: true)
        var encoder = CRNNConfiguration(inputChannels: 10, frames: 32, bins: 32)
        encoder.channels = [8, 8, 8]
        encoder.recurrentUnits = 8
        return try Pretraining(
            maps: maps, array: SmallBank.array, encoder: encoder,
            settings: PretrainingSettings(
                augmentations: AugmentationSettings(),
                optimisation: OptimisationSettings(
                    steps: steps, batchSize: 12, learningRate: learningRate),
                projection: [16, 8], patchFrames: 32), seed: seed)
    }

    private func weights(_ run: Pretraining) -> [[Float]] { run.encoder.state.map(\.tensor.values) }

    @Test("the same seed gives the same bits, another seed others")
    func repeatable() throws {
        let (one, two, other) = (
            try pretraining(steps: 5), try pretraining(steps: 5), try pretraining(steps: 5, seed: 4)
        )
        for run in [one, two, other] { try run.run(TrainingMonitor()) }
        #expect(weights(one) == weights(two))
        #expect(one.curve == two.curve)
        #expect(weights(one) != weights(other))
    }

    @Test("stopped after any step, saved, loaded and continued, a run ends in the same bits")
    func resumed() throws {
        let whole = try pretraining(steps: 6)
        try whole.run(TrainingMonitor())
        let file = FileManager.default.temporaryDirectory
            .appending(path: "ablate-\(UUID().uuidString).safetensors")
        defer { try? FileManager.default.removeItem(at: file) }
        for stop in [1, 4] {
            let first = try pretraining(steps: 6)
            #expect(throws: CancellationError.self) {
                try first.run(TrainingMonitor(isCancelled: { first.step == stop }))
            }
            try TrainingSaver(first, at: file, interval: .seconds(60)).save()
            let second = try pretraining(steps: 6)
            #expect(TrainingSaver(second, at: file, interval: .seconds(60)).restore())
            #expect(second.step == stop)
            try second.run(TrainingMonitor())
            #expect(weights(second) == weights(whole))
            #expect(second.curve == whole.curve)
        }
    }

    @Test("the state of another run, or a torn file, is not taken over")
    func foreignState() throws {
        let file = FileManager.default.temporaryDirectory
            .appending(path: "ablate-\(UUID().uuidString).safetensors")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data("not a checkpoint".utf8).write(to: file)
        let run = try pretraining(steps: 2)
        let before = weights(run)
        #expect(!TrainingSaver(run, at: file, interval: .seconds(60)).restore())
        #expect(run.step == 0)
        #expect(weights(run) == before)
    }

    @Test("a loss that is not finite ends the run with its step and what to do")
    func divergence() throws {
        let run = try pretraining(steps: 50, learningRate: 1e38)
        let error = #expect(throws: MCSimCLRError.self) { try run.run(TrainingMonitor()) }
        guard case .lossNotFinite(_, let step, let loss) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(step > 0 && step < 50)
        #expect(!loss.isFinite)
        #expect(error?.description.contains("lower the learning rate") == true)
    }

    @Test("pretraining pulls the two views of a recording together")
    func learns() throws {
        let start = try pretraining(steps: 60)
        let before = start.similarities(bins: 40)
        try start.run(TrainingMonitor())
        let after = start.similarities(bins: 40)
        #expect(
            after.meanPositive - after.meanNegative > before.meanPositive - before.meanNegative)
        let points = start.curve.points
        #expect(points[points.count - 1].value < points[0].value)
    }

    @Test("a checkpoint gives back the encoder with what it needs to be used")
    func checkpoint() throws {
        let run = try pretraining(steps: 2)
        try run.run(TrainingMonitor())
        let file = FileManager.default.temporaryDirectory
            .appending(path: "ablate-\(UUID().uuidString).safetensors")
        defer { try? FileManager.default.removeItem(at: file) }
        let maps = try SmallBank.maps(isKept: true)
        try EncoderCheckpoint(run.encoder, maps: maps, provenance: "test").write(to: file)
        let read = try EncoderCheckpoint(readingFrom: file)
        #expect(read.encoder.state.map(\.tensor.values) == weights(run))
        #expect(read.normalisation == maps.normalisation)
        #expect(read.microphones == 4)
        let samples = SmallBank.bank.read(0)
        let embedding = try read.embedding(
            of: samples, sampleCount: SmallBank.bank.recordings[0].sampleCount)
        #expect(embedding.count == 16)
        #expect(embedding.allSatisfy { $0.isFinite })
    }
}
