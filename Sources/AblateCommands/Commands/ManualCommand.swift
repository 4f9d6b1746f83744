import ArgumentParser
import Foundation
import Platform
import Studies

/// `ablate manual`: for `make install`.
struct ManualCommand: ParsableCommand, WorkingCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual", abstract: "Write the manual's pages into a folder.",
        discussion: """
            'make install' does it.

            EXAMPLE
              \(ProgramName.current) manual /usr/local/share/man
            """,
        shouldDisplay: false)

    @Argument(help: "The folder: pages go to its man1.", completion: .directory)
    var folder: String

    func run() throws {
        let place = URL(fileURLWithPath: folder).appending(path: "man1")
        let program = Ablate.catalogue.program
        let pages = ManualPages.all(AblateCommand.self, program: program)
        for page in pages {
            try WholeFile.write(page.text, to: place.appending(path: "\(page.name).1"))
        }
        Console.write("\(place.relativePath): \(pages.count) pages\n")
    }
}
