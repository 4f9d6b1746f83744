import Digests
import Files
import Foundation
import Orchestration
import Platform
import ResultsStore
import Studies
import Sweeps

/// The programs of a sweep with their inputs looked at and their graphics cards counted.
struct PreparedPrograms: PreparedStudy {
    private let programs: CommandDefinition
    private let folder: URL
    private let gpus: GraphicsCards
    /// What inputs and environment hold.
    let dataDigest: Digest
    private let inputs: InputFiles
    /// What single stages depend on beside these, by their names.
    private let ownInputs: [String: InputFiles]
    /// By what commands call them.
    private let files: [String: URL]

    /// - Parameter labels: of the sweep's rows, which no reference's may be.
    init(
        _ programs: CommandDefinition, labels: [String] = [], _ context: StudyContext
    ) throws {
        for stage in programs.stages {
            guard let label = stage.reference, labels.contains(label) else { continue }
            throw CommandStudyError.labelTaken(label, reference: stage.name)
        }
        self.programs = programs
        folder = context.folder
        var files: [String: URL] = [:]
        for stage in programs.stages where context.runs {
            let name = stage.command[0]
            do {
                files[name] = try Self.program(name, beside: context.folder)
                if let script = Self.missingScript(of: stage.command, beside: context.folder) {
                    throw CommandStudyError.scriptNotFound(
                        script, program: name, folder: context.folder.path)
                }
            } catch let error as CommandStudyError {
                throw error.sectionFault(of: stage) ?? error
            }
        }
        self.files = files
        var hasher = DigestHasher()
        let notice = WaitNotice(context.notice)
        let inputs = try InputFiles(
            programs.inputs, in: context.folder, results: context.results, notice)
        self.inputs = inputs
        var ownInputs: [String: InputFiles] = [:]
        for stage in programs.stages {
            ownInputs[stage.name] = try stage.inputs.map {
                try InputFiles($0, in: context.folder, results: context.results, notice)
            }
        }
        self.ownInputs = ownInputs
        hasher.update("inputs \(inputs.digest)\n")
        if let environment = programs.environment {
            hasher.update(
                "environment \(try EnvironmentText(of: environment, in: context.folder, notice).digest)\n"
            )
        }
        dataDigest = hasher.finalize()
        gpus = try GraphicsCards(context.gpus, wanted: programs.resources.gpus)
        if context.runs { Self.compare(programs.resources, context) }
        let hasInputs = !programs.inputs.isEmpty || !ownInputs.isEmpty
        for stage in programs.stages where hasInputs {
            let own = ownInputs[stage.name]
            for file in inputs.unnamedFiles(of: stage.command)
            where own?.unnamedFiles(of: stage.command).contains(file) ?? true {
                context.notice(
                    "the command of \(stage.name) names \(file), which no input names: a change of it will "
                        + "not be seen; add it to inputs")
            }
        }
        var told: Set<String> = []
        for stage in programs.stages {
            guard
                let (script, files) = inputs.unnamedImports(
                    of: stage.command, beside: ownInputs[stage.name]),
                told.insert(script).inserted
            else { continue }
            let it = files.count == 1 ? "it" : "them"
            let more = files.count > 5 ? " and \(files.count - 5) more" : ""
            context.notice(
                "\(script) imports \(files.prefix(5).joined(separator: ", "))\(more), which no input names: a "
                    + "change of \(it) will not be seen; add \(it) to inputs")
        }
    }

    /// What each input held, so that a later plan can name those that have changed.
    var facts: [String: String] {
        let all = [inputs] + ownInputs.sorted { $0.key < $1.key }.map(\.value)
        let digests = all.reduce(into: [String: String]()) { digests, files in
            digests.merge(files.digests.mapValues(\.short)) { $1 }
        }
        guard !digests.isEmpty, digests.count <= Self.mostNamedInputs,
            let text = try? SortedJSON.text(of: digests)
        else { return [:] }
        return [PlanChange.inputs: text]
    }

    /// Of more a store would keep a list with each plan.
    private static let mostNamedInputs = 200

    func content(ofStage name: String) -> String {
        let stage = programs.stage(name) ?? programs.stageValidated(by: name)
        return stage.flatMap { ownInputs[$0.name] }.map { "inputs \($0.digest)" } ?? ""
    }

