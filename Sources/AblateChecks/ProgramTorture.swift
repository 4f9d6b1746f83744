import Foundation
import ResultsStore

/// Kills runs of a thousand small programs at any moment, resumes them, and looks for what is lost,
/// twice or left running.
struct ProgramTorture {
    /// The program that runs the sweep.
    let program: String
    let folder: URL
    let trials: Int

    struct Report {
        var kills = 0
        var faults: [String] = []
    }

    /// Each leaves its seed as its figure, and every tenth a process outside of its session.
    private static let script = """
        [ $((ABLATE_SEED % 10)) = 0 ] && setsid sleep 600 &
        echo "{\\"points\\": $ABLATE_SEED}" > "$ABLATE_OUTPUT/figures.json"

        """

    private var sweep: String {
        """
        name: torture
        study: command
        command: [sh, train.sh]
        settings: {size: {kind: integer, default: 1}}
        figures: {points: {better: higher}}
        inputs: [train.sh]
        parameters: {size: [1]}
        seeds: \(trials)

        """
    }

    func run() throws -> Report {
        let base = folder.appending(path: "ablate-torture-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: base, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: base) }
        try Data(sweep.utf8).write(to: base.appending(path: "torture.yaml"))
        try Data(Self.script.utf8).write(to: base.appending(path: "train.sh"))
        var report = Report()
        var state: UInt32 = 1
        while true {
            let process = try start(base)
            // Numerical Recipes' generator: the same moments on every run, 0.1 to 0.6 s after the start.
            state = state &* 1_664_525 &+ 1_013_904_223
            let limit = ContinuousClock.now + .seconds(0.1 + Double(state >> 16) / 65_536 * 0.5)
            let mayKill = report.kills < 100
            while process.isRunning, !mayKill || ContinuousClock.now < limit { usleep(2000) }
            guard process.isRunning else {
                if process.terminationStatus != 0 {
                    report.faults.append("a run ended with \(process.terminationStatus)")
                }
                break
            }
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            report.kills += 1
            let left = waitForNone(of: base)
            if left > 0 { report.faults.append("\(left) processes outlive kill \(report.kills)") }
        }
        report.faults += try faults(base)
        return report
    }

    private func start(_ base: URL) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = [
            "run", base.appending(path: "torture.yaml").path, "--results",
            base.appending(path: "results").path, "-j", "2", "--quiet",
        ]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    private func faults(_ base: URL) throws -> [String] {
        var faults: [String] = []
        let left = waitForNone(of: base)
        if left > 0 { faults.append("\(left) processes outlive the last run") }
        let results = base.appending(path: "results")
        let store = try ResultsStore(path: results.appending(path: "ablate.sqlite").path)
        let finished = try store.trials(of: "torture").filter { $0.status == .finished }
        if finished.count != trials { faults.append("\(finished.count) of \(trials) are finished") }
        let wrong = finished.count { $0.metrics["points"] != Double($0.seed) }
        if wrong > 0 { faults.append("\(wrong) trials have the figure of another") }
        if let most = try store.finishedAttempts().values.max(), most > 1 {
            faults.append("a stage was recorded \(most) times")
        }
        if try !store.runningStages().isEmpty { faults.append("claims are left") }
        let outputs = try FileManager.default.contentsOfDirectory(
            atPath: results.appending(path: "cache/programs").path)
        if !outputs.isEmpty { faults.append("\(outputs.count) unfinished outputs are left") }
        return faults
    }

    /// How many processes of this torture there still are, after five seconds at most.
    private func waitForNone(of base: URL) -> Int {
        let limit = ContinuousClock.now + .seconds(5)
        while true {
            let count = processes(of: base)
            if count == 0 || ContinuousClock.now > limit { return count }
            usleep(5000)
        }
    }

    private func processes(of base: URL) -> Int {
        let mark = Data("ABLATE_OUTPUT=\(base.path)/".utf8)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.filter { Int($0) != nil }.count { name in
            let environment = FileManager.default.contents(atPath: "/proc/\(name)/environ")
            return environment?.range(of: mark) != nil
        }
    }
}
