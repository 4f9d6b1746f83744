import Acoustics
import AudioFeatures
import Foundation
import MCSimCLR
import NeuralNetwork
import Platform
import SoundData

/// What a size costs: one number is varied, the others stay those of ``reference``.
package enum ScalingMeasure {
    /// Processor seconds of one thread.
    typealias Point = (size: Double, seconds: Double)

    /// The encoder of the paper on two views of [10, 64, 64] an example.
    static let reference = CRNNConfiguration(inputChannels: 10)
    private static let batchSize = 64

    static func batchSizes() throws -> [Point] {
        try [16, 32, 64, 128, 256, 512].map { (Double($0), try step(reference, batchSize: $0)) }
    }

    static func channels() throws -> [Point] {
        try [16, 32, 64, 96, 128].map { channels in
            var encoder = reference
            encoder.channels = [channels, channels, channels]
            return (Double(channels), try step(encoder))
        }
    }

    /// A log-mel map a microphone and a GCC map a pair.
    static func microphones() throws -> [(microphones: Int, point: Point)] {
        try [2, 3, 4, 6, 8].map { microphones in
            let maps = microphones + microphones * (microphones - 1) / 2
            var encoder = reference
            encoder.inputChannels = maps
            return (microphones, (Double(maps), try step(encoder)))
        }
    }

    static func frames() throws -> [Point] {
        try [32, 64, 128, 256].map { frames in
            var encoder = reference
            encoder.frames = frames
            return (Double(frames), try step(encoder))
        }
    }

    /// Rendering of the scenes, and their maps.
    static func recordings(
        microphones: Int = 4, counts: [Int] = [120, 240, 480, 960]
    ) throws -> [(scenes: Point, maps: Point)] {
        try counts.map { count in
            let folder = FileManager.default.temporaryDirectory
                .appending(path: "ablate-scaling-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            var scene = SceneSettings()
            scene.reverberationTime = 0.1...0.5
            let sounds = try SoundDataSet.load(DataSettings(clips: count))
            let array = MicrophoneArray.circular(count: microphones, diameter: 0.1)
            let start = processSeconds
            let bank = try RecordingBank.build(
                sounds, BankSettings(array: array, scene: scene),
                at: folder.appending(path: "bank"))
            let rendered = processSeconds
            _ = try FeatureMaps(
                bank: bank, settings: FeatureSettings(), training: bank.indices(for: .pretraining),
                gccWeight: 0.2, byteLimit: .max)
            return (
                (Double(count), rendered - start), (Double(count), processSeconds - rendered)
            )
        }
    }

    /// Examples a second by the clock on the wall: training and embedding, batches of 128.
    static func threads(_ count: Int) throws -> (train: Double, embed: Double) {
        let benchmark = try TrainingBenchmark(
            reference, batchSize: 128, team: ThreadTeam(threads: count))
        return (
            benchmark.train(seconds: 6).examplesPerSecond,
            benchmark.embed(seconds: 4).examplesPerSecond
        )
    }

    /// Examples a second by the clock on the wall, of so many trainings with a thread each.
    static func workers(_ count: Int) throws -> Double {
        try TrainingBenchmark.train(workers: count, reference, batchSize: 128, seconds: 6)
    }

    /// 1, 2, 4, ... as far as there are processors.
    package static func threadCounts(processors: Int) -> [Int] {
        var counts = [1]
        while counts.last! * 2 <= processors { counts.append(counts.last! * 2) }
        return counts
    }

    /// Processor seconds of a training step.
    private static func step(
        _ encoder: CRNNConfiguration, batchSize: Int = batchSize
    ) throws -> Double {
        let rate = try TrainingBenchmark(encoder, batchSize: batchSize).train(seconds: 2)
        return Double(batchSize) / rate.examplesPerProcessorSecond
    }

    private static var processSeconds: Double {
        var value = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &value)
        return Double(value.tv_sec) + 1e-9 * Double(value.tv_nsec)
    }
}
