import Acoustics
import AudioFeatures
import Foundation
import MCSimCLR
import Randomness
import SoundData
import Testing

import struct Randomness.Stream

/// What probes say of elevation, distance and room.
@Suite("Quantities")
struct QuantityTests {
    private let grid = EvaluationGrid(patchFrames: 32)

    private func bank(
        array: MicrophoneArray = SmallBank.array, _ change: (inout SceneSettings) -> Void = { _ in }
    ) throws -> RecordingBank {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "ablate-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var scene = SceneSettings()
        scene.reverberationTime = 0.1...0.15
        change(&scene)
        return try RecordingBank.build(
            SoundDataSet.load(DataSettings(clips: 20, classes: 3)),
            BankSettings(
                minimumSeconds: 1, maximumSeconds: 1,
                spatialisations: SpatialisationCounts(
                    pretraining: 1, training: 1, validation: 1, test: 1),
                array: array, scene: scene),
            at: folder.appending(path: "b.bank"))
    }

    private func maps(_ bank: RecordingBank) throws -> EvaluationMaps {
        let maps = try FeatureMaps(
            bank: bank, settings: SmallBank.settings, training: bank.indices(for: .training),
            gccWeight: 0.2, byteLimit: .max)
        return EvaluationMaps(training: maps, test: maps)
    }

    @Test(
        "what features hold linearly is said without error, whatever its scale; what they do not is not"
    )
    func linear() {
        var stream = Stream(3, "quantities")
        let weights = (0..<3).map { _ in (0..<6).map { _ in stream.normal() } }
        func examples(_ count: Int) -> QuantityHeads.Examples {
            let features = Matrix(
                rows: count, columns: 6, values: (0..<6 * count).map { _ in 5 + stream.normal() })
            let values = (0..<count).flatMap { row -> [Double] in
                let sums = weights.map { zip($0, features.row(row)).reduce(0) { $0 + $1.0 * $1.1 } }
                // In degrees, in milliseconds, and as chance has it.
                return [40 * sums[0] - 7, 0.001 * sums[1] + 0.3, stream.normal()]
            }
            return .init(
                features: features, values: Matrix(rows: count, columns: 3, values: values))
        }
        let heads = QuantityHeads(training: examples(60), validation: examples(40))
        let test = examples(50)
        let answers = heads(test.features)
        func error(_ column: Int) -> Double {
            (0..<50).map { abs(answers[$0, column] - test.values[$0, column]) }.reduce(0, +) / 50
        }
        #expect(error(0) < 1e-4 && error(1) < 1e-8)
        // The mean absolute value of a normal number is 0.8.
        #expect(error(2) > 0.5)
        // What says nothing is held down, what says all is not.
        #expect(heads.penalties[0] < 1e-6 && heads.penalties[2] > 1e-3)
    }

    @Test("without a validation split the penalty is the standing one")
    func unchecked() {
        let features = Matrix(rows: 4, columns: 1, values: [-1, 1, -1, 1])
        let values = Matrix(rows: 4, columns: 1, values: [0, 2, 0, 2])
        let heads = QuantityHeads(
            training: .init(features: features, values: values),
            validation: .init(features: Matrix(zeros: 0, 1), values: Matrix(zeros: 0, 1)))
        #expect(heads.penalties == [0.01])
        // The slope 1 of the least squares, less by 1 / (1 + 0.01), around the mean.
        #expect(abs(heads(features)[1, 0] - (1 + 1 / 1.01)) < 1e-9)
    }

