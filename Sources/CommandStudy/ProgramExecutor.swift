import Digests
import Foundation
import Orchestration
import Platform
import ResultsStore
import Studies
import Sweeps

/// Runs the programs of a study: what each is given, what it leaves, and how it ends.
struct ProgramExecutor: StageExecutor {
    let programs: CommandDefinition
    /// Of the sweep file: where programs run.
    let folder: URL
    let layout: ResultsLayout
    let gpus: GraphicsCards
    let inputs: InputFiles
    /// Of single stages, by their names.
    let ownInputs: [String: InputFiles]
    /// The caller's variables.
    let environment: [String: String]
    /// The files of programs, by what commands call them.
    let found: [String: URL]

    /// The output of finished stages that others read, and of unfinished ones.
    static let cacheFolder = "programs"

    private func left(by stage: Digest) -> URL {
        layout.cachedFile(stage, in: Self.cacheFolder, ending: "left")
    }

    private func output(of stage: Digest) -> URL {
        layout.cachedFile(stage, in: Self.cacheFolder, ending: "unfinished")
    }

    func hasArtifact(_ stage: Stage) -> Bool {
        FileManager.default.fileExists(atPath: left(by: stage.id).path)
    }

    func execute(_ stage: Stage, context: StageContext) throws -> StageResult {
        let validated = programs.stageValidated(by: stage.kind)
        guard let program = programs.stage(stage.kind) ?? validated else {
            throw StudiesError.badPayload(kind: stage.kind)
        }
        let payload = try StagePayload(decoding: stage.payload, kind: stage.kind)
        let needed = stage.dependencies.last.map(left(by:))
        if let needed, !FileManager.default.fileExists(atPath: needed.path) {
            throw MissingArtifacts(
                stages: [stage.dependencies[stage.dependencies.count - 1]],
                reason: "\(needed.path) is gone")
        }
        if context.isCancelled() { throw CancellationError() }
        try requireUnchanged(program)
        let cards = try takeCards(context)
        defer { gpus.giveBack(cards, of: programs.resources.gpus) }
        let output = output(of: stage.id)
        let files = StageFiles(output)
        // A run that was killed together with the leaders of its programs has left them at work.
        if try !files.prepare() { try StageProcess.endSurvivors(in: output) }
        files.clear()
        let trial = ProgramTrial(
            stage: program, settings: payload.settings, seed: payload.seed, output: output,
            needed: needed, resources: programs.resources, cards: cards.map { gpus.names[$0] },
            isOnValidation: validated != nil)
        try trial.write(to: files.trial)
        var log = BoundedLog(bytes: 1 << 18)
        let prefix = prefix(of: program, onValidation: validated != nil)
        var curves = CurvesReader(files.curves, prefix: prefix)
        let end = try run(program, trial, context, &log, &curves)
        try requireUnchanged(program)
        try check(end, log, program)
        var result =
            try validated == nil
            ? result(of: program, files, context) : resultOnValidation(of: program, files, context)
        if let what = StageFiles.oddity(of: files.curves) {
            context.keep("curves.jsonl is \(what), not a file: it is left out\n")
        }
        let (points, faults) = curves.all()
        for fault in faults { context.keep(fault + "\n") }
        for (name, points) in points { result.curves[prefix + name] = points }
        try keepWhatIsLeft(by: program, stage)
        return result
    }

    private func requireUnchanged(_ program: CommandDefinition.Stage) throws {
        try inputs.requireUnchanged()
        try ownInputs[program.name]?.requireUnchanged()
    }

    // MARK: Running

    /// Waits for cards that are free.
    private func takeCards(_ context: StageContext) throws -> [Int] {
        guard programs.resources.gpus > 0 else { return [] }
        while !context.isCancelled() {
            if let cards = gpus.take(programs.resources.gpus) { return cards }
            usleep(50_000)
        }
        throw CancellationError()
    }

    /// How a program ended, and whether that was asked of it.
    private enum End {
        case byItself(StageProcess.End)
        case tookTooLong(Double)
    }

    private func run(
        _ program: CommandDefinition.Stage, _ trial: ProgramTrial, _ context: StageContext,
        _ log: inout BoundedLog, _ curves: inout CurvesReader
    ) throws -> End {
        let process = try start(program, trial)
        let limit = programs.resources.time.map { ContinuousClock.now + .seconds($0) }
        var asked: ContinuousClock.Instant?
        var isCancelled = false
        var isLate = false
        var progress = ProgramProgress()
        let end = process.wait(log: &log) { log in
            isCancelled = isCancelled || context.isCancelled()
            isLate = isLate || limit.map { ContinuousClock.now > $0 } ?? false
            let lines = log.newLines()
            // What is kept now outlives a process that is killed.
            if !lines.isEmpty { context.keep(lines) }
            progress.update(curves.progress(), process, context)
            guard isCancelled || isLate else { return false }
            guard let asked else {
                asked = .now
                process.stop(atOnce: false)
                return false
            }
            return ContinuousClock.now - asked > .seconds(programs.resources.grace)
        }
        let rest = log.notGiven
        if !rest.isEmpty { context.keep(rest.hasSuffix("\n") ? rest : rest + "\n") }
        context.used(memory: process.peakMemory)
        if isCancelled { throw CancellationError() }
        return isLate ? .tookTooLong(programs.resources.time ?? 0) : .byItself(end)
    }

