import ArgumentParser
import Foundation
import Orchestration
import Platform
import Studies

/// Commands that a run calls when it is over: for mail, chat or a bell.
package struct RunHooks: ParsableArguments {
    package init() {}

    @Option(
        name: .long,
        help: ArgumentHelp(
            "A shell command for the end of the run, unless you stopped it; it reads a summary as JSON, and "
                + "has it in variables (ABLATE_SWEEP, ABLATE_OUTCOME, ...).", valueName: "command"))
    var onFinish: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The same where trials failed or were put off, or the run broke off.",
            valueName: "command"))
    var onFailure: String?

    /// What a command is told. Counts are of trials.
    package struct Summary: Encodable, Sendable {
        package var sweep: String
        /// `finished`, `failed`, `undecided` or `error`.
        package var outcome: String
        package var trials: Int
        package var finished: Int
        package var failed: Int
        package var postponed: Int
        /// Neither finished nor failed: a limit ended the run before.
        package var left: Int
        /// Units: seconds.
        package var seconds: Double
        package var results: String
        /// What broke the run off, or went wrong beside its trials.
        package var error: String?

        package init(
            sweep: String, outcome: String, trials: Int = 0, finished: Int = 0, failed: Int = 0,
            postponed: Int = 0, left: Int = 0, seconds: Double = 0, results: String,
            error: String? = nil
        ) {
            self.sweep = sweep
            self.outcome = outcome
            self.trials = trials
            self.finished = finished
            self.failed = failed
            self.postponed = postponed
            self.left = left
            self.seconds = seconds
            self.results = results
            self.error = error
        }

        var variables: [String: String] {
            [
                "ABLATE_SWEEP": sweep, "ABLATE_OUTCOME": outcome, "ABLATE_TRIALS": "\(trials)",
                "ABLATE_FINISHED": "\(finished)", "ABLATE_FAILED": "\(failed)",
                "ABLATE_POSTPONED": "\(postponed)", "ABLATE_LEFT": "\(left)",
                "ABLATE_SECONDS": "\(Int(seconds.rounded()))", "ABLATE_RESULTS": results,
            ]
        }
    }

    /// Calls what is asked for, the command for failures first. A command that fails is told and changes
    /// nothing else.
    ///
    /// - Parameter printingToStandardError: standard output is for what programs read.
    func call(_ summary: Summary, printingToStandardError: Bool) {
        let isFailure = summary.outcome == "failed" || summary.outcome == "error"
        let redirection = printingToStandardError ? "exec 1>&2\n" : ""
        if let onFailure, isFailure { call("--on-failure", onFailure, redirection, summary) }
        if let onFinish { call("--on-finish", onFinish, redirection, summary) }
    }

    private func call(
        _ option: String, _ command: String, _ redirection: String, _ summary: Summary
    ) {
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            let text = String(decoding: try encoder.encode(summary), as: UTF8.self)
            let outcome = try ChildProcess.run(
                URL(fileURLWithPath: "/bin/sh"), ["-c", redirection + command],
                in: URL(fileURLWithPath: FileManager.default.currentDirectoryPath),
                environment: ProcessInfo.processInfo.environment
                    .merging(summary.variables) { $1 },
                input: text + "\n", showsOutput: true)
            if outcome.code != 0 {
                Console.error("\(option): '\(command)' ended with \(outcome.code)")
            }
        } catch {
            Console.error("\(option): '\(command)' could not be run: \(error)")
        }
    }
}
