import Foundation
import TestSupport

/// The program as a user has it, run by a shell.
struct Program {
    struct Outcome {
        /// The exit code, or 128 and the signal's number.
        var code: Int32
        var output: String
        var errors: String
    }

    /// For its files; gone when the value is.
    let folder: TemporaryFolder

    /// The program lies beside the resources of the tests.
    private static let path = Bundle.module.bundleURL.deletingLastPathComponent()
        .appending(path: "ablate").path

    init() throws { folder = try TemporaryFolder() }

    /// Runs a line of shell in the folder; `$A` is the program.
    func shell(_ line: String) throws -> Outcome {
        let process = try start(line)
        let output = String(
            decoding: process.output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.process.waitUntilExit()
        let errors = try String(contentsOf: process.errors, encoding: .utf8)
        let isExit = process.process.terminationReason == .exit
        let status = process.process.terminationStatus
        return Outcome(code: isExit ? status : 128 + status, output: output, errors: errors)
    }

    private func start(_ line: String) throws -> (process: Process, output: Pipe, errors: URL) {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = ["-c", line]
        process.currentDirectoryURL = folder.url
        process.environment = ProcessInfo.processInfo.environment
            .merging(["A": Self.path, "LC_ALL": "C.UTF-8"]) { $1 }
        let errors = folder.url.appending(path: "errors-\(UUID().uuidString)")
        try Data().write(to: errors)
        let output = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        return (process, output, errors)
    }

    /// Writes a sweep of one-second stages, `tiny.yaml`.
    ///
    /// - Parameter steps: of its pretraining.
    func writeSweep(steps: Int = 5, description: String = "tiny") throws {
        let text = """
            name: tiny
            description: "\(description)"
            data: {clips: 30, classes: 3}
            base:
              encoder: {channels: [4, 4, 4], recurrent_units: 4}
              feature_pooling: 2
              pretraining_steps: \(steps)
              batch_size: 4
              recording_seconds: 1.5
              spatialisations: 1
              test_spatialisations: 1
              rt60: 0.1
            parameters:
              augmentations: [[], [channel_swap]]
            seeds: [0]
            evaluation: [raw, probe]

            """
        try Data(text.utf8).write(to: folder.url.appending(path: "tiny.yaml"))
    }

    /// Writes a second of a tone, 16 bits at 16 kHz.
    ///
    /// - Parameter pace: radians from sample to sample.
    func writeWave(_ name: String, pace: Double = 1 / 7.0) throws {
        func bytes(_ value: Int, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        var file = Array("RIFF".utf8) + bytes(36 + 32_000, 4) + Array("WAVEfmt ".utf8)
        file += bytes(16, 4) + bytes(1, 2) + bytes(1, 2) + bytes(16_000, 4) + bytes(32_000, 4)
        file += bytes(2, 2) + bytes(16, 2) + Array("data".utf8) + bytes(32_000, 4)
        for index in 0..<16_000 { file += bytes(Int(9000 * sin(pace * Double(index))), 2) }
        try Data(file).write(to: folder.file(name))
    }
}
