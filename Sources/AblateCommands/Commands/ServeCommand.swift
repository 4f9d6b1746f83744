import ArgumentParser
import Dashboard
import Foundation
import Platform
import Studies

/// `ablate serve`
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Show sweeps as they run, in a browser.",
        discussion: """
            A page over the results: sweeps and what runs, tables as they fill, curves as they grow, \
            every trial. It only reads, needs no network, and may be opened before, while and after \
            anything runs. It is for this machine alone; on one that is far away, \
            'ssh -L 8990:localhost:8990 MACHINE' brings it near. With --host others can connect, by \
            the whole address that is printed: who has it can read all results.

            EXAMPLE
              \(ProgramName.current) serve --open
              \(ProgramName.current) serve --results results/studies --port 9000
            """)

    @Option(name: .long, help: "The port of the page; 0 for any that is free.")
    var port: UInt16 = 8990

    @Option(
        name: .long,
        help: ArgumentHelp(
            "A numeric address to serve at, such as 0.0.0.0 (default: 127.0.0.1, this machine alone).",
            valueName: "address"))
    var host = "127.0.0.1"

    @Flag(name: .long, help: "Open the page in the browser.")
    var open = false

    @OptionGroup var results: ResultsOptions

    func run() throws {
        let layout = results.layout
        let page = Dashboard(
            layout, catalogue: Ablate.catalogue, settings: DashboardSettings(host: host, port: port)
        )
        let isOver = Monitor(false)
        try Interruption.watch { isOver.update { $0 = true } }
        try page.start()
        Console.write("\(page.address)\n")
        if !FileManager.default.fileExists(atPath: layout.database.path) {
            Console.error(
                "there is no \(layout.database.relativePath) yet: the page shows it when a run has begun"
            )
        }
        if open { try show(page.address) }
        isOver.wait { $0 ? () : nil }
        page.stop()
    }

    /// In whatever the desktop opens addresses with.
    private func show(_ address: String) throws {
        let names = ["xdg-open", "open"]
        guard let program = names.lazy.compactMap({ ExecutablePath.find($0) }).first else {
            Console.error("no browser is known here (xdg-open): open the address by hand")
            return
        }
        let outcome = try ChildProcess.run(
            program, [address], in: URL(fileURLWithPath: "/"),
            environment: ProcessInfo.processInfo.environment)
        if outcome.code != 0 { Console.error("\(program.path) could not open it: open it by hand") }
    }
}
