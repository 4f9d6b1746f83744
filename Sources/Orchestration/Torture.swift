public import Foundation
import ResultsStore

/// Kills runs and checks what they leave; `make torture`. Needs a program that calls
/// ``TortureWorker/run(_:)`` with what follows `command` in its arguments.
public struct Torture: Sendable {
    /// The program and its arguments before those of the worker: ["/usr/bin/ablate", "torture-worker"].
    public var command: [String]
    public var folder: URL

    public init(command: [String], folder: URL) {
        self.command = command
        self.folder = folder
    }

    /// Figures of one torture; `faults` is empty when every promise was kept.
    public struct Report: Sendable, Hashable {
        public var title: String
        public var faults: [String]
        public var kills: Int
        /// Units: seconds.
        public var seconds: Double

        public init(title: String, faults: [String], kills: Int, seconds: Double) {
            self.title = title
            self.faults = faults
            self.kills = kills
            self.seconds = seconds
        }
    }

    /// Kills a run at every transaction boundary in turn, resumes it, and compares the dump and the
    /// flat table with those of a run that was left in peace.
    public func killAtEveryBoundary(
        trials: Int, workers: Int, isLayered: Bool
    ) throws -> Report {
        try report("SIGKILL at every boundary, \(trials) trials, \(workers) workers") { folder in
            var worker = TortureWorker(
                database: folder.appending(path: "peace.sqlite").path, trials: trials,
                workers: workers, isLayered: isLayered)
            let boundaries = try worker.run().boundaries
            let wanted = try Self.state(worker.database)
            var faults: [String] = []
            var kills = 0
            for boundary in 1...boundaries {
                worker.database = folder.appending(path: "killed-\(boundary).sqlite").path
                worker.killAt = boundary
                let process = try start(worker)
                process.waitUntilExit()
                if process.terminationReason == .uncaughtSignal { kills += 1 }
                worker.killAt = nil
                let resumed = try worker.run()
                if resumed.summary.trialsFinished != trials {
                    faults.append("boundary \(boundary): trials are missing after the resumption")
                }
                if try Self.state(worker.database) != wanted {
                    faults.append("boundary \(boundary): the resumed run left other results")
                }
                faults += try Self.doubles(worker).map { "boundary \(boundary): \($0)" }
            }
            // With several workers the number of transactions varies a little: late boundaries may
            // not come. That most came shows that the kills are real.
            if kills < boundaries / 2 { faults.append("only \(kills) of \(boundaries) kills") }
            return (faults, kills)
        }
    }

    /// Many processes on one database, one of them killed from time to time.
    public func manyProcesses(
        _ count: Int = 16, trials: Int, killEvery seconds: Double = 1
    ) throws -> Report {
        try report("\(count) processes, \(trials) trials, a SIGKILL every \(seconds) s") { folder in
            let worker = TortureWorker(
                database: folder.appending(path: "shared.sqlite").path, trials: trials, workers: 2)
            var processes = try (0..<count).map { _ in try start(worker) }
            var faults: [String] = []
            var kills = 0
            var next = ContinuousClock.now + .seconds(seconds)
            while !processes.isEmpty {
                Thread.sleep(forTimeInterval: 0.01)
                for process in processes where !process.isRunning && process.terminationStatus != 0
                {
                    if process.terminationReason == .exit { faults.append("a process failed") }
                }
                processes.removeAll { !$0.isRunning }
                if ContinuousClock.now >= next, processes.count > 1 {
                    kill(processes.removeFirst().processIdentifier, SIGKILL)
                    kills += 1
                    next = ContinuousClock.now + .seconds(seconds)
                }
            }
            let store = try ResultsStore(path: worker.database)
            let finished = try store.statusCounts(of: "trivial")[.finished]
            if finished != trials { faults.append("\(finished) of \(trials) trials are finished") }
            return (faults + (try Self.doubles(worker)), kills)
        }
    }

    /// Lets a run meet a full disk, frees some, resumes, and compares with a run in peace.
    /// ``folder`` must lie on a small file system of its own: `mount -t tmpfs -o size=64m tmpfs DIR`.
    public func fullDisk(trials: Int = 2000) throws -> Report {
        try report("full disk, \(trials) trials") { folder in
            let ballast = folder.appending(path: "ballast")
            try Data().write(to: ballast)
            let handle = try FileHandle(forWritingTo: ballast)
            let room = trials * 500
            while try Self.freeBytes(folder) > room {
                try handle.write(contentsOf: Data(count: min(room / 4, 1 << 16)))
            }
            try handle.close()
            let worker = TortureWorker(
                database: folder.appending(path: "full.sqlite").path, trials: trials, workers: 2)
            var faults: [String] = []
            do {
                _ = try worker.run()
                faults.append("the disk was not full")
            } catch StoreError.diskFull {
                try FileManager.default.removeItem(at: ballast)
            }
            if try worker.run().summary.trialsFinished != trials {
                faults.append("trials are missing after the resumption")
            }
            let inMemory = try ResultsStore()
            let sweep = TrivialSweep.registration(trials: trials)
            try inMemory.register(sweep)
            try SweepRun(
                stages: sweep.stages, trials: sweep.trials, store: inMemory,
                executor: TrivialExecutor()
            ).run()
            if try Self.state(inMemory) != Self.state(worker.database) {
                faults.append("the resumed run left other results")
            }
            return (faults + (try Self.doubles(worker)), 0)
        }
    }

    private static func freeBytes(_ folder: URL) throws -> Int {
        let attributes = try FileManager.default.attributesOfFileSystem(forPath: folder.path)
        return (attributes[.systemFreeSize] as? NSNumber)?.intValue ?? 0
    }

    // MARK: Parts

    private func start(_ worker: TortureWorker) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: command[0])
        process.arguments = command.dropFirst() + worker.arguments
        try process.run()
        return process
    }

    /// The dump and the flat table, as text.
    static func state(_ database: String) throws -> String {
        try state(ResultsStore(readingFrom: database))
    }

    static func state(_ store: ResultsStore) throws -> String {
        var text = ""
        try store.dump(to: &text)
        for sweep in try store.sweepNames() {
            let results = try store.flatResults(of: sweep)
            text += results.columns.joined(separator: ",") + "\n"
            for row in results.rows { text += row.map { $0 ?? "" }.joined(separator: ",") + "\n" }
        }
        return text
    }

    /// Stages that were recorded as finished more than once, or are still claimed.
    static func doubles(_ worker: TortureWorker) throws -> [String] {
        let store = try ResultsStore(path: worker.database)
        let counts = try store.finishedAttempts()
        var faults: [String] = []
        if let most = counts.values.max(), most > 1 {
            faults.append("a stage was recorded \(most) times")
        }
        if try !store.runningStages().isEmpty { faults.append("claims are left") }
        return faults
    }

    private func report(
        _ title: String, _ body: (URL) throws -> (faults: [String], kills: Int)
    ) throws -> Report {
        let place = folder.appending(path: "ablate-torture-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: place) }
        let start = ContinuousClock.now
        let (faults, kills) = try body(place)
        return Report(
            title: title, faults: faults, kills: kills,
            seconds: (ContinuousClock.now - start).seconds)
    }
}
