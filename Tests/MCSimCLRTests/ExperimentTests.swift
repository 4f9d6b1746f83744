import Acoustics
import AudioFeatures
import Foundation
import MCSimCLR
import NeuralNetwork
import SoundData
import Testing

/// Experiments whose outcome is known beforehand: what is evaluated is set beside what the rooms,
/// the sounds and the array say by themselves.
@Suite("Experiments of known outcome")
struct ExperimentTests {
    /// Nearly no reverberation and little noise.
    private static func bank(
        clips: Int, _ change: (inout BankSettings) -> Void = { _ in }
    ) throws -> RecordingBank {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "ablate-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let data = try SoundDataSet.load(DataSettings(clips: clips, classes: 4))
        var scene = SceneSettings()
        scene.reverberationTime = 0.1...0.1
        scene.sourceDistance = 0.8...1.2
        var settings = BankSettings(array: SmallBank.array, scene: scene)
        change(&settings)
        return try RecordingBank.build(data, settings, at: folder.appending(path: "b.bank"))
    }

    private static let still = Result { try bank(clips: 60) }
    private static let moving = Result {
        try bank(clips: 20) {
            $0.scene.motion = .arc
            $0.spatialisations = SpatialisationCounts(
                pretraining: 1, training: 1, validation: 1, test: 2)
        }
    }

    private func maps(_ bank: RecordingBank) throws -> EvaluationMaps {
        let maps = try FeatureMaps(
            bank: bank, settings: SmallBank.settings, training: bank.indices(for: .pretraining),
            gccWeight: 0.2, byteLimit: .max)
        return EvaluationMaps(
            training: maps, test: try FeatureMaps(bank: bank, like: maps, byteLimit: .max))
    }

    private func degrees(_ first: Double, _ second: Double) -> Double {
        abs(remainder(first - second, 2 * .pi)) * 180 / .pi
    }

    private func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

    /// Where the array hears a stretch of a recording come from, without learning.
    private func heard(
        _ bank: RecordingBank, _ recording: Int, samples: Range<Int>
    ) throws -> Double {
        let positions = bank.settings.array.positions
        var stretch = [Float](repeating: 0, count: positions.count * samples.count)
        stretch.withUnsafeMutableBufferPointer { bank.read(recording, samples: samples, into: $0) }
        let settings = FeatureSettings()
        let maps = try FeatureExtractor(settings, microphones: positions.count)(
            stretch, sampleCount: samples.count)
        return try SteeredResponse(settings, positions: positions).azimuth(
            maps, frames: settings.frames(samples: samples.count))
    }

    @Test("the truth is the direction that the array hears, recording by recording")
    func stillTruth() throws {
        let bank = try Self.still.get()
        let result = try rawProbe(maps(bank), grid: EvaluationGrid(patchFrames: 32))
        #expect(result.predictions.map(\.recording) == bank.indices(for: .test))
        let errors = try result.predictions.map { prediction in
            let count = bank.recordings[prediction.recording].sampleCount
            return degrees(
                try heard(bank, prediction.recording, samples: 0..<count), prediction.azimuth)
        }
        #expect(median(errors) < 3)
        for prediction in result.predictions {
            let recording = bank.recordings[prediction.recording]
            #expect(prediction.label == recording.label && prediction.clip == recording.clip)
            #expect(prediction.azimuth == recording.azimuth)
        }
    }

