import Foundation

/// The program as a user has it, run by a shell.
struct Program {
    struct Outcome {
        /// The exit code, or 128 and the signal's number.
        var code: Int32
        var output: String
        var errors: String
    }

    /// A folder for its files, gone when the value is.
    final class Folder: Sendable {
        let url = FileManager.default.temporaryDirectory
            .appending(path: "ablate-program-\(UUID().uuidString)")

        init() throws {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        }

        deinit { try? FileManager.default.removeItem(at: url) }
    }

    let folder: Folder

    /// The program lies beside the resources of the tests.
    private static let path = Bundle.module.bundleURL.deletingLastPathComponent()
        .appending(path: "ablate").path

    init() throws { folder = try Folder() }

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
            data: {recordings: 30, classes: 3}
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
}