    @Test("the reference that hears nothing says the commonest class, and the mean of all else")
    func nothing() throws {
        let bank = try bank()
        let banks = EvaluationBanks(training: bank, test: bank, features: SmallBank.settings)
        let result = try meanProbe(banks, grid: grid, quantities: ProbeTarget.quantities)
        let training = bank.indices(for: .training).map { bank.recordings[$0] }
        let counts = Dictionary(grouping: training, by: \.label).mapValues(\.count)
        #expect(result.predictions.count == bank.indices(for: .test).count)
        let said = Set(result.predictions.map(\.predictedLabel))
        #expect(said.count == 1 && counts[said.first ?? -1] == counts.values.max())

        // What the recordings say of themselves, without the probe's way to it.
        let facts: [(ProbeTarget, (Recording) -> Double)] = [
            (.elevation, { abs($0.elevation) * 180 / .pi }), (.distance, { $0.distance }),
            (.rt60, { $0.reverberationTime ?? .nan }),
            (.volume, { log($0.room.map { $0.x * $0.y * $0.z } ?? .nan) / log(2) }),
            (
                .aspect,
                { log($0.room.map { max($0.x, $0.y) / min($0.x, $0.y) } ?? .nan) / log(2) }
            ),
        ]
        let figures = result.metrics(prefix: "mean")
        for (target, value) in facts {
            let mean = training.map(value).reduce(0, +) / Double(training.count)
            let deviations = result.predictions.map { prediction in
                abs(value(bank.recordings[prediction.recording]) - mean)
            }
            let expected = deviations.reduce(0, +) / Double(deviations.count)
            let found = try #require(figures["mean_\(target.rawValue)_error"])
            #expect(abs(found - expected) < 1e-6 * max(1, expected), "\(target)")
            #expect(expected > 0)
        }
        let sums = training.reduce((0.0, 0.0)) { ($0.0 + cos($1.azimuth), $0.1 + sin($1.azimuth)) }
        for prediction in result.predictions {
            #expect(
                Angle.absoluteDifference(prediction.predictedAzimuth, atan2(sums.1, sums.0)) < 1e-6)
        }
    }

    @Test("figures and predictions have them where they are asked for, and are else what they were")
    func onDemand() throws {
        let maps = try maps(bank())
        let plain = try rawProbe(maps, grid: grid)
        let asked = try rawProbe(maps, grid: grid, quantities: [.distance, .rt60])
        let more = Set(asked.metrics(prefix: "raw").keys)
            .subtracting(plain.metrics(prefix: "raw").keys)
        #expect(
            more == [
                "raw_distance_error", "raw_rt60_error", "raw_distance_penalty", "raw_rt60_penalty",
                "raw_distance_penalty_edge", "raw_rt60_penalty_edge",
            ])
        for (name, value) in plain.metrics(prefix: "raw") {
            #expect(asked.metrics(prefix: "raw")[name] == value, "\(name)")
        }
        #expect(plain.predictions.allSatisfy { $0.quantities == nil })
        let without = asked.predictions.map { prediction in
            var prediction = prediction
            prediction.quantities = nil
            return prediction
        }
        #expect(without == plain.predictions)
    }

    @Test("microphones at one height hear no sign of an elevation, others do")
    func elevation() throws {
        func truths(_ array: MicrophoneArray) throws -> [Double] {
            let bank = try bank(array: array)
            return bank.recordings.indices.compactMap {
                bank.quantity(.elevation, ofSource: 0, of: $0, at: nil)
            }
        }
        #expect(try truths(SmallBank.array).allSatisfy { $0 >= 0 })
        let signed = try truths(.tetrahedral(radius: 0.042))
        #expect(signed.contains { $0 < 0 } && signed.contains { $0 > 0 })
        #expect(MicrophoneArray.linear(count: 3, spacing: 0.1).isHorizontal)
    }

    @Test("each of two sources has its own distance, both have one room")
    func overlap() throws {
        let bank = try bank { $0.sourceCount = 2 }
        let result = try rawProbe(maps(bank), grid: grid, quantities: [.distance, .volume])
        #expect(result.predictions.count == 2 * bank.indices(for: .test).count)
        for prediction in result.predictions {
            let recording = bank.recordings[prediction.recording]
            let quantities = try #require(prediction.quantities)
            #expect(quantities.map(\.target) == [.distance, .volume])
            #expect(
                quantities[0].truth == recording.sources[try #require(prediction.source)].distance)
            let room = try #require(recording.room)
            #expect(abs(exp2(quantities[1].truth) - room.x * room.y * room.z) < 1e-6)
        }
        #expect(result.extras["distance_penalty_track_2"] != nil)
    }

    @Test("of a source that moves past it is what holds at the patch's centre")
    func motion() throws {
        let bank = try bank {
            $0.motion = .line
            $0.sourceSpeed = 2...2
            $0.motionDuration = 1
        }
        let result = try meanProbe(
            EvaluationBanks(training: bank, test: bank, features: SmallBank.settings),
            grid: EvaluationGrid(patchFrames: 16, unit: .patch),
            quantities: [.distance, .elevation])
        let byRecording = Dictionary(grouping: result.predictions, by: \.recording)
        for (number, patches) in byRecording {
            let source = bank.recordings[number].sources[0]
            let path = try #require(source.distancePath)
            let height = source.distance * sin(source.elevation)
            for patch in patches {
                let quantities = try #require(patch.quantities)
                let distance = quantities[0].truth
                #expect(distance > (path.min() ?? 0) - 1e-9 && distance < (path.max() ?? 0) + 1e-9)
                // It moves level: between points of its path by less than it is away.
                let elevation = asin(abs(height) / distance) * 180 / .pi
                #expect(abs(quantities[1].truth - elevation) < 1.5)
            }
            #expect(Set(patches.map { $0.quantities?[0].truth }).count == patches.count)
        }
    }
}
