import AblateCommands
import ArgumentParser
import Foundation
import Reports

/// `ablate-checks fuzz`: for `make check-memory`.
struct FuzzCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fuzz",
        abstract: "Feed every reader of files with changed files, and see what becomes of them.",
        discussion: "An input is named by reader, seed and number, and is the same everywhere.",
        shouldDisplay: false)

    @Option(help: "Inputs in all.")
    var inputs = 120_000

    @Option(help: "Seed of the changes.")
    var seed: UInt64 = 0

    @Option(help: "One reader alone.")
    var reader: String?

    @Option(help: "The number of the first input.")
    var first = 0

    @Option(help: "An input that takes longer counts as endless; in seconds.")
    var patience = 30.0

    @Option(help: "Where inputs are made; they are removed afterwards.")
    var folder = NSTemporaryDirectory()

    @Option(help: "Write the input of --reader and --first to this file, and read nothing.")
    var save: String?

    func validate() throws {
        if let reader, FuzzedReader.named(reader) == nil {
            let names = FuzzedReader.all.map(\.name).joined(separator: ", ")
            throw ValidationError("there is no reader '\(reader)'; choose one of \(names)")
        }
        guard (1...100_000_000).contains(inputs), (0...1_000_000_000).contains(first) else {
            throw ValidationError("--inputs from 1 to 100000000, --first from 0")
        }
    }

    func run() throws {
        let base = URL(fileURLWithPath: folder)
            .appending(path: "ablate-fuzz-\(ProcessInfo.processInfo.processIdentifier)")
        try FileManager.default.createDirectory(at: base, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: base) }
        if let save { return try write(to: URL(fileURLWithPath: save), base) }
        let readers = FuzzedReader.all.filter { reader == nil || $0.name == reader }
        let shares = readers.reduce(0) { $0 + $1.share }
        let fuzz = FuzzRun(
            program: CommandLine.arguments[0], seed: seed, folder: base, patience: patience)
        var (total, faults) = (0, 0)
        for reader in readers {
            let start = ContinuousClock.now
            let count = Int((Double(inputs) * reader.share / shares).rounded(.up))
            let report = try fuzz.run(reader, first..<first + count)
            let done = report.read + report.refused
            total += done
            faults += report.faults.count
            Console.write(
                "\(report.faults.isEmpty ? "passed" : "FAILED"): \(reader.name): \(done) inputs, "
                    + "\(report.read) read, \(report.refused) refused, "
                    + "\(QuantityText.duration((ContinuousClock.now - start) / .seconds(1)))\n")
            for (index, fault) in report.faults.sorted(by: { $0.key < $1.key }) {
                Console.write(
                    "  \(fault): ablate-checks fuzz --reader \(reader.name) --seed \(seed) "
                        + "--first \(index) --inputs 1\n")
            }
        }
        Console.write("\(total) inputs, \(faults) faults\n")
        if faults > 0 { throw ExitCode(1) }
    }

    private func write(to file: URL, _ base: URL) throws {
        guard let reader = reader.flatMap(FuzzedReader.named) else {
            throw ValidationError("--save needs --reader")
        }
        let seeds = try reader.seeds(base)
        try Data(FuzzWorker.input(first, of: reader, seed: seed, seeds: seeds)).write(to: file)
    }
}