    @Test("the truth of a patch is where the source is in its middle, also across 180 degrees")
    func movingTruth() throws {
        let bank = try Self.moving.get()
        let grid = EvaluationGrid(patchFrames: 32, unit: .patch)
        let result = try rawProbe(maps(bank), grid: grid)
        // Patches of 20,672 samples in 41,600: three, the first at the start, the last as late as
        // whole pooled frames of 640 samples allow.
        let starts = [0, 16 * 640, 32 * 640]
        let expected = bank.indices(for: .test).flatMap { recording in
            (0..<3).map { [recording, $0] }
        }
        #expect(result.predictions.map { [$0.recording, $0.patch ?? -1] } == expected)
        var errors: [Double] = []
        var crossings = 0
        for prediction in result.predictions {
            let start = starts[try #require(prediction.patch)]
            let path = try #require(bank.recordings[prediction.recording].sources[0].azimuthPath)
            let place = (Double(start) + 20_672 / 2) / 16_000 / 0.1
            let (before, after) = (path[Int(place)], path[Int(place) + 1])
            let share = place - place.rounded(.down)
            let between = atan2(
                (1 - share) * sin(before) + share * sin(after),
                (1 - share) * cos(before) + share * cos(after))
            #expect(degrees(prediction.azimuth, between) < 0.1)
            crossings += abs(before - after) > .pi ? 1 : 0
            errors.append(
                degrees(
                    try heard(
                        bank, prediction.recording, samples: start + 7136..<start + 13_536),
                    prediction.azimuth))
        }
        // The source turns by some 35 degrees within a patch.
        #expect(median(errors) < 4)
        #expect(crossings > 0)
    }

    @Test("raw features find direction and class; a network that learns finds both too")
    func learnable() throws {
        let maps = try maps(Self.still.get())
        let grid = EvaluationGrid(patchFrames: 32)
        let raw = try rawProbe(maps, grid: grid)
        #expect(raw.meanError < 15 && raw.accuracy > 60, "\(raw.meanError) \(raw.accuracy)")
        let training = try SupervisedTraining(
            makeEncoder(encoder, seed: 1), maps: maps,
            settings: SupervisedSettings(
                optimisation: OptimisationSettings(steps: 200, batchSize: 16, learningRate: 0.01),
                azimuthWeight: 4, patchFrames: 32),
            seed: 1)
        try training.run(TrainingMonitor())
        let learnt = try training.evaluate(grid)
        #expect(
            learnt.meanError < 40 && learnt.accuracy > 60, "\(learnt.meanError) \(learnt.accuracy)")
    }

    @Test("of overlapping sources each is judged by the track that says most nearly the same of it")
    func overlap() throws {
        let bank = try Self.bank(clips: 20) { $0.scene.sourceCount = 2 }
        let result = try rawProbe(maps(bank), grid: EvaluationGrid(patchFrames: 32))
        let recordings = bank.indices(for: .test)
        #expect(result.predictions.map(\.recording) == recordings.flatMap { [$0, $0] })
        // Time averages of the maps, and what the tracks say of them.
        let extractor = try FeatureExtractor(SmallBank.settings, microphones: 4)
        let features = recordings.flatMap { recording in
            let map = extractor(
                bank.read(recording), sampleCount: bank.recordings[recording].sampleCount)
            return (0..<320).map { row in
                (0..<64).reduce(0.0) { sum, frame in
                    sum + Double(map[(row / 32 * 64 + frame) * 32 + row % 32]) / 64
                }
            }
        }
        let heads = try #require(result.heads)
        let answers = heads(Matrix(rows: recordings.count, columns: 320, values: features))
        var crossed = 0
        for (place, recording) in recordings.enumerated() {
            let sources = bank.recordings[recording].sources
            let facts = sources.map { SourceFacts(label: $0.label, azimuth: $0.azimuth) }
            let order = SourceMatching.tracks(of: facts, among: answers[place])
            crossed += order == [1, 0] ? 1 : 0
            for source in 0..<2 {
                let prediction = result.predictions[2 * place + source]
                #expect(prediction.clip == sources[source].clip)
                #expect(prediction.label == sources[source].label)
                #expect(prediction.azimuth == sources[source].azimuth)
                let answer = answers[place][order[source]]
                #expect(prediction.predictedLabel == answer.label)
                #expect(abs(prediction.predictedAzimuth - answer.azimuth) < 1e-6)
            }
        }
        #expect(crossed > 0)
    }

    private var encoder: CRNNConfiguration {
        var configuration = CRNNConfiguration(inputChannels: 10, frames: 32, bins: 32)
        configuration.channels = [8, 8, 8]
        configuration.recurrentUnits = 8
        return configuration
    }

    @Test("training on moving sources is told where they are in the middle of each patch")
    func movingSupervision() throws {
        let bank = try Self.moving.get()
        let training = try SupervisedTraining(
            makeEncoder(encoder, seed: 1), maps: maps(bank),
            settings: SupervisedSettings(
                optimisation: OptimisationSettings(steps: 1, batchSize: 16), patchFrames: 32),
            seed: 1)
        for plan in (0..<10).flatMap({ training.sampler.patches(step: $0) }) {
            let truth = training.sources(of: plan)
            let source = bank.recordings[plan.recording].sources[0]
            let seconds = (Double(plan.firstFrame * 640) + 20_672 / 2) / 16_000
            #expect(truth.map(\.label) == [source.label])
            #expect(degrees(truth[0].azimuth, source.azimuth(at: seconds)) < 1e-6)
        }
    }
}
