import ArgumentParser
import Foundation
import NeuralNetwork
import Platform

/// Runs the command and turns what it threw into a message and an exit code.
@main
enum Main {
    static func main() {
        var code: Int32 = 0
        let works = run(&code)
        if let failure = Console.failure, failure != EPIPE {
            Console.error(
                "standard output could not be written (\(String(cString: strerror(failure)))): what "
                    + "was printed is not whole" + (works ? ", what was computed is kept" : ""))
            if code == 0, !works { code = ExitStatus.usage.rawValue }
        }
        ProcessEnd.leave(code)
    }

    /// Sets the exit code, and says whether the command does more than print.
    private static func run(_ code: inout Int32) -> Bool {
        // First, before any numeric code runs: a build for another processor would end in a signal.
        if let line = NumericBackend.unsupportedInstructions() {
            Console.error(line)
            code = ExitStatus.usage.rawValue
            return false
        }
        var works = false
        do {
            try ProcessStart.prepare()
            NumericBackend.prepare()
            var command = try AblateCommand.parseAsRoot(arguments)
            works = (command as? any WorkingCommand)?.keepsResults ?? false
            try command.run()
        } catch let status as ExitStatus {
            code = status.rawValue
        } catch let exit as ExitCode {
            code = exit.rawValue
        } catch {
            code = report(error).rawValue
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

    private static func report(_ error: any Error) -> ExitStatus {
        let code = AblateCommand.exitCode(for: error)
        if code == .success {
            Console.write(AblateCommand.fullMessage(for: error) + "\n")
            return .success
        }
        let isUsage = code == .validationFailure
        var message = isUsage ? AblateCommand.fullMessage(for: error) : "\(error)"
        if message.hasPrefix("Error: ") { message.removeFirst("Error: ".count) }
        Console.error(message)
        return .usage
    }
}

/// A command that does more than print: its exit code tells how that went, also where nobody can read
/// what it printed.
protocol WorkingCommand {
    /// False where all it does this time is to print.
    var keepsResults: Bool { get }
}

extension WorkingCommand {
    var keepsResults: Bool { true }
}

/// What the exit code says.
enum ExitStatus: Int32, Error {
    case success = 0
    /// Some trials failed.
    case trialsFailed = 1
    /// What was asked for was not done, since a question was answered so.
    static let notDone = ExitStatus.trialsFailed
    /// The command line, the sweep file, the data or the store is at fault.
    case usage = 2
    /// A number printed in a text is not what the store says.
    case mismatch = 3
    case hungUp = 129
    case interrupted = 130
    case terminated = 143
    /// A limit on processor time (`ulimit -t`) was reached.
    case outOfProcessorTime = 152

    /// Of a run that a signal stopped.
    init(signal: Int32?) {
        self = signal.flatMap { ExitStatus(rawValue: 128 + $0) } ?? .interrupted
    }
}
