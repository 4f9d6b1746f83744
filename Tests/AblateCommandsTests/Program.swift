import AblateCommands
import ArgumentParser
import CommandStudy
import MCSimCLRCommands
import MCSimCLRStudy

/// The commands of the program `ablate`.
enum Program {
    /// By what is typed after `ablate`; the root's name is empty.
    static let commands: [(name: String, type: any ParsableCommand.Type)] = {
        Ablate.use([BuiltinStudy(), ProgramStudy()])
        return [(name: "", type: AblateCommand.self)] + below(AblateCommand.self, "")
    }()

    private static func below(
        _ command: any ParsableCommand.Type, _ path: String
    ) -> [(name: String, type: any ParsableCommand.Type)] {
        command.configuration.subcommands.flatMap { type in
            let name = (path.isEmpty ? "" : path + " ") + (type.configuration.commandName ?? "?")
            return [(name: name, type: type)] + below(type, name)
        }
    }

    /// As `ablate NAME --help` prints it on a terminal of 80 columns.
    static func help(_ type: any ParsableCommand.Type, columns: Int = 80) -> String {
        AblateCommand.helpMessage(for: type, columns: columns)
    }
}
