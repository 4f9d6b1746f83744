import Digests
public import Foundation
import Orchestration
import ResultsStore
public import Studies

/// What a study owes to whoever runs it, tried on the stages of a small sweep: for the tests of studies,
/// whatever the test framework.
///
/// Shared stages, resumption and equal tables for any number of workers rest on a few promises of the
/// executor (see `StageExecutor`). Here each of them is put to the test, on real stages, with files
/// that go missing and stages that are stopped.
public struct StudyConformance {
    private let session: SweepSession
    private let folder: URL

    /// - Parameters:
    ///   - session: a sweep of a few short stages of every kind.
    ///   - folder: for the files of the trials; what is made in it stays.
    public init(_ session: SweepSession, in folder: URL) {
        self.session = session
        self.folder = folder
    }

    /// What was promised and does not hold, a sentence each; empty where all does.
    ///
    /// Throws: what the file system throws. What stages throw is a violation.
    public func violations() throws -> [String] {
        let reference = Attempt(session, try layout("reference"))
        var found = reference.runInOrder()
        // What else there is to say would follow from that.
        guard found.isEmpty else { return found }
        found += faultyMetrics(reference)
        found += faultyFiles(reference)
        found += reference.undeclaredFiles.map {
            "\($0) is left in the results folder, but no stage declares a file of its own there"
        }
        let looks = reference.looks
        found += session.stages.stages.filter { looks[$0.id] == 0 }.map {
            "\($0.title) never asks whether it is cancelled"
        }
        found += try differences(
            from: reference, when: "is run again, after others, by another worker", "again"
        ) { $0.runInOrder(reversed: true, worker: 1) }
        found += try differences(from: reference, when: "runs beside others", "beside") {
            $0.runAtOnce()
        }
        found += try differences(from: reference, when: "is stopped and run again", "stopped") {
            $0.runInOrder { _ in [0] }
        }
        found += try differences(
            from: reference, when: "is stopped in the middle and run again", "broken-off"
        ) {
            // In the middle, and so late that all but the end is done.
            $0.runInOrder { stage in
                let count = looks[stage.id] ?? 0
                return [count / 2, count - 1].filter { $0 > 0 }
            }
        }
        found += missingFiles(reference)
        return found
    }

    private func layout(_ name: String) throws -> ResultsLayout {
        let layout = ResultsLayout(root: folder.appending(path: name).path)
        try layout.createFolders()
        return layout
    }

    // MARK: Promises

    /// An evaluation leaves every figure that tables show, and all metrics are finite numbers.
    private func faultyMetrics(_ reference: Attempt) -> [String] {
        let shown = session.study.figures.filter { $0.display == .tables }.map(\.name)
        return session.stages.stages.flatMap { stage -> [String] in
            let keys = session.study.evaluations.filter { $0.stage == stage.kind }
                .flatMap { evaluation in shown.map { evaluation.key($0) } }
            let metrics = reference.results[stage.id]?.metrics ?? [:]
            let missing = keys.filter { metrics[$0] == nil }.map {
                "\(stage.title) leaves no \($0), which tables show"
            }
            let infinite = metrics.sorted { $0.key < $1.key }.filter { !$0.value.isFinite }.map {
                "\(stage.title) leaves \($0.key) \($0.value)"
            }
            return missing + infinite
        }
    }

    /// The file that a stage leaves is there after it, not before, and only where it is declared.
    private func faultyFiles(_ reference: Attempt) -> [String] {
        session.stages.stages.compactMap { stage in
            let isThere = reference.fileBefore[stage.id] ?? false
            if stage.producesArtifact, isThere {
                return "the file of \(stage.title) is said to be there before the stage has run"
            }
            if stage.producesArtifact, !reference.executor.hasArtifact(stage) {
                return "the file of \(stage.title) is said to be missing after the stage has run"
            }
            return nil
        }
    }

    /// Results depend on nothing but the stage.
    private func differences(
        from reference: Attempt, when circumstance: String, _ name: String,
        _ run: (Attempt) -> [String]
    ) throws -> [String] {
        let attempt = Attempt(session, try layout(name))
        let faults = run(attempt)
        guard faults.isEmpty else { return faults.map { "\($0), when it \(circumstance)" } }
        return session.stages.stages.compactMap { stage in
            attempt.results[stage.id] == reference.results[stage.id]
                ? nil : "\(stage.title) has other results when it \(circumstance)"
        }
    }

    /// A stage whose dependency's file is gone or cut off says so by `MissingArtifacts`; the file made
    /// again, its results are the same.
    private func missingFiles(_ reference: Attempt) -> [String] {
        session.stages.stages.filter(\.producesArtifact).flatMap { stage -> [String] in
            guard let file = reference.file(of: stage) else {
                return ["the file of \(stage.title) is not in the cache under the stage's digest"]
            }
            return ["gone", "cut off"].flatMap { fate in
                reference.spoil(file, isRemoved: fate == "gone")
                    ? missingFile(of: stage, fate, reference) : []
            }
        }
    }

    private func missingFile(of stage: Stage, _ fate: String, _ reference: Attempt) -> [String] {
        var found: [String] = []
        if fate == "gone", reference.executor.hasArtifact(stage) {
            found.append("the file of \(stage.title) is said to be there when it is gone")
        }
        let dependents = session.stages.stages.filter { $0.dependencies.contains(stage.id) }
        // A stage that does not look into a file may live without it.
        for dependent in dependents {
            switch reference.executeAnew(dependent) {
            case .success(let result) where result == reference.results[dependent.id]: continue
            case .success:
                found.append(
                    "\(dependent.title) has other results with the file of \(stage.title) \(fate)")
            case .failure(let missing as MissingArtifacts) where missing.stages.contains(stage.id):
                continue
            case .failure(let error):
                found.append(
                    "\(dependent.title) does not say by MissingArtifacts that the file of "
                        + "\(stage.title) is \(fate), but fails: \(error)")
            }
        }
        for again in [stage] + dependents {
            switch reference.executeAnew(again) {
            case .success(let result) where result == reference.results[again.id]: continue
            case .success:
                found.append(
                    "\(again.title) has other results once the file of \(stage.title) was \(fate)")
            case .failure(let error):
                found.append(
                    "\(again.title) fails once the file of \(stage.title) was \(fate): \(error)")
            }
        }
        return found
    }
}
