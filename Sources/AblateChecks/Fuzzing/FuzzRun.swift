import Foundation

/// Runs the workers of ``FuzzWorker``, each reader in a process of its own, and goes on behind every
/// input that ends one.
struct FuzzRun {
    let program: String
    let seed: UInt64
    let folder: URL
    /// An input that takes longer counts as endless. Units: seconds.
    let patience: Double

    struct Report {
        var read = 0
        var refused = 0
        var faults: [Int: String] = [:]
    }

    /// After so many faults of a reader the rest of its inputs is left out.
    private static let enough = 20

    func run(_ reader: FuzzedReader, _ indices: Range<Int>) throws -> Report {
        var report = Report()
        var next = indices.lowerBound
        while next < indices.upperBound, report.faults.count < Self.enough {
            let own = folder.appending(path: reader.name)
            try? FileManager.default.removeItem(at: own)
            try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
            let (outcome, end) = try worker(reader, next..<indices.upperBound, own)
            if let outcome {
                report.read += outcome.read
                report.refused += outcome.refused
                report.faults.merge(outcome.faults) { $1 }
                next = indices.upperBound
            } else if let index = Self.progress(own) {
                report.refused += index - next
                report.faults[index] = end
                next = index + 1
            } else {
                report.faults[next] = "before the first input, \(end)"
                break
            }
        }
        return report
    }

    /// What a worker found, or how it ended.
    private func worker(
        _ reader: FuzzedReader, _ indices: Range<Int>, _ own: URL
    ) throws -> (FuzzWorker.Outcome?, end: String) {
        let process = Process()
        let result = own.appending(path: "outcome")
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = [
            "fuzz-worker", reader.name, String(seed), String(indices.lowerBound),
            String(indices.upperBound), own.path,
        ]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        var last = -1
        var since = ContinuousClock.now
        while process.isRunning {
            usleep(20_000)
            let now = Self.progress(own) ?? -1
            if now != last { (last, since) = (now, .now) }
            if (ContinuousClock.now - since) / .seconds(1) > patience {
                kill(process.processIdentifier, SIGKILL)
                process.waitUntilExit()
                return (nil, "no end after \(Int(patience)) s")
            }
        }
        let outcome = (try? Data(contentsOf: result))
            .flatMap { try? JSONDecoder().decode(FuzzWorker.Outcome.self, from: $0) }
        let end = process.terminationReason == .uncaughtSignal ? "signal" : "exit"
        return (outcome, "\(end) \(process.terminationStatus)")
    }

    private static func progress(_ folder: URL) -> Int? {
        guard let data = try? Data(contentsOf: folder.appending(path: "progress")), data.count == 8
        else { return nil }
        return data.reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
