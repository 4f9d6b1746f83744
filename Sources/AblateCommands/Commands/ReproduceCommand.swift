import ArgumentParser
import Bridges
import Foundation
import Orchestration
import Platform
import Reports
import ResultsStore
import Studies

/// `ablate reproduce`
struct ReproduceCommand: ParsableCommand, WorkingCommand {
    static let configuration = CommandConfiguration(
        commandName: "reproduce",
        abstract: "Run a bundle's trials again, and compare every figure.",
        discussion: """
            The bundle is unpacked and checked, the data are known by their digest, and the trials run into \
            FOLDER/results. A figure is equal to the last bit, within the noise of seeds (the 95 % interval in \
            which one more seed of the row was to be expected; three seeds at least), or different: exit code \
            3. A bundle of programs runs what its author has written: --run-programs allows it.

            EXAMPLE
              \(ProgramName.current) reproduce quickstart.tar.zst -o again
              \(ProgramName.current) reproduce quickstart.tar.zst -o again --row all --row none
              \(ProgramName.current) reproduce birds.tar.zst -o again --data /data/birds.csv
            """)

    @Argument(help: "The bundle.", completion: .file(extensions: ["zst"]))
    var bundle: String

    @Option(name: .shortAndLong, help: "The folder for the bundle's files and the new results.")
    var output: String

    @Option(name: .long, help: "Run a row alone, by its label; may be repeated.")
    var row: [String] = []

    @Option(
        name: .long, help: "Where the data are (default: where the sweep file says).",
        completion: .file())
    var data: String?

    @Flag(name: .long, help: "Allow the programs that the bundle's sweep file names.")
    var runPrograms = false

    @Option(
        name: [.customShort("j"), .long],
        help: "Stages that run at once (default: the cores, fewer if memory is short).")
    var workers: Int?

    func validate() throws { try OptionRange.check("-j", workers, 1...1024) }

    func run() throws {
        let folder = URL(fileURLWithPath: output)
        let bundle = try BundleFolder(unpacking: URL(fileURLWithPath: bundle), to: folder)
        Console.write("\(output): \(bundle.manifest.sweep), unpacked and checked\n")
        let layout = ResultsLayout(root: folder.appending(path: "results").path)
        let rows: Set<String>?
        let session: SweepSession
        do {
            rows = try bundle.rows(row)
            session = try bundle.session(
                data: data, runsPrograms: runPrograms, catalogue: Ablate.catalogue,
                results: layout.root
            ) { Console.error($0) }
        } catch {
            // The same command with another option finds the place free.
            try? FileManager.default.removeItem(at: folder)
            throw error
        }
        let report = try compute(session, bundle.manifest, rows, layout)
        Console.write(
            steering: TableFormat.terminal.text(
                of: ReproductionTable.make(report, bundle.manifest), width: Console.width,
                usesColour: Console.usesColour))
        if !report.holds { throw ExitStatus.mismatch }
    }

    private func compute(
        _ session: SweepSession, _ manifest: BundleManifest, _ rows: Set<String>?,
        _ layout: ResultsLayout
    ) throws -> ReproductionReport {
        try layout.createFolders()
        let store = StudyStore(
            try ResultsStore(path: layout.database.path), Ablate.catalogue)
        let study = try StudyRun(session, layout: layout, store: store, isForeign: true)
        let registration = study.registration
        let memory = MachineMemory.available
        let limits = StudyRun.Limits(
            workers: workers
                ?? StudyRun.workers(
                    for: registration, session,
                    cores: Processors.available, memory: memory),
            threads: workers ?? Processors.available, memory: memory,
            build: BuildName.current(session.study))
        try limits.checkRoom(for: registration)
        let finished = Set(
            manifest.trials.filter { trial in
                trial.status == "finished" && rows?.contains(trial.label) ?? true
            }.map(TrialName.init))
        let labels = Dictionary(
            registration.rows.map { ($0.index, $0.label) }, uniquingKeysWith: { first, _ in first })
        let trials = registration.trials.filter {
            finished.contains(TrialName(label: labels[$0.row] ?? "", seed: $0.seed))
        }
        let choice = StudyRun.Choice(trials)
        let run = try study.prepared(
            choice, limits,
            observer: Console.isInteractive ? LiveDisplay() : PlainDisplay())
        try Interruption.watch { run.cancel() }
        let start = Date()
        let summary = try run.run()
        try study.record(
            summary, of: choice, started: start, limits: limits, predictedSeconds: nil,
            program: BuildName.commit, stated: manifest.repository)
        _ = try study.writeTables()
        if summary.isCancelled { throw ExitStatus(signal: Interruption.signal) }
        let found = Dictionary(
            try store.store.trials(of: study.name).filter { $0.status == .finished }.map {
                (TrialName(label: $0.label, seed: $0.seed), $0.metrics)
            }, uniquingKeysWith: { first, _ in first })
        return ReproductionReport(manifest, rows: rows) { found[TrialName($0)] }
    }
}

/// A trial of two stores: versions may name stages, and so trials, otherwise.
private struct TrialName: Hashable {
    var label: String
    var seed: Int
}

extension TrialName {
    fileprivate init(_ trial: BundleManifest.Trial) {
        self.init(label: trial.label, seed: trial.seed)
    }
}
