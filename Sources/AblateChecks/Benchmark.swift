import Acoustics
import AudioFeatures
import Foundation
import MCSimCLR
import NeuralNetwork
import Orchestration
import Platform
import Randomness
import SoundData

/// What `ablate-checks bench` measures, by name.
enum Benchmark: String, CaseIterable {
    case train1 = "train_1t_b128"
    case train2 = "train_2w_b128"
    case train2Threads = "train_2t_b128"
    case train1Batch32 = "train_1t_b32"
    case train1Batch256 = "train_1t_b256"
    case trainPlain = "train_plain_1t_b128"
    case embed = "embed_1t"
    case embed2 = "embed_2t"
    case memory = "memory_b256"
    case outsideTraining = "outside_training"
    case features = "features_16k"
    case rooms03 = "rir_0.3"
    case rooms06 = "rir_0.6"
    case rooms10 = "rir_1.0"
    case roomsHybrid = "rir_hybrid_1.0"
    case overhead = "overhead_ms"
    case plan = "plan_100k_s"
    case resume = "resume_100k_s"
    case planRows = "plan_100k_rows_s"
    case planTrials = "plan_1m_trials_s"
    case startup = "startup_s"

    struct Result: Codable {
        var name: String
        var value: Double
        var unit: String
        var peer: Double?
        var ratio: Double?
    }

    /// The reference model: two views of [10, 64, 64] an example.
    private static var reference: CRNNConfiguration {
        CRNNConfiguration(inputChannels: 10, frames: 64, bins: 64)
    }

    var unit: String {
        switch self {
        case .train1, .train2, .train2Threads, .trainPlain, .train1Batch32, .train1Batch256, .embed,
            .embed2:
            "examples/s"
        case .memory: "GB"
        case .outsideTraining: "% of a step"
        case .features: "clips/s"
        case .rooms03, .rooms06, .rooms10, .roomsHybrid: "responses/s"
        case .overhead: "ms"
        case .plan, .resume, .planRows, .planTrials, .startup: "s"
        }
    }

    func run() throws -> Result {
        Result(name: rawValue, value: try value(), unit: unit)
    }

    private func value() throws -> Double {
        switch self {
        case .train1: try Self.train(batchSize: 128)
        case .train2:
            try TrainingBenchmark.train(
                workers: 2, Self.reference, batchSize: 128, seconds: 8)
        case .train2Threads: try Self.train(batchSize: 128, threads: 2)
        case .train1Batch32: try Self.train(batchSize: 32)
        case .train1Batch256: try Self.train(batchSize: 256)
        case .trainPlain:
            try TrainingBenchmark(Self.reference, batchSize: 128, usesPlainKernels: true)
                .train(seconds: 8).examplesPerSecond
        case .embed: try Self.embed(threads: 1)
        case .embed2: try Self.embed(threads: 2)
        case .memory: try Self.memory()
        case .outsideTraining: try Self.outsideTraining()
        case .features: try FeatureBenchmark.run(FeatureBenchmark.cases[0]).clipsPerSecond
        case .rooms03: try Self.rooms(0.3, .peerImages)
        case .rooms06: try Self.rooms(0.6, .peerImages)
        case .rooms10: try Self.rooms(1.0, .peerImages)
        case .roomsHybrid: try Self.rooms(1.0, .hybrid)
        case .overhead: try Self.orchestration.overhead()
        case .plan: try Self.orchestration.large().plan
        case .resume: try Self.orchestration.large().resume
        case .planRows: try Self.planOfGrid(seeds: 1)
        case .planTrials: try Self.planOfGrid(seeds: 10)
        case .startup: try Self.startup()
        }
    }

    private static func train(batchSize: Int, threads: Int = 1) throws -> Double {
        try TrainingBenchmark(
            reference, batchSize: batchSize, team: ThreadTeam(threads: threads)
        ).train(seconds: 8).examplesPerSecond
    }

    private static func embed(threads: Int) throws -> Double {
        try TrainingBenchmark(
            reference, batchSize: 128, team: ThreadTeam(threads: threads)
        ).embed(seconds: 4).examplesPerSecond
    }

