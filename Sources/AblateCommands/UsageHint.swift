package import ArgumentParser
import Sweeps

/// What to type in the place of a word that people bring from other programs, added to the parser's message.
package enum UsageHint {
    package static func added(to message: String, _ root: any ParsableCommand.Type) -> String {
        let end = message.firstIndex(of: "\n") ?? message.endIndex
        guard let hint = hint(String(message[..<end]), root) else { return message }
        // The parser's own guess goes by letters alone.
        let fault = String(message[..<end]).split(separator: ". Did you mean")[0]
        return "\(fault): \(hint)\(message[end...])"
    }

    /// What is wrong with `help WORD`, which the parser answers with the help of all commands; nil where it is one.
    package static func fault(
        ofHelp arguments: [String], _ root: any ParsableCommand.Type
    ) -> String? {
        guard arguments.first == "help", arguments.count > 1 else { return nil }
        let word = arguments[1]
        let names = root.configuration.subcommands.compactMap { $0.configuration.commandName }
        guard !word.hasPrefix("-"), word != "help", !names.contains(word) else { return nil }
        let hint =
            commands[word.lowercased()]
            ?? NearestName.of(word, in: names).map { "did you mean '\($0)'?" }
            ?? "'help' lists the commands, sweeps/FORMAT.md has the sections of a sweep file, 'settings' lists "
            + "the settings"
        return "there is no command '\(word)': \(hint)"
    }

    /// - Parameter fault: the first line of the message.
    private static func hint(_ fault: String, _ root: any ParsableCommand.Type) -> String? {
        guard let quoted = quoted(in: fault) else { return nil }
        if fault.contains("Unknown option ") {
            let name = quoted.drop { $0 == "-" }.prefix { $0 != "=" }
            return options[name.lowercased()]
        }
        guard fault.contains("nexpected argument") else { return nil }
        let word = quoted
        let names = root.configuration.subcommands.compactMap { $0.configuration.commandName }
        guard !names.contains(word) else { return nil }
        if let command = commands[word.lowercased()] { return command }
        return NearestName.of(word, in: names).map { "did you mean '\($0)'?" }
    }

    /// What the first quotes hold.
    private static func quoted(in fault: String) -> String? {
        let parts = fault.split(separator: "'", omittingEmptySubsequences: false)
        return parts.count > 2 ? String(parts[1]) : nil
    }

    private static let options: [String: String] = {
        var options: [String: String] = [:]
        func say(_ names: [String], _ text: String) { for name in names { options[name] = text } }
        say(
            ["dry-run", "dryrun", "n", "check", "validate"],
            "the command 'plan' checks a file and runs nothing")
        say(
            ["seed", "seeds", "random-seed", "num-seeds", "n-seeds"],
            "the file's seeds are overridden by -S seeds=[3] or -S seeds=5")
        say(["gpu", "device", "devices", "cuda"], "graphics cards are named by --gpus 0,1")
        say(
            ["num-workers", "n-jobs", "cpus", "threads", "w"],
            "workers are given by -j 4")
        say(["resume", "continue"], "a run goes on where it was: give the same command again")
        say(
            ["force", "overwrite", "no-cache", "rerun-all"],
            "--fresh computes everything again; finished stages are kept else")
        say(
            [
                "epochs", "steps", "lr", "batch-size", "temperature", "set", "param", "override",
                "o",
                "learning-rate", "max-steps",
            ], "values of the sweep file are overridden by -S KEY=VALUE ('settings' lists the keys)"
        )
        say(
            ["config", "file", "f", "m", "multirun", "config-file", "sweep"],
            "the file is named without an option")
        say(
            ["output", "out", "output-dir", "out-dir", "save-dir"],
            "the folder is named by --results")
        say(["time", "max-time", "time-limit", "timeout"], "the time is limited by --budget 2h")
        return options
    }()

    private static let commands: [String: String] = {
        var commands: [String: String] = [:]
        func say(_ names: [String], _ text: String) { for name in names { commands[name] = text } }
        say(["list", "ls", "ps", "sweeps"], "'status' lists the sweeps")
        say(["show", "view", "results", "print"], "'table SWEEP' shows the results")
        say(
            ["resume", "continue", "agent", "start", "train", "launch"],
            "'run FILE' begins, and goes on where it was")
        say(["validate", "check", "dry-run", "lint"], "'plan FILE' checks a file and runs nothing")
        say(
            ["rm", "remove", "clean"],
            "'delete SWEEP' removes results, 'gc' cached files that nothing needs")
        say(["log", "tail"], "'logs TRIAL' shows what a trial said")
        say(["sweep"], "'run FILE' runs a sweep")
        say(
            ["dashboard", "ui", "web", "board", "monitor", "watch", "server"],
            "'serve' shows everything in a browser, 'status --watch' in a terminal")
        say(["plot", "figures", "draw"], "'report SWEEP' draws the figures")
        say(["explain"], "'why SWEEP ROW' says where a number comes from")
        return commands
    }()
}
