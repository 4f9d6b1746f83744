import AblateCommands
import ArgumentParser
import Testing

@Suite("Words of other programs on the command line")
struct UsageHintTests {
    private func message(_ line: String) -> String {
        _ = Program.commands
        do {
            _ = try AblateCommand.parseAsRoot(line.split(separator: " ").map(String.init))
            return ""
        } catch {
            return UsageHint.added(
                to: AblateCommand.fullMessage(for: error), AblateCommand.self)
        }
    }

    @Test(
        "get the right answer",
        arguments: [
            ("run x.yaml --dry-run", "the command 'plan' checks a file and runs nothing"),
            ("run x.yaml --seed 3", "-S seeds=[3] or -S seeds=5"),
            ("run x.yaml --gpu 0", "--gpus 0,1"),
            ("run x.yaml --resume", "give the same command again"),
            ("run x.yaml --num-workers 4", "-j 4"), ("run x.yaml --lr 0.1", "-S KEY=VALUE"),
            ("stauts", "did you mean 'status'?"), ("list", "'status' lists the sweeps"),
            ("show x", "'table SWEEP' shows the results"), ("tabel x", "did you mean 'table'?"),
        ])
    func hints(line: String, hint: String) {
        let message = message(line)
        let first = message.prefix { $0 != "\n" }
        #expect(first.contains(hint), "\(message)")
        #expect(!first.contains("Did you mean '--"), "the parser's guess gives way")
        #expect(message.contains("Usage: "), "the rest of the message stays")
    }

    @Test("other mistakes keep the parser's message")
    func others() {
        #expect(message("run x.yaml --result r").contains("Did you mean '--results'?"))
        #expect(message("run").contains("Missing expected argument"))
    }

    @Test(
        "help of what is no command says so",
        arguments: [
            ("help stauts", "no command 'stauts': did you mean 'status'?"),
            ("help sweep", "no command 'sweep': 'run FILE' runs a sweep"),
            ("help tune", "no command 'tune': 'help' lists the commands, sweeps/FORMAT.md has"),
        ])
    func help(line: String, fault: String) {
        #expect(self.fault(ofHelp: line)?.contains(fault) == true)
    }

    @Test(
        "help of commands, and of all, is the parser's",
        arguments: ["help", "help run", "help help", "run x"])
    func helpOfCommands(line: String) { #expect(fault(ofHelp: line) == nil) }

    private func fault(ofHelp line: String) -> String? {
        _ = Program.commands
        return UsageHint.fault(
            ofHelp: line.split(separator: " ").map(String.init), AblateCommand.self)
    }
}
