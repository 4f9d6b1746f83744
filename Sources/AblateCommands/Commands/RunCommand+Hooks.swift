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
        let postponed = try? study.store.store.postponements(of: study.name)
        hooks.call(
            RunHooks.Summary(
                sweep: study.registration.name, outcome: outcome, trials: counts?.total ?? 0,
                finished: counts?[.finished] ?? 0,
                failed: (counts?[.failed] ?? 0) + (counts?[.blocked] ?? 0),
                postponed: postponed?.reduce(0) { $0 + $1.trials } ?? 0,
                left: (counts?[.pending] ?? 0) + (counts?[.running] ?? 0),
                seconds: (ContinuousClock.now - start) / .seconds(1),
                results: study.layout.root.path, error: fault.map { "\($0)" }),
            printingToStandardError: log == .json)
    }
}
