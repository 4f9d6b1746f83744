import Digests
import Foundation
package import Orchestration
import Platform
import Reports
import ResultsStore

/// The words of a run.
package enum RunWording {
    package static func plan(_ overview: RunOverview) -> String {
        if overview.stagesToRun + overview.stagesToRebuild == 0 {
            return
                "nothing is left to do: \(overview.trialsFinished) of \(Count.text(overview.trials, "trial")) "
                + "are done"
                + (overview.trialsFailed > 0
                    ? ", \(overview.trialsFailed) failed and are passed over: \(rerun)" : "")
        }
        var text = "\(count(overview.stagesToRun, "stage")) to run"
        if overview.stagesToRebuild > 0 { text += ", \(overview.stagesToRebuild) to rebuild" }
        if overview.stagesReused > 0 { text += ", \(overview.stagesReused) done before" }
        return text + ", on \(count(overview.workers, "worker"))"
    }

    /// nil when there was nothing to do, which has been said.
    package static func end(_ summary: RunSummary) -> String? {
        if summary.stagesRun + summary.stagesRebuilt == 0, !summary.isCancelled,
            summary.trialsFailed + summary.trialsPostponed == 0
        {
            return nil
        }
        var text =
            summary.isCancelled
            ? "stopped"
            : "finished \(summary.trialsFinished) of \(Count.text(summary.trials, "trial"))"
        text += " after \(QuantityText.duration(summary.seconds))"
        if summary.isCancelled {
            text +=
                ": \(summary.trialsFinished) of \(Count.text(summary.trials, "trial")) \(Count.word(summary.trials, "is", "are")) done; run it "
                + "again to go on"
        }
        if summary.trialsFailed > 0 { text += "; \(summary.trialsFailed) failed" }
        if summary.trialsPostponed > 0 { text += "; \(summary.trialsPostponed) put off" }
        return text + (whatToDo(summary).map { "\n\($0)" } ?? "")
    }

    private static let rerun = "'--rerun failed' tries them again"

    /// After a run that could not finish everything; nil where there is nothing to be done.
    package static func whatToDo(_ summary: RunSummary) -> String? {
        let parts = [
            summary.trialsFailed > 0
                ? "\(count(summary.trialsFailed, "trial")) failed: \(rerun)" : nil,
            summary.trialsPostponed > 0
                ? "\(count(summary.trialsPostponed, "trial")) put off: mend what "
                    + "'put off' names above, then the same command goes on" : nil,
        ].compactMap(\.self)
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }

    private static func count(_ number: Int, _ noun: String) -> String {
        Count.text(number, noun)
    }

    /// What a program printed is part of the line above it.
    static func indented(_ reason: String) -> String { reason.replacing("\n", with: "\n    ") }

    /// What deserves a line whatever the display; nil for the rest.
    package static func notice(_ event: RunEvent) -> String? {
        switch event {
        case .retrying(let stage, _, let attempt, let reason):
            "retrying \(stage.title) after attempt \(attempt): \(indented(reason))"
        case .failed(let stage, _, let reason, let fenced):
            "failed: \(stage.title): \(indented(reason))\(reason.contains("\n") ? "\n    " : "; ")"
                + "its log: \(ProgramName.current) logs \(stage.id.short)"
                + (fenced > 0 ? " (left out with it: \(count(fenced, "stage")))" : "")
        case .postponed(let stage, _, let reason, let fenced):
            "put off: \(stage.title): \(indented(reason))"
                + (fenced > 0 ? " (waiting with it: \(count(fenced, "stage")))" : "")
        case .failedElsewhere(let stage, let reason):
            "failed in another process: \(stage.title): \(indented(reason))"
        case .heldUp(let process):
            "waiting for process \(process), which is stopped: 'kill -CONT \(process)' lets it go on, "
                + "'kill -KILL \(process)' hands its work to this run"
        case .tookOver(let stages):
            "took over \(count(stages, "stage")) of a process that died"
        case .log(let stage, _, let line):
            "\(stage.title): \(line)"
        case .cancelling:
            "stopping: what runs is saved; again to stop at once"
        default: nil
        }
    }
}
