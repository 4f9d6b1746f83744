public import ArgumentParser
import Foundation
import Platform
public import Studies
import Synchronization

/// A study with commands of its own, such as one that draws what its stages see.
public protocol StudyWithCommands: Study {
    var commands: [any ParsableCommand.Type] { get }
    /// What `export` can write of this study beside results, each named by what it writes.
    var exports: [any ParsableCommand.Type] { get }
}

extension StudyWithCommands {
    public var exports: [any ParsableCommand.Type] { [] }
}

/// The program: the commands that any study has, over the studies that it is given.
public enum Ablate {
    private static let given = Mutex<StudyCatalogue?>(nil)

    /// The studies of this process.
    static var catalogue: StudyCatalogue {
        guard let catalogue = given.withLock({ $0 }) else {
            preconditionFailure("Ablate.main was not called")
        }
        return catalogue
    }

    /// Runs the command of the command line and ends the process with its exit code.
    ///
    /// - Parameter studies: at least one; the first is that of sweep files that name none.
    public static func main(studies: [any Study]) -> Never {
        let path = CommandLine.arguments.first ?? ""
        run(
            AblateCommand.self, studies: studies,
            program: path.isEmpty ? "ablate" : URL(fileURLWithPath: path).lastPathComponent)
    }

    /// The studies of a process that runs no command line, such as a test.
    package static func use(_ studies: [any Study]) {
        given.withLock { $0 = StudyCatalogue(studies) }
    }

    /// The same with another root command.
    package static func run(
        _ root: any ParsableCommand.Type, studies: [any Study], program: String = "ablate"
    ) -> Never {
        given.withLock { $0 = StudyCatalogue(studies, program: program) }
        ProgramName.set(program)
        var code: Int32 = 0
        let works = run(root, &code)
        if let failure = Console.failure, failure != EPIPE {
            Console.error(
                "standard output could not be written (\(String(cString: strerror(failure)))): what "
                    + "was printed is not whole" + (works ? ", what was computed is kept" : ""))
            if code == 0, !works { code = ExitStatus.usage.rawValue }
        }
        ProcessEnd.leave(code)
    }

    /// Sets the exit code, and says whether the command does more than print.
    private static func run(_ root: any ParsableCommand.Type, _ code: inout Int32) -> Bool {
        var works = false
        do {
            if let line = catalogue.studies.lazy.compactMap(\.machineFault).first {
                Console.error(line)
                code = ExitStatus.usage.rawValue
                return false
            }
            try ProcessStart.prepare()
            for study in catalogue.studies { study.prepareProcess() }
            if let fault = UsageHint.fault(ofHelp: arguments, root) {
                Console.error(fault)
                code = ExitStatus.usage.rawValue
                return false
            }
            var command = try root.parseAsRoot(arguments)
            works = (command as? any WorkingCommand)?.keepsResults ?? false
            try command.run()
        } catch let status as ExitStatus {
            code = status.rawValue
        } catch let exit as ExitCode {
            code = exit.rawValue
        } catch {
            code = report(error, root).rawValue
        }
        return works
    }

    /// A row's label may begin with a hyphen and a space, "- Mixup", which no option does: it is given
    /// the minus sign that the table has, lest it be taken for one.
    private static var arguments: [String] {
        CommandLine.arguments.dropFirst().map {
            $0.hasPrefix("- ") ? "\u{2212}" + $0.dropFirst() : $0
        }
    }

    private static func report(
        _ error: any Error, _ root: any ParsableCommand.Type
    ) -> ExitStatus {
        let code = root.exitCode(for: error)
        if code == .success {
            Console.write(root.fullMessage(for: error) + "\n")
            return .success
        }
        let isUsage = code == .validationFailure
        var message = isUsage ? root.fullMessage(for: error) : "\(error)"
        if isUsage { message = UsageHint.added(to: message, root) }
        if message.hasPrefix("Error: ") { message.removeFirst("Error: ".count) }
        Console.error(message)
        return .usage
    }
}

/// A command that does more than print: its exit code tells how that went, also where nobody can read
/// what it printed.
package protocol WorkingCommand {
    /// False where all it does this time is to print.
    var keepsResults: Bool { get }
}

extension WorkingCommand {
    package var keepsResults: Bool { true }
}

/// What the exit code says.
package enum ExitStatus: Int32, Error {
    case success = 0
    /// Some trials failed.
    case trialsFailed = 1
    /// What was asked for was not done, since a question was answered so.
    static let notDone = ExitStatus.trialsFailed
    /// The command line, the sweep file, the data or the store is at fault.
    case usage = 2
    /// A number printed in a text, or imported, is not what the store says.
    case mismatch = 3
    /// `run --until-settled` has ended before every comparison had its verdict.
    case undecided = 4
    case hungUp = 129
    /// Told that the time of a batch system's task is nearly up.
    case outOfTime = 138
    case interrupted = 130
    case terminated = 143
    /// A limit on processor time (`ulimit -t`) was reached.
    case outOfProcessorTime = 152

    /// Of a run that a signal stopped.
    package init(signal: Int32?) {
        self = signal.flatMap { ExitStatus(rawValue: 128 + $0) } ?? .interrupted
    }
}
