import ArgumentParser
import Digests
import Foundation
import ResultsStore
import Trials

/// `ablate logs`
struct LogsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs",
        abstract: "Show what became of a trial's stages, attempt by attempt, and their logs.",
        discussion: """
            EXAMPLE
              ablate status quickstart --trials
              ablate logs 3f09c2
            """)

    @Argument(help: "The first digits of a trial's digest.")
    var trial: String

    @OptionGroup var results: ResultsOptions

    func run() throws {
        let store = try ResultsStore(readingFrom: results.layout.database.path)
        let record = try TrialLookup.find(trial, in: store)
        Console.write("\(record.label), seed \(record.seed): \(record.status.rawValue)\n")
        for digest in try store.stages(ofTrial: record.digest) {
            let stage = try store.stage(digest)
            Console.write("\n\(stage.title) (\(digest.short))\n")
            for attempt in try store.attempts(of: digest) {
                Console.write(
                    "  attempt \(attempt.attempt): \(attempt.outcome.rawValue) after "
                        + RunWording.duration(attempt.seconds)
                        + (attempt.reason.map { ": \($0)" } ?? "") + "\n")
            }
            let log = try store.log(of: digest)
            for line in log.split(separator: "\n") { Console.write("  | \(line)\n") }
        }
    }
}
