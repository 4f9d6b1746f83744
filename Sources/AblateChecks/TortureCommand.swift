import AblateCommands
import ArgumentParser
import Foundation
import Orchestration
import Reports

/// `ablate-checks torture`: for `make torture`.
struct TortureCommand: ParsableCommand, WorkingCommand {
    static let configuration = CommandConfiguration(
        commandName: "torture",
        abstract: "Kill runs at every moment, fill the disk, and check what is left.",
        shouldDisplay: false)

    @Option(help: "Where databases are made; they are removed afterwards.")
    var folder = NSTemporaryDirectory()

    @Option(help: "A small file system of its own, to be filled; left out without it.")
    var smallDisk: String?

    @Option(help: "Runs that end while a calibration computes, beside a busy core and without.")
    var shortRuns = 20

    func validate() throws {
        try OptionRange.check("--short-runs", shortRuns, 0...100_000)
    }

    func run() throws {
        let torture = Torture(
            command: [CommandLine.arguments[0], "torture-worker"],
            folder: URL(fileURLWithPath: folder))
        var faults = 0
        func show(_ report: Torture.Report) {
            faults += report.faults.count
            let outcome = report.faults.isEmpty ? "passed" : "FAILED"
            Console.write(
                "\(outcome): \(report.title): \(report.kills) kills, "
                    + "\(QuantityText.duration(report.seconds))\n")
            for fault in report.faults { Console.write("  \(fault)\n") }
        }
        for workers in [1, 4] {
            for isLayered in [false, true] {
                show(
                    try torture.killAtEveryBoundary(
                        trials: 12, workers: workers, isLayered: isLayered))
            }
        }
        for workers in [1, 4] {
            let start = ContinuousClock.now
            let report = try RealTorture(
                program: Checks.program, folder: URL(fileURLWithPath: folder),
                workers: workers
            ).run()
            show(
                Torture.Report(
                    title: "SIGKILL at every boundary of a real sweep, \(workers) workers",
                    faults: report.faults, kills: report.kills,
                    seconds: (ContinuousClock.now - start) / .seconds(1)))
        }
        for isDisturbed in [false, true] where shortRuns > 0 {
            let report = try ShortRuns(
                program: Checks.program, folder: URL(fileURLWithPath: folder),
                count: shortRuns
            ).run(isDisturbed: isDisturbed)
            show(
                Torture.Report(
                    title: "\(shortRuns) short runs" + (isDisturbed ? " beside a busy core" : ""),
                    faults: report.faults, kills: 0,
                    seconds: report.secondsEach * Double(shortRuns)))
        }
        let start = ContinuousClock.now
        let programs = try ProgramTorture(
            program: Checks.program, folder: URL(fileURLWithPath: folder), trials: 1000
        ).run()
        show(
            Torture.Report(
                title: "1,000 programs, 2 workers, a SIGKILL every third of a second",
                faults: programs.faults, kills: programs.kills,
                seconds: (ContinuousClock.now - start) / .seconds(1)))
        show(try torture.manyProcesses(16, trials: 16_000))
        if let smallDisk {
            let onSmallDisk = Torture(
                command: torture.command, folder: URL(fileURLWithPath: smallDisk))
            show(try onSmallDisk.fullDisk())
        }
        if faults > 0 { throw ExitCode(1) }
    }
}
