import AblateCommands
import ArgumentParser
import Foundation

/// `ablate-checks fuzz-worker`: a process that may end at any input.
struct FuzzWorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fuzz-worker", abstract: "Read changed files.", shouldDisplay: false)

    @Argument(help: "READER SEED FIRST END FOLDER")
    var arguments: [String]

    func run() throws {
        guard arguments.count == 5, let reader = FuzzedReader.named(arguments[0]),
            let seed = UInt64(arguments[1]), let first = Int(arguments[2]),
            let end = Int(arguments[3]), first <= end
        else { throw ValidationError("READER SEED FIRST END FOLDER") }
        let folder = URL(fileURLWithPath: arguments[4])
        let outcome = try FuzzWorker(reader: reader, seed: seed, folder: folder).run(first..<end)
        try JSONEncoder().encode(outcome).write(to: folder.appending(path: "outcome"))
    }
}
