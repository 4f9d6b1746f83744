import ArgumentParser
import Bridges
import Foundation
import Platform
import Reports
import Studies

/// `ablate bundle`
struct BundleCommand: ParsableCommand, WorkingCommand {
    static let configuration = CommandConfiguration(
        commandName: "bundle",
        abstract: "Pack a sweep as one file that a stranger can read, check and run again.",
        discussion: """
            A tar file under Zstandard: sweep file, every trial with its settings and figures, tables, report, \
            logs, what computed it, digest and licences of the data, and a README; no recording without \
            --audio. The sweep's file, in the \
            place of its name, brings the programs that it names. \
            '\(ProgramName.current) reproduce' runs it again.

            EXAMPLE
              \(ProgramName.current) bundle quickstart -o quickstart.tar.zst
              \(ProgramName.current) bundle sweeps/quickstart.yaml --encoders all -o quickstart.tar.zst
            """)

    @Argument(help: SweepName.help, completion: Completions.ofSweeps)
    var sweep: String

    @Option(name: .shortAndLong, help: "The file to write, such as sweep.tar.zst.")
    var output: String

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The label of a row whose encoder goes with it; may be repeated.", valueName: "row"),
        completion: Completions.ofRows)
    var encoders: [String] = []

    @Flag(
        name: .long,
        help:
            "Take the recordings along; whether they may be handed on is for their licences to say."
    )
    var audio = false

    @OptionGroup var results: ResultsOptions

    func run() throws {
        let outcome = try SweepBundle(
            SweepName.resolve(sweep), from: results.reading, results.layout,
            program: "ablate \(BuildName.version)", file: SweepName.isFile(sweep) ? sweep : nil,
            models: encoders, hasRecordings: audio
        ).write(to: URL(fileURLWithPath: output))
        Console.write(
            "\(output): \(outcome.files) files, \(QuantityText.bytes(outcome.size))\n")
        for remark in outcome.remarks { Console.error(remark) }
    }
}
