import AblateCommands
import ArgumentParser
import Foundation
import MCSimCLRStudy
import SoundData

/// `ablate data recordings`
struct RecordingsCommand: ParsableCommand, WorkingCommand {
    static let configuration = CommandConfiguration(
        commandName: "recordings",
        abstract: "Build a labelled folder of real recordings from sampled instruments.",
        discussion: """
            Takes the sounds from Debian's packages of sampled instruments, drums, keyboards and \
            speech (\(InstrumentLibrary.packages.map(\.name).joined(separator: ", "))).

            With --unlabelled it adds clips for pretraining alone, from recordings of games and \
            educational programs (\(UnlabelledPool.packages.map(\.name).joined(separator: ", "))). \
            manifest-unlabelled.csv lists both kinds; manifest.csv and what it lists stay as they \
            are. No clip without a label is in a split that judges, nor is a near-copy of any \
            other clip.

            EXAMPLE
              ablate data recordings results/instruments
              ablate data recordings results/instruments --unlabelled
            """)

    @Argument(
        help:
            "The folder to make, empty or absent; with --unlabelled it may have a manifest.csv already."
    )
    var folder: String

    @Option(help: "The most clips of one class.")
    var clipsPerClass = 120

    @Flag(help: "Add clips without labels, for pretraining alone.")
    var unlabelled = false

    @Option(
        help:
            "The most clips without labels of one package. (default: \(UnlabelledPool().clipsPerPackage))"
    )
    var clipsPerPackage: Int?

    func validate() throws {
        try OptionRange.check("--clips-per-class", clipsPerClass, 1...1_000_000)
        try OptionRange.check("--clips-per-package", clipsPerPackage, 1...1_000_000)
        if clipsPerPackage != nil, !unlabelled {
            throw ValidationError(
                "--clips-per-package is of clips without labels: add --unlabelled, or leave it out")
        }
    }

    func run() throws {
        let folder = URL(fileURLWithPath: folder)
        let manifest = folder.appending(path: "manifest.csv")
        guard unlabelled else {
            try buildLabelled(at: folder)
            Console.write("manifest: \(manifest.relativePath)\n")
            return
        }
        var pool = UnlabelledPool()
        pool.clipsPerPackage = clipsPerPackage ?? pool.clipsPerPackage
        if !FileManager.default.fileExists(atPath: manifest.path) {
            // All that is missing at once, before the first half is built.
            let missing =
                InstrumentLibrary().missingPackages.map(\.name) + pool.missingPackages.map(\.name)
            guard missing.isEmpty else { throw SoundDataError.packagesMissing(missing) }
            try buildLabelled(at: folder)
        }
        let look = LookNotice.look { Console.error($0) }
        try pool.build(in: folder, look: look) { Console.write($0.sentence + "\n") }
        let both = UnlabelledPool.manifest(in: folder)
        let set = try SoundDataSet.load(
            DataSettings(source: "manifest", path: both.path), look: look)
        Console.write(DataSetText(summary: DataSummary(set)).text)
        Console.write("manifest: \(both.relativePath)\n")
    }

    private func buildLabelled(at folder: URL) throws {
        let summary = try InstrumentLibrary(clipsPerClass: clipsPerClass).build(at: folder)
        Console.write(DataSetText(summary: summary).text)
    }
}