    /// Throws: `TrialFault` for a command that can never be started, `PlatformError` where the machine has
    /// no room for it.
    private func start(
        _ program: CommandDefinition.Stage, _ trial: ProgramTrial
    ) throws -> StageProcess {
        let words = program.command.map(trial.filled)
        do {
            return try StageProcess(
                program: found[words[0]] ?? PreparedPrograms.program(words[0], beside: folder),
                arguments: words, folder: folder, variables: trial.variables(environment),
                output: trial.output)
        } catch PlatformError.programRefused(_, let code)
            where [ENOEXEC, ENOENT, EACCES, ENOTDIR, E2BIG].contains(code)
        {
            throw TrialFault(
                reason: "\(words[0]) cannot be run: \(String(cString: strerror(code)))"
                    + (code == E2BIG
                        ? "; shorten the words of its command"
                        : "; see to its file, its first line (#!) and its permissions"))
        }
    }

    private func check(
        _ end: End, _ log: BoundedLog, _ program: CommandDefinition.Stage
    ) throws {
        let tail = log.tail(lines: 5)
        let said = tail.isEmpty ? "; it printed nothing" : "; it said:\n\(tail)"
        switch end {
        case .byItself(.exited(0)): return
        case .byItself(.asked):
            throw ProgramKilled(
                reason:
                    "\(program.command[0]) was asked to end by somebody else than this run: what it "
                    + "has left is not taken for its result\(said)", isMachineFault: true)
        case .byItself(.exited(let code)):
            throw TrialFault(reason: "\(program.command[0]) ended with exit code \(code)\(said)")
        case .byItself(.vanished):
            // Not the program's doing: another attempt may end otherwise.
            throw ProgramKilled(reason: "\(program.command[0]) was killed with its leader\(said)")
        case .byItself(.signalled(let number)) where [SIGKILL, SIGTERM, SIGHUP].contains(number):
            throw ProgramKilled(
                reason: "\(program.command[0]) was ended by signal \(number)"
                    + (number == SIGKILL ? ", as a machine short of memory does" : "") + said,
                isMachineFault: number != SIGKILL)
        case .byItself(.signalled(let number)):
            let name = Self.signals[number].map { " (\($0))" } ?? ""
            throw TrialFault(
                reason: "\(program.command[0]) was ended by signal \(number)\(name)\(said)")
        case .tookTooLong(let seconds):
            throw TrialFault(
                reason: "\(program.command[0]) took longer than resources.time, "
                    + "\(seconds.formatted()) s; give it more, or let it go on from what it keeps\(said)"
            )
        }
    }

    /// Signals by which programs end of their own fault.
    private static let signals = [
        SIGILL: "SIGILL", SIGABRT: "SIGABRT", SIGBUS: "SIGBUS", SIGFPE: "SIGFPE",
        SIGSEGV: "SIGSEGV", SIGPIPE: "SIGPIPE", SIGINT: "SIGINT", SIGXCPU: "SIGXCPU",
    ]

    // MARK: Results

    private func isEvaluated(_ program: CommandDefinition.Stage) -> Bool {
        programs.evaluatedStages.contains { $0.name == program.name }
    }

    /// What the names of a stage's figures and curves begin with.
    private func prefix(
        of program: CommandDefinition.Stage, onValidation: Bool = false
    ) -> String {
        let isOnly =
            programs.finalStages.count == 1 && program.reference == nil && isEvaluated(program)
        return (isOnly ? "" : "\(program.name)_")
            + (onValidation ? CommandDefinition.validationPrefix : "")
    }

    private func result(
        of program: CommandDefinition.Stage, _ files: StageFiles, _ context: StageContext
    ) throws -> StageResult {
        var result = StageResult()
        let isEvaluated = isEvaluated(program)
        let prefix = prefix(of: program)
        let known = programs.figures.map(\.name)
        let figures = try FiguresFile.read(
            files.figures, expected: isEvaluated ? known : nil,
            optional: known.map { CommandDefinition.validationPrefix + $0 })
        for (name, value) in figures { result.metrics[prefix + name] = value }
        if let predictions = try PredictionsFile.read(
            files.predictions, split: "test", figures: figures, known: known)
        {
            result.details[ItemPredictions.detail] = predictions.text
            for remark in predictions.remarks { context.keep(remark + "\n") }
        }
        return result
    }

