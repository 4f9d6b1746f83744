import AblateCommands
import ArgumentParser
import Foundation
import TestSupport
import Testing

@Suite("Help")
struct HelpTests {
    private static func file(_ name: String) -> String {
        (["ablate"] + name.split(separator: " ")).joined(separator: "-") + ".txt"
    }

    @Test("of each command is what it was", arguments: Program.commands.map(\.name))
    func help(name: String) throws {
        let command = try #require(Program.commands.first { $0.name == name })
        try expectSnapshot(Program.help(command.type) + "\n", "help/" + Self.file(name))
    }

    @Test("no help is kept of commands that are gone")
    func stale() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Fixtures/help")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(files.sorted() == Program.commands.map { Self.file($0.name) }.sorted())
    }

    @Test(
        "of each command has an example of it, which its options parse",
        arguments: Program.commands.map(\.name).filter { !["", "data", "export"].contains($0) })
    func examples(name: String) throws {
        let command = try #require(Program.commands.first { $0.name == name })
        let lines = Program.help(command.type, columns: 200).split(separator: "\n")
            .filter { $0.hasPrefix("  ablate \(name)") }
        #expect(!lines.isEmpty)
        for line in lines {
            // What follows is a shell's business.
            let words = line.split(whereSeparator: { "|>(".contains($0) })[0]
                .split(separator: " ").map(String.init)
            _ = try AblateCommand.parseAsRoot(Array(words.dropFirst()))
        }
    }
}
