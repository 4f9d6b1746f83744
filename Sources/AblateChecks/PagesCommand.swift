import AblateCommands
import ArgumentParser
import Foundation
import Platform

/// `ablate-checks pages`
struct PagesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pages",
        abstract: "Watch a real sweep in a real browser, and take pictures of its page.")

    @Option(name: .shortAndLong, help: "The folder for pictures.")
    var output = "results/pages"

    func run() throws {
        let names = ["chromium", "chromium-browser", "google-chrome", "chrome"]
        guard let chromium = names.lazy.compactMap({ ExecutablePath.find($0) }).first else {
            Console.write("no Chromium here: the page was NOT looked at\n")
            return
        }
        let pictures = URL(fileURLWithPath: output)
        try FileManager.default.createDirectory(at: pictures, withIntermediateDirectories: true)
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "ablate-pages-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let check = try PageCheck(chromium, in: folder, pictures: pictures)
        do {
            try check.run()
        } catch {
            try? check.picture("fault")
            Console.error("\(error)")
            throw ExitStatus.trialsFailed
        }
        Console.write("\(check.steps) steps seen, no complaint; pictures in \(output)\n")
    }
}
