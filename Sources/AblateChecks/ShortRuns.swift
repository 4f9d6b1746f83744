import Foundation

/// Runs that are over while the calibration beside their first stages still computes: each must end
/// with exit code 0.
struct ShortRuns {
    /// The program that runs the sweeps.
    let program: String
    let folder: URL
    let count: Int

    struct Report {
        var faults: [String] = []
        /// Of a run, on average. Units: seconds.
        var secondsEach = 0.0
    }

    private static let sweep = """
        name: short
        data: {source: builtin, clips: 60}
        base:
          encoder: small
          feature_pooling: 2
          pretraining_steps: 5
          batch_size: 8
          recording_seconds: 1.5
          spatialisations: 1
          test_spatialisations: 1
          rt60: 0.2
        parameters:
          augmentations: {values: [[], [mixup]]}
        evaluation: [raw, probe]
        """

    /// One and two workers in turn; with `isDisturbed` at low priority, beside a process that keeps a
    /// core busy.
    func run(isDisturbed: Bool) throws -> Report {
        let base = folder.appending(path: "ablate-short-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: base, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: base) }
        let file = base.appending(path: "short.yaml")
        try Data(Self.sweep.utf8).write(to: file)
        let busy = Process()
        busy.executableURL = URL(filePath: "/bin/sh")
        busy.arguments = ["-c", "while :; do :; done"]
        if isDisturbed { try busy.run() }
        defer { if isDisturbed { busy.terminate() } }
        let start = ContinuousClock.now
        var report = Report()
        for number in 0..<count {
            let results = base.appending(path: "results")
            try? FileManager.default.removeItem(at: results)
            let process = Process()
            process.executableURL = URL(filePath: "/bin/sh")
            process.arguments = [
                "-c", isDisturbed ? #"exec nice -n 10 "$0" "$@""# : #"exec "$0" "$@""#, program,
                "run", file.path, "--results", results.path, "-j", String(1 + number % 2),
            ]
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            guard process.terminationReason != .exit || process.terminationStatus != 0 else {
                continue
            }
            let how = process.terminationReason == .exit ? "exit code" : "signal"
            report.faults.append("run \(number + 1): \(how) \(process.terminationStatus)")
        }
        report.secondsEach = (ContinuousClock.now - start) / .seconds(1) / Double(max(1, count))
        return report
    }
}