    /// For tuning: figures of the test split that a program leaves nevertheless are passed over.
    private func resultOnValidation(
        of program: CommandDefinition.Stage, _ files: StageFiles, _ context: StageContext
    ) throws -> StageResult {
        var result = StageResult()
        let known = programs.figures.map(\.name)
        let own = CommandDefinition.validationPrefix
        let left = try FiguresFile.read(files.figures, expected: nil)
        var figures: [String: Double] = [:]
        for name in known { figures[name] = left[own + name] }
        if let predictions = try PredictionsFile.read(
            files.predictions, split: "validation", figures: figures, known: known)
        {
            result.details[ItemPredictions.detail] = predictions.text
            for remark in predictions.remarks { context.keep(remark + "\n") }
            let means = try ItemPredictions(
                stored: predictions.text, percent: programs.sharesInPercent)
            for name in known where figures[name] == nil { figures[name] = means.value(of: name) }
        }
        guard !figures.isEmpty else {
            throw TrialFault(
                reason:
                    "the program was asked for the validation split (ABLATE_SPLIT), but has left "
                    + "neither \(own)\(known[0]) in figures.json nor lines of the split 'validation' in "
                    + "predictions.csv; see docs/own-trainer.md")
        }
        let prefix = prefix(of: program, onValidation: true)
        for (name, value) in figures { result.metrics[prefix + name] = value }
        return result
    }

    /// What others read takes its place as a whole; the rest of the output goes.
    private func keepWhatIsLeft(by program: CommandDefinition.Stage, _ stage: Stage) throws {
        let manager = FileManager.default
        let output = output(of: stage.id)
        if stage.producesArtifact {
            var kept = output
            if let name = program.leaves {
                // A link, as to the best checkpoint, is what it points to.
                kept = output.appending(path: name).resolvingSymlinksInPath()
                guard kept.path.hasPrefix(output.resolvingSymlinksInPath().path + "/") else {
                    throw TrialFault(
                        reason: "\(program.name) leaves '\(name)', which leads out of its output")
                }
                guard manager.fileExists(atPath: kept.path) else {
                    throw TrialFault(
                        reason: "\(program.name) leaves '\(name)', but there is no such file or "
                            + "folder in its output")
                }
            }
            let place = left(by: stage.id)
            try? manager.removeItem(at: place)
            try manager.moveItem(at: kept, to: place)
        }
        try? manager.removeItem(at: output)
    }
}

/// A program that was ended from outside: tried again. Once too often, it has failed where the system killed
/// it, which it may do each time, and is put off where it was asked to end.
struct ProgramKilled: MachineFault, CustomStringConvertible {
    let reason: String
    var isMachineFault = false
    var description: String { reason }
}

/// The files of a running stage's output that have a meaning.
struct StageFiles {
    let folder: URL

    init(_ folder: URL) { self.folder = folder }

    var trial: URL { folder.appending(path: "trial.json") }
    var figures: URL { folder.appending(path: "figures.json") }
    var curves: URL { folder.appending(path: "curves.jsonl") }
    var predictions: URL { folder.appending(path: "predictions.csv") }

    /// A regular file, whole, or one byte more than so many of it: a program may have made one of any size; nil
    /// for none: a pipe would be waited for.
    static func content(of file: URL, upTo bytes: Int) -> Data? {
        guard let handle = opened(file) else { return nil }
        return (try? handle.read(upToCount: bytes + 1)) ?? Data()
    }

    static func opened(_ file: URL) -> FileHandle? {
        let descriptor = open(file.path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else { return nil }
        return handle
    }

    /// What a path is that is no regular file, in words; nil for one, and where nothing is there.
    static func oddity(of file: URL) -> String? {
        var facts = stat()
        guard lstat(file.path, &facts) == 0 else { return nil }
        if facts.st_mode & S_IFMT == S_IFLNK, stat(file.path, &facts) != 0 {
            return "a link to nothing"
        }
        return switch facts.st_mode & S_IFMT {
        case S_IFREG: access(file.path, R_OK) == 0 ? nil : "unreadable"
        case S_IFDIR: "a folder"
        case S_IFIFO: "a pipe"
        case S_IFSOCK: "a socket"
        default: "a device"
        }
    }

    /// Makes the folder; false where it is there from an earlier attempt.
    func prepare() throws -> Bool {
        if mkdir(folder.path, 0o777) == 0 { return true }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return false
    }

    /// What an earlier attempt said goes, what it kept stays.
    func clear() {
        for file in [trial, figures, curves, predictions] where unlink(file.path) != 0 {
            // Most often it is not there; a program may have made a folder of it.
            if errno != ENOENT { try? FileManager.default.removeItem(at: file) }
        }
    }
}