    var overview: [String] {
        let commands = programs.stages.map { stage in
            "  \(stage.name): \(stage.command.joined(separator: " "))"
        }
        let paths = programs.inputs + programs.stages.flatMap { $0.inputs ?? [] }
        let named =
            paths.isEmpty
            ? "no inputs: a change of the programs will not be seen"
            : "\(Count.text(companions.count, "input file")) ("
                + "\(paths.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }.joined(separator: ", ")))"
        return ["programs with \(named)"] + commands
    }

    var companions: [String] {
        let all = ([inputs] + ownInputs.values).flatMap(\.names)
        return Array(Set(all)).sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
    }

    var settingsWithoutCost: Set<String> { Set(programs.settings.map(\.key)) }

    func demands(of settings: [String: SettingValue]) -> [String: StageDemand] {
        let names = programs.stages.map(\.name) + programs.validations.map(\.name)
        return Dictionary(
            uniqueKeysWithValues: names.map { name in
                (name, StageDemand(memoryBytes: programs.resources.memory))
            })
    }

    /// As many as there are cards, and cores for their threads.
    var workersAtMost: Int? {
        let cores = Processors.available
        let byCores = max(1, cores / programs.resources.threads)
        return gpus.slots(of: programs.resources.gpus).map { min($0, byCores) } ?? byCores
    }

    var taskDemand: TaskDemand {
        let resources = programs.resources
        return TaskDemand(
            cpus: resources.threads, gpus: Int(resources.gpus.rounded(.up)),
            seconds: resources.time)
    }

    func executor(_ layout: ResultsLayout) -> any StageExecutor {
        ProgramExecutor(
            programs: programs, folder: folder, layout: layout, gpus: gpus, inputs: inputs,
            ownInputs: ownInputs,
            environment: ProcessInfo.processInfo.environment, found: files)
    }

    /// Says what no machine like this one can give; a cluster's may.
    private static func compare(
        _ resources: CommandDefinition.Resources, _ context: StudyContext
    ) {
        let memory = Int(ProcessInfo.processInfo.physicalMemory)
        if resources.memory > memory {
            context.notice(
                "resources.memory is \(resources.memory / 1_000_000_000) GB, but this machine has "
                    + "\(memory / 1_000_000_000) GB: stages run one at a time here")
        }
        if resources.threads > Processors.available {
            context.notice(
                "resources.threads is \(resources.threads), but this machine has "
                    + "\(Count.text(Processors.available, "processor")): stages run one at a time here"
            )
        }
    }

    /// Programs that take their first word, where it is no option, for the file to read.
    private static let interpreters: Set = [
        "python", "python3", "sh", "bash", "zsh", "dash", "perl", "ruby", "julia", "Rscript",
        "node", "lua",
    ]

    /// The script that a command names and that is not there; nil for one that is, for a program that reads no
    /// script, and for what nobody can know before a trial.
    private static func missingScript(of command: [String], beside folder: URL) -> String? {
        guard command.count > 1, let name = command[0].split(separator: "/").last,
            interpreters.contains(String(name)), !command[1].hasPrefix("-"),
            Placeholders.filled(command[1], { _ in "" }) == command[1]
        else { return nil }
        let url = URL(fileURLWithPath: command[1], relativeTo: folder).absoluteURL
        return FileManager.default.fileExists(atPath: url.path) ? nil : command[1]
    }

    /// The file of a program: on the PATH, or at a path relative to the sweep file.
    ///
    /// Throws: ``CommandStudyError`` where there is none, or none that the system can run.
    static func program(_ name: String, beside folder: URL) throws -> URL {
        if Placeholders.filled(name, { _ in "" }) != name { return URL(fileURLWithPath: name) }
        if name.contains("/") {
            let url = URL(fileURLWithPath: name, relativeTo: folder).absoluteURL
            guard FileManager.default.isExecutableFile(atPath: url.path) else {
                throw FileManager.default.fileExists(atPath: url.path)
                    ? CommandStudyError.notExecutable(name) : .programNotFound(name)
            }
            switch ProgramFile(url).fault {
            case .isFolder: throw CommandStudyError.programIsFolder(name)
            case .noInterpreter(let interpreter):
                throw CommandStudyError.interpreterNotFound(interpreter, script: name)
            case .noFirstLine: throw CommandStudyError.noFirstLine(name)
            case nil: return url
            }
        }
        guard let url = ExecutablePath.find(name) else {
            throw CommandStudyError.programNotFound(name)
        }
        return url
    }
}
