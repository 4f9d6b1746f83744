import CommandStudy
import Foundation
import Orchestration
import Reports
import ResultsStore
import Studies
import Sweeps
import TestSupport

/// A sweep of small shell programs in a folder of its own.
final class ProgramSweep {
    /// A sweep of one setting and two figures, for what may go wrong.
    static let faults = """
        name: faults
        study: command
        command: [sh, train.sh]
        settings: {size: {kind: integer, default: 1}}
        figures: {points: {better: higher}, loss: {better: lower}}
        inputs: [train.sh]
        resources: {grace: 1s}
        parameters: {size: [1]}
        """

    let folder: TemporaryFolder
    let catalogue = StudyCatalogue([ProgramStudy()])

    init(_ files: [String: String] = [:]) throws {
        folder = try TemporaryFolder()
        for (name, text) in files { try write(name, text) }
    }

    /// A fault without the place in the sweep file before it.
    static func message(_ error: any Error) -> String {
        "\(error)".replacing(#/^[^ ]*sweep\.yaml:\d+:\d+: /#, with: "")
    }

    func write(_ name: String, _ text: String) throws { try folder.write(text, to: name) }

    func read(_ name: String) throws -> String {
        try String(contentsOf: folder.url.appending(path: name), encoding: .utf8)
    }

    var layout: ResultsLayout { ResultsLayout(root: folder.url.appending(path: "results").path) }

    func session(
        _ text: String, _ overrides: [String] = [], gpus: [String]? = nil,
        notice: @escaping @Sendable (String) -> Void = { _ in }
    ) throws -> SweepSession {
        try write("sweep.yaml", text)
        return try SweepSession(
            path: folder.url.appending(path: "sweep.yaml").path, overrides: overrides,
            catalogue: catalogue, gpus: gpus, results: layout.root, notice: notice)
    }

    struct Outcome {
        var summary: RunSummary
        var table: Table
        var store: ResultsStore
        /// Why trials failed, each once.
        var reasons: [String]
    }

    /// Runs it; `whileRunning` is called on another thread with the run.
    func run(
        _ text: String, _ overrides: [String] = [], workers: Int = 2, gpus: [String]? = nil,
        retries: Int = 0, selection: RunSelection = .needed,
        whileRunning: (@Sendable (SweepRun) -> Void)? = nil
    ) throws -> Outcome {
        let session = try session(text, overrides, gpus: gpus)
        try layout.createFolders()
        let store = try ResultsStore(path: layout.database.path)
        let study = try StudyRun(
            session, layout: layout, store: StudyStore(store, catalogue))
        let limits = StudyRun.Limits(
            workers: workers, memory: 1 << 30, build: "test", selection: selection,
            retries: retries)
        let choice = try study.choose(limits, study.forecast(limits, calibrates: false))
        let run = try study.prepared(choice, limits, observer: Silence())
        let watcher = whileRunning.map { watch in Thread { watch(run) } }
        watcher?.start()
        let summary = try run.run()
        let trials = try store.trials(of: study.name)
        return Outcome(
            summary: summary, table: try study.writeTables().tables[0].1, store: store,
            reasons: Array(Set(trials.compactMap(\.reason))).sorted())
    }

    private struct Silence: RunObserver {
        func event(_ event: RunEvent) {}
    }
}
