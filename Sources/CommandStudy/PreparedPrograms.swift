import Digests
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
        for stage in programs.stages {
            let name = stage.command[0]
            files[name] = try Self.program(name, beside: context.folder)
        }
        self.files = files
        var hasher = DigestHasher()
        let notice = WaitNotice(context.notice)
        let inputs = try InputFiles(
            programs.inputs, in: context.folder, results: context.results, notice)
        self.inputs = inputs
        hasher.update("inputs \(inputs.digest)\n")
        if let environment = programs.environment {
            hasher.update(
                "environment \(try Self.output(of: environment, in: context.folder, notice))\n")
        }
        dataDigest = hasher.finalize()
        gpus = try GraphicsCards(context.gpus, wanted: programs.resources.gpus)
        for stage in programs.stages where !programs.inputs.isEmpty {
            for file in inputs.unnamedFiles(of: stage.command) {
                context.notice(
                    "the command of \(stage.name) names \(file), which no input names: a change of it will "
                        + "not be seen; add it to inputs")
            }
        }
        for stage in programs.stages {
            for name in inputs.unnamedImports(of: stage.command) {
                context.notice(
                    "\(name.script) imports \(name.module), which no input names: a change of it will "
                        + "not be seen; add it to inputs")
            }
        }
    }

    var facts: [String: String] { [:] }

    var overview: [String] {
        let commands = programs.stages.map { stage in
            "  \(stage.name): \(stage.command.joined(separator: " "))"
        }
        let named =
            programs.inputs.isEmpty
            ? "no inputs: a change of the programs will not be seen"
            : "\(inputs.count) input \(inputs.count == 1 ? "file" : "files") ("
                + "\(programs.inputs.joined(separator: ", ")))"
        return ["programs with \(named)"] + commands
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
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let byCores = max(1, cores / programs.resources.threads)
        return gpus.slots(of: programs.resources.gpus).map { min($0, byCores) } ?? byCores
    }

    func executor(_ layout: ResultsLayout) -> any StageExecutor {
        ProgramExecutor(
            programs: programs, folder: folder, layout: layout, gpus: gpus, inputs: inputs,
            environment: ProcessInfo.processInfo.environment, found: files)
    }

    /// The file of a program: on the PATH, or at a path relative to the sweep file.
    static func program(_ name: String, beside folder: URL) throws -> URL {
        if Placeholders.filled(name, { _ in "" }) != name { return URL(fileURLWithPath: name) }
        if name.contains("/") {
            let url = URL(fileURLWithPath: name, relativeTo: folder).absoluteURL
            guard FileManager.default.isExecutableFile(atPath: url.path) else {
                throw FileManager.default.fileExists(atPath: url.path)
                    ? CommandStudyError.notExecutable(name) : .programNotFound(name)
            }
            return url
        }
        guard let url = ExecutablePath.find(name) else {
            throw CommandStudyError.programNotFound(name)
        }
        return url
    }

    /// What a command prints, such as the versions of libraries.
    private static func output(
        of command: [String], in folder: URL, _ notice: WaitNotice
    ) throws -> Digest {
        let process = try StageProcess(
            program: program(command[0], beside: folder), arguments: command, folder: folder,
            variables: ProcessInfo.processInfo.environment)
        var log = BoundedLog(bytes: 4 << 20)
        let end = process.wait(log: &log) {
            notice.note("waiting for environment: '\(command.joined(separator: " "))'")
            return false
        }
        guard end == .exited(0) else {
            throw CommandStudyError.environmentFailed(
                command: command.joined(separator: " "), code: end.code, message: log.tail(lines: 3)
            )
        }
        return Digest(of: log.text)
    }
}
