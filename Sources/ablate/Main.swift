import ArgumentParser
import Foundation
import NeuralNetwork

/// Runs the command and turns what it threw into a message and an exit code.
@main
enum Main {
    static func main() {
        // First, before any numeric code runs: a build for another processor would end in a signal.
        if let line = NumericBackend.unsupportedInstructions() {
            Console.error(line)
            exit(ExitStatus.usage.rawValue)
        }
        NumericBackend.prepare()
        do {
            var command = try AblateCommand.parseAsRoot(arguments)
            try command.run()
        } catch let status as ExitStatus {
            exit(status.rawValue)
        } catch let code as ExitCode {
            exit(code.rawValue)
        } catch {
            exit(report(error).rawValue)
        }
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
            print(AblateCommand.fullMessage(for: error))
            return .success
        }
        let isUsage = code == .validationFailure
        var message = isUsage ? AblateCommand.fullMessage(for: error) : "\(error)"
        if message.hasPrefix("Error: ") { message.removeFirst("Error: ".count) }
        Console.error(message)
        return .usage
    }
}

/// What the exit code says.
enum ExitStatus: Int32, Error {
    case success = 0
    /// Some trials failed.
    case trialsFailed = 1
    /// The command line, the sweep file, the data or the store is at fault.
    case usage = 2
    /// A number printed in a text is not what the store says.
    case mismatch = 3
    case interrupted = 130
    case terminated = 143
}
