import Foundation
import Platform
import ResultsStore
import Studies

/// `ablate run`: what is called at its end.
extension RunCommand {
    /// Calls what is asked for where the work breaks off.
    func callingHooks<Result>(
        _ study: StudyRun, since start: ContinuousClock.Instant, _ work: () throws -> Result
    ) throws -> Result {
        do {
            return try work()
        } catch let status as ExitStatus {
            callHooks(study, since: start, status: status)
            throw status
        } catch {
            callHooks(study, since: start, fault: error)
            throw error
        }
    }

    /// Nothing is called where the user stopped the run.
    func callHooks(
        _ study: StudyRun, since start: ContinuousClock.Instant, status: ExitStatus = .usage,
        fault: (any Error)? = nil
    ) {
        guard hooks.onFinish != nil || hooks.onFailure != nil else { return }
        let outcomes: [ExitStatus: String] = [
            .success: "finished", .trialsFailed: "failed", .undecided: "undecided", .usage: "error",
        ]
        guard let outcome = outcomes[status] else { return }
        let counts = try? study.store.store.statusCounts(of: study.name)
        let failed = (counts?[.failed] ?? 0) + (counts?[.blocked] ?? 0)
        let postponed = (try? study.store.store.postponements(of: study.name)) ?? []
        // Rows have chosen among the points that did not fail.
        let hasLostPoints = status == .trialsFailed && failed == 0 && postponed.isEmpty
        let lostPoints =
            "points of \(SweepSession.nameOfTuning(study.registration.name)) failed, and rows chose among the others"
        hooks.call(
            RunHooks.Summary(
                sweep: study.registration.name, outcome: outcome, trials: counts?.total ?? 0,
                finished: counts?[.finished] ?? 0,
                failed: failed, postponed: postponed.reduce(0) { $0 + $1.trials },
                left: (counts?[.pending] ?? 0) + (counts?[.running] ?? 0),
                seconds: (ContinuousClock.now - start) / .seconds(1),
                results: study.layout.root.path,
                error: fault.map { "\($0)" } ?? (hasLostPoints ? lostPoints : nil)),
            printingToStandardError: log == .json)
    }
}
