import ArgumentParser
import Digests
import Foundation
import Platform
import Reports
import ResultsStore
import Studies

/// `ablate logs`
struct LogsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs",
        abstract: "Show what became of a trial or a stage, attempt by attempt, with its logs.",
        discussion: """
            EXAMPLE
              \(ProgramName.current) status quickstart --trials
              \(ProgramName.current) logs 3f09c2
            """)

    @Argument(help: "The first digits of a trial's or a stage's digest.")
    var digest: String

    @OptionGroup var results: ResultsOptions

    func run() throws {
        let store = try ResultsStore(readingFrom: results.layout.database.path)
        let found = try store.find(digest)
        guard let first = found.first, Set(found.map(\.digest)).count == 1 else {
            throw CommandError.unknownDigest(digest, matches: Set(found.map(\.digest)).count)
        }
        switch first.kind {
        case .trial:
            Console.write("\(first.title)\n")
            for stage in try store.stages(ofTrial: first.digest) { try show(stage, store) }
        case .stage:
            try show(first.digest, store)
        }
    }

    private func show(_ digest: Digest, _ store: ResultsStore) throws {
        let stage = try store.stage(digest)
        Console.write("\n\(stage.title) (\(digest.short))\n")
        // Every run counts its own attempts from 1.
        for (index, attempt) in try store.attempts(of: digest).enumerated() {
            // When a process is killed, nobody takes the time.
            let time = attempt.seconds > 0 ? " after " + QuantityText.duration(attempt.seconds) : ""
            Console.write(
                "  \(Self.timeOfDay(attempt.started))attempt \(index + 1): "
                    + "\(attempt.outcome.rawValue)\(time)"
                    + (attempt.reason.map { ": \($0)" } ?? "") + "\n")
        }
        for line in try store.log(of: digest).split(separator: "\n") {
            Console.write("  | \(line)\n")
        }
    }

    /// When an attempt began; nothing where that is not known.
    private static func timeOfDay(_ started: Double) -> String {
        started > 0 ? RevisionWording.time(started) + "  " : ""
    }
}
