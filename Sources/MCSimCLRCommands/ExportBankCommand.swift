import AblateCommands
import ArgumentParser
import Digests
import Foundation
import MCSimCLRStudy
import Orchestration
import Platform
import Reports
import ResultsStore
import SoundData
import Studies
import Sweeps
import Synchronization

/// `ablate export bank`
struct ExportBankCommand: ParsableCommand, WorkingCommand {
    static let configuration = CommandConfiguration(
        commandName: "bank",
        abstract: "Write the spatialised recordings of a sweep as sound files with labels.",
        discussion: """
            The folder has index.csv (file, label, split, group, azimuth, ..., and the digest of the \
            bank), bank.json (sample rate, places of the microphones, classes, and the index that \
            embeddings of these recordings name) and 32-bit floats, a file a recording. Of a sweep's file, rooms that were never simulated are; of a name, \
            those that its results were computed with are read. An existing folder is refused.

            EXAMPLE
              ablate export bank sweeps/recordings.yaml -o bank
              ablate export bank recordings --format npy -o bank
            """)

    @OptionGroup var sweep: SweepOptions
    @OptionGroup var results: ResultsOptions

    @Option(
        name: .long,
        help: "wav, or npy: one array [microphones, samples] a recording.")
    var format: BankExport.Format = .wav

    @Option(name: .shortAndLong, help: "The folder to write.")
    var output: String

    func run() throws {
        let folder = URL(fileURLWithPath: output)
        try BankExport.check(folder)
        let cancelled = Flag()
        try Interruption.watch { cancelled.isRaised.store(true, ordering: .relaxed) }
        let isCancelled: @Sendable () -> Bool = { cancelled.isRaised.load(ordering: .relaxed) }
        let notice = Notice()
        do {
            let banks =
                try SweepName.isFile(sweep.sweep)
                ? simulated(notice, isCancelled) : stored()
            Console.error(
                "writing \(Count.text(banks.reduce(0) { $0 + $1.recordings.count }, "recording")) "
                    + "(\(QuantityText.bytes(BankExport.bytes(banks))))")
            try BankExport.write(
                banks, as: format, to: folder, progress: notice.note, isCancelled: isCancelled)
            let count = banks.reduce(0) { $0 + $1.recordings.count }
            Console.write(
                "\(folder.relativePath): \(Count.text(count, "recording")) of \(banks[0].microphones) "
                    + "microphones, \(Count.text(banks[0].classes.count, "class", "classes"))\n")
        } catch is CancellationError {
            throw ExitStatus(signal: Interruption.signal)
        } catch SoundDataError.cancelled {
            throw ExitStatus(signal: Interruption.signal)
        }
    }

    /// The banks of a sweep's file; what is missing is simulated where a run would look for it.
    private func simulated(
        _ notice: Notice, _ isCancelled: @escaping @Sendable () -> Bool
    ) throws -> [RecordingBank] {
        let layout = results.layout
        let session = try sweep.session(layout)
        guard let sounds = session.prepared as? PreparedSounds else {
            throw BankExportError.notOfSounds(sweep: session.file.name)
        }
        let stages = session.stages.stages
        return try chosen(stages.map { ($0.id, $0.kind) }, of: session.file.name).map {
            digest in
            let stage = session.stages[digest]
            let settings = try BankSettings(
                ofStage: stage?.payload ?? "", kind: stage?.kind ?? "", rooms: sounds.rooms)
            try layout.createFolders(inCache: ResultsLayout.foldersOfCache)
            return try RecordingBank.build(
                sounds.dataSet, settings, rooms: sounds.rooms.responses(of: settings),
                at: layout.bank(digest),
                threads: Processors.available,
                progress: notice.noteSimulated, isCancelled: isCancelled)
        }
    }

    /// The banks that the results of a sweep were computed with.
    private func stored() throws -> [RecordingBank] {
        let store = try ResultsStore(readingFrom: results.layout.database.path)
        let trials = try store.trials(of: sweep.sweep)
        // Trials share their rooms: those of the first of each row say all.
        var rows: Set<Int> = []
        let digests = try trials.filter { rows.insert($0.row).inserted }
            .flatMap { try store.stages(ofTrial: $0.digest) }
        let kinds = try Set(digests).map { ($0, try store.stage($0).kind) }
        return try chosen(kinds, of: sweep.sweep).map { digest in
            let file = results.layout.bank(digest)
            do {
                return try RecordingBank.open(file, expecting: nil)
            } catch SoundDataError.bankMissing {
                throw BankExportError.bankGone(path: file.relativePath, sweep: sweep.sweep)
            }
        }
    }

    /// The rooms that are learnt from and those that are tested on.
    private func chosen(_ stages: [(Digest, String)], of sweep: String) throws -> [Digest] {
        try ["scenes", "test_scenes"].map { kind in
            let found = Set(stages.filter { $0.1 == kind }.map(\.0))
            guard found.count < 2 else {
                throw BankExportError.severalRooms(sweep: sweep, banks: found.count)
            }
            guard let digest = found.first else { throw BankExportError.noBanks(sweep: sweep) }
            return digest
        }
    }
}

extension BankExport.Format: ExpressibleByArgument {}

/// Raised by a signal.
private final class Flag: Sendable {
    let isRaised = Atomic(false)
}

/// Says on standard error how far it is, from the second second on, and the end of what it said the beginning
/// of.
private final class Notice: Sendable {
    private let state = Mutex((next: ContinuousClock.now + .seconds(2), hasBegun: false))

    func note(_ done: Int, of total: Int) {
        say("written: \(done) of \(Count.text(total, "recording"))", isLast: done == total)
    }

    @Sendable func noteSimulated(_ done: Int, of total: Int) {
        say("simulated: \(done) of \(Count.text(total, "recording"))", isLast: done == total)
    }

    private func say(_ line: String, isLast: Bool) {
        let isDue = state.withLock { state in
            guard ContinuousClock.now >= state.next || isLast && state.hasBegun else {
                return false
            }
            state = (.now + .seconds(5), !isLast)
            return true
        }
        if isDue { Console.error(line) }
    }
}