    private static func rooms(_ time: Double, _ method: RoomBenchmark.Method) throws -> Double {
        var stream = Randomness.Stream(7, "rooms of the benchmark")
        let cases = try RoomBenchmark.drawCases(20, reverberationTime: time, using: &stream)
        let start = ContinuousClock.now
        return try RoomBenchmark.measure(cases, method: method, minimumSeconds: 3) {
            (ContinuousClock.now - start) / .seconds(1)
        }.responsesPerSecond
    }

    private static var orchestration: OrchestrationBenchmark {
        OrchestrationBenchmark(folder: FileManager.default.temporaryDirectory)
    }

    /// Of a process that does nothing but train. Units: 10^9 bytes.
    private static func memory() throws -> Double {
        let output = try child(CommandLine.arguments[0], ["bench", "--memory-of-batch", "256"])
        return (Double(output.trimmingCharacters(in: .whitespacesAndNewlines)) ?? .nan) / 1e9
    }

    /// Share of real pretraining steps (all augmentations, mixing waveforms) spent on batches.
    private static func outsideTraining() throws -> Double {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "ablate-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var scene = SceneSettings()
        scene.reverberationTime = 0.1...0.3
        let array = MicrophoneArray.circular(count: 4, diameter: 0.1)
        let bank = try RecordingBank.build(
            SoundDataSet.load(DataSettings(clips: 240)),
            BankSettings(array: array, scene: scene), at: folder.appending(path: "bank"))
        let maps = try FeatureMaps(
            bank: bank, settings: FeatureSettings(), training: bank.indices(for: .pretraining),
            gccWeight: 0.2, byteLimit: .max)
        let run = try Pretraining(
            maps: maps, array: array, encoder: reference,
            settings: PretrainingSettings(
                augmentations: AugmentationSettings(),
                optimisation: OptimisationSettings(steps: 12, batchSize: 128)), seed: 0)
        try run.run(TrainingMonitor())
        return 100 * (run.times.batches / run.times.steps)
    }

    /// `ablate plan` for a grid of 100,000 rows.
    private static func planOfGrid(seeds: Int) throws -> Double {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "ablate-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let sweep = folder.appending(path: "grid.yaml")
        let varied = [
            "temperature", "learning_rate", "warm_up_fraction", "gcc_weight",
            "channel_drop_probability",
        ]
        let values = "[0.01, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]"
        let parameters = varied.map { "\($0): \(values)" }.joined(separator: ", ")
        let text =
            "data: {clips: 60}\nbase: {batch_size: 32}\nevaluation: [probe]\n"
            + "seeds: \(seeds)\nparameters: {\(parameters)}\n"
        try Data(text.utf8).write(to: sweep)
        let start = ContinuousClock.now
        _ = try child(Checks.program, ["plan", sweep.path, "--results", folder.path])
        return (ContinuousClock.now - start) / .seconds(1)
    }

    /// From the command to the first stage that starts, in a fresh folder.
    private static func startup() throws -> Double {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "ablate-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let sweep = folder.appending(path: "startup.yaml")
        try Data("name: startup\ndata: {clips: 60}\nevaluation: [raw]\n".utf8).write(to: sweep)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Checks.program)
        process.arguments = [
            "run", sweep.path, "--results", folder.path, "--log", "json",
        ]
        let pipe = Pipe()
        process.standardOutput = pipe
        let start = ContinuousClock.now
        try process.run()
        var text = ""
        while !text.contains("\"event\":\"started\"") {
            let data = pipe.fileHandleForReading.availableData
            if data.isEmpty { break }
            text += String(decoding: data, as: UTF8.self)
        }
        let elapsed = (ContinuousClock.now - start) / .seconds(1)
        process.terminate()
        process.waitUntilExit()
        return elapsed
    }

    private static func child(_ program: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }

    /// Trains a few steps and returns the process's peak memory. Units: bytes.
    static func peakMemory(batchSize: Int) throws -> Int {
        _ = try TrainingBenchmark(reference, batchSize: batchSize).train(seconds: 1)
        return ProcessMemory.peak
    }

    /// The parts of a training step: seconds, rate, share of the processor's peak.
    static func layers() throws -> [(layer: TrainingBenchmark.LayerTime, peak: Double)] {
        let peak = TrainingBenchmark.fusedMultiplyAddPeak()
        return try TrainingBenchmark(reference, batchSize: 128).layers(steps: 5)
            .map { ($0, peak) }
    }
}
