import Digests
import Foundation
import MCSimCLR
import NeuralNetwork
import TestSupport
import Testing

@Suite("Fine-tuning and training from scratch that are stopped")
struct SupervisedResumeTests {
    private static let encoder: CRNNConfiguration = {
        var encoder = CRNNConfiguration(inputChannels: 10, frames: 32, bins: 32)
        encoder.channels = [8, 8, 8]
        encoder.recurrentUnits = 8
        return encoder
    }()

    private func training(
        seed: UInt64 = 3, steps: Int = 6
    ) throws -> (run: SupervisedTraining, encoder: CRNN) {
        let maps = try SmallBank.maps(isKept: true)
        let encoder = try makeEncoder(Self.encoder, seed: 1)
        let run = try SupervisedTraining(
            encoder,
            maps: EvaluationMaps(
                training: maps,
                test: FeatureMaps(bank: SmallBank.bank, like: maps, byteLimit: .max)),
            settings: SupervisedSettings(
                optimisation: OptimisationSettings(
                    steps: steps, batchSize: 12, learningRate: 1e-3, warmUpFraction: 0.5),
                patchFrames: 32, augmentations: Augmentation.allCases, weightDecay: 0.1,
                encoderRate: 0.5, selection: .best, checks: 3),
            seed: seed)
        return (run, encoder)
    }

    private func values(_ run: SupervisedTraining) -> [[Float]] {
        run.state.map(\.tensor.values)
    }

    @Test("after any step, saved, loaded and continued, end in the same bits and predictions")
    func resumed() throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "x.safetensors")
        let (whole, _) = try training()
        try whole.run(TrainingMonitor())
        let grid = EvaluationGrid(patchFrames: 32)
        let expected = try whole.evaluate(grid)
        for stop in [1, 4, 6] {
            let (first, _) = try training()
            try? first.run(TrainingMonitor(isCancelled: { first.step == stop }))
            #expect(first.step == stop)
            try TrainingSaver(first, at: file, interval: .seconds(60)).save()
            let (second, _) = try training()
            #expect(TrainingSaver(second, at: file, interval: .seconds(60)).restore())
            #expect(second.step == stop)
            try second.run(TrainingMonitor())
            #expect(values(second) == values(whole))
            #expect(second.curve == whole.curve && second.chosenStep == whole.chosenStep)
            #expect(try second.evaluate(grid).predictions == expected.predictions)
        }
    }

    @Test("no two tensors of the state have one name")
    func names() throws {
        let names = try training().run.state.map(\.name)
        #expect(Set(names).count == names.count)
    }

    @Test("the state of another stage or of a longer run is not taken over")
    func foreign() throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "x.safetensors")
        let (run, _) = try training()
        try? run.run(TrainingMonitor(isCancelled: { run.step == 2 }))
        try TrainingSaver(run, at: file, stage: Digest(of: "a"), interval: .seconds(60)).save()
        let (other, _) = try training()
        let before = values(other)
        #expect(
            !TrainingSaver(other, at: file, stage: Digest(of: "b"), interval: .seconds(60))
                .restore())
        #expect(values(other) == before && other.step == 0)
        let (shorter, _) = try training(steps: 1)
        #expect(
            !TrainingSaver(shorter, at: file, stage: Digest(of: "a"), interval: .seconds(60))
                .restore())
    }
}
