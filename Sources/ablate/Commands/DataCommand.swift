import ArgumentParser
import SoundData
import Trials

/// `ablate data`
struct DataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data", abstract: "Look at data sets.", subcommands: [Info.self])

    struct Info: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "info",
            abstract: "Show what a data set holds: clips, classes, splits, unreadable files.",
            discussion: """
                EXAMPLE
                  ablate data info builtin
                  ablate data info manifest --path /data/manifest.csv
                """)

        @Argument(help: "One of: \(DataSource.allCases.map(\.rawValue).joined(separator: ", ")).")
        var source: String

        @Option(help: "Folder or manifest of the data set.")
        var path: String?

        func run() throws {
            let dataSet = try SoundDataSet.load(DataSettings(source: source, path: path))
            Console.write(DataSetText(dataSet: dataSet).text)
        }
    }
}
