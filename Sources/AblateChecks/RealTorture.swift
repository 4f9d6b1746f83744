import Foundation
import ResultsStore

/// Kills real sweeps (rooms, pretraining, probes) at every transaction boundary in turn, resumes
/// them, and compares what they leave with a sweep that was left in peace.
struct RealTorture {
    /// The program that runs the sweeps.
    let program: String
    let folder: URL
    let workers: Int

    struct Report {
        var kills = 0
        var faults: [String] = []
    }

    private static let sweep = """
        name: torture
        data: {source: builtin, clips: 60}
        base:
          encoder: {channels: [8, 8, 8], recurrent_units: 8}
          feature_pooling: 2
          pretraining_steps: 4
          batch_size: 8
          recording_seconds: 1.5
          spatialisations: 1
          test_spatialisations: 1
          rt60: 0.1
        parameters:
          augmentations: {values: [[], all]}
        evaluation: [raw, probe]
        """

    func run() throws -> Report {
        let base = folder.appending(path: "ablate-torture-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: base, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: base) }
        let file = base.appending(path: "torture.yaml")
        try Data(Self.sweep.utf8).write(to: file)
        let peace = base.appending(path: "peace")
        _ = try sweep(file, results: peace, killAt: nil)
        let wanted = try state(peace)
        var report = Report()
        var boundary = 1
        while true {
            let results = base.appending(path: "killed")
            try? FileManager.default.removeItem(at: results)
            let process = try sweep(file, results: results, killAt: boundary)
            // The run came to its end before so many boundaries: every one has been tried.
            if process.terminationReason == .exit { break }
            report.kills += 1
            let resumed = try sweep(file, results: results, killAt: nil)
            if resumed.terminationStatus != 0 {
                report.faults.append("boundary \(boundary): the resumption failed")
            } else if try state(results) != wanted {
                report.faults.append("boundary \(boundary): the resumed run left other results")
            }
            boundary += 1
        }
        return report
    }

    private func sweep(_ file: URL, results: URL, killAt: Int?) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments =
            ["run", file.path, "--results", results.path, "-j", String(workers), "--quiet"]
            + (killAt.map { ["--kill-at", String($0)] } ?? [])
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process
    }

    /// The exported tables and the dump of the database.
    private func state(_ results: URL) throws -> String {
        var text = ""
        let store = try ResultsStore(readingFrom: results.appending(path: "ablate.sqlite").path)
        try store.dump(to: &text)
        for name in ["table.md", "table.tex", "table.csv", "table.json"] {
            text += try String(
                contentsOf: results.appending(path: "torture/\(name)"), encoding: .utf8)
        }
        return text
    }
}
