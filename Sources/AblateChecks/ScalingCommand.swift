import AblateCommands
import ArgumentParser
import Foundation

/// `ablate-checks scaling`: what `make performance` runs.
struct ScalingCommand: ParsableCommand, WorkingCommand {
    static let configuration = CommandConfiguration(
        commandName: "scaling",
        abstract: "Measure time against sizes, threads and workers, for docs/performance.md.",
        discussion: """
            Prints Markdown; with --into the part of that file between its two marks is replaced. \
            Measures a quiet machine for about three minutes. With --threads that part alone is printed.
            """, shouldDisplay: false)

    @Flag(help: "Threads and workers alone.")
    var threads = false

    @Option(help: "A file with the lines \(MeasuredPart.begin) and \(MeasuredPart.end).")
    var into: String?

    func validate() throws {
        guard threads, into != nil else { return }
        throw ValidationError(
            "--threads is printed, and not written --into a file: leave out one of them")
    }

    func run() throws {
        if threads { return Console.write(try ScalingReport.threads()) }
        // Told before the measurement, not after.
        let document = try into.map {
            try MeasuredPart(of: String(contentsOfFile: $0, encoding: .utf8))
        }
        let report = try ScalingReport(build: BuildName.version) {
            Console.error("measuring \($0)")
        }
        guard let document, let into else { return Console.write(report.text) }
        let text = document.before + "\n\n" + report.text + document.after
        try Data(text.utf8).write(to: URL(fileURLWithPath: into), options: .atomic)
    }
}
