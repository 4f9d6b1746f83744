import AblateCommands
import ArgumentParser
import Foundation
import MCSimCLRStudy
import Platform
import SoundData
import Studies

/// `ablate data`
struct DataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data", abstract: "Look at data sets.",
        subcommands: [Info.self, RecordingsCommand.self])

    struct Info: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "info",
            abstract: "Show what a data set holds: clips, classes, splits, what is left out.",
            discussion: """
                Of a SOFA file, or a folder of them: its rooms, as 'rooms' and 'evaluation_rooms' of a \
                sweep file take them.

                EXAMPLE
                  ablate data info builtin
                  ablate data info manifest --path /data/manifest.csv
                  ablate data info room.sofa
                  ablate data info rooms/
                """)

        @Argument(
            help:
                "One of: \((DataSource.allCases.map(\.rawValue) + [Info.sofa]).joined(separator: ", ")); or a SOFA file, or a folder of them."
        )
        var source: String

        @Option(help: "Folder or manifest of the data set.")
        var path: String?

        private static let sofa = NamedRooms.Source.sofa.rawValue

        /// The file of rooms that is meant; nil for a data set.
        private var rooms: String? {
            if source == Self.sofa { return path }
            guard path == nil, DataSource(rawValue: source) == nil else { return nil }
            let isOfRooms =
                source.lowercased().hasSuffix(".sofa")
                || RoomResponses.isFolder(URL(fileURLWithPath: source))
            return isOfRooms ? source : nil
        }

        func validate() throws {
            if source == Self.sofa, path == nil {
                throw ValidationError(
                    "sofa needs a file: write '\(ProgramName.current) data info FILE.sofa', or --path FOLDER"
                )
            }
            if source == DataSource.builtin.rawValue, path != nil {
                throw ValidationError(
                    "--path is given, but the built-in sounds are no files: name another source, as in "
                        + "'\(ProgramName.current) data info folder --path DIR'")
            }
        }

        func run() throws {
            if let rooms {
                let found = try RoomResponses.load(URL(fileURLWithPath: rooms))
                Console.write(RoomResponsesText(found).text)
                return
            }
            let dataSet = try SoundDataSet.load(
                DataSettings(source: source, path: path),
                look: LookNotice.look { Console.error($0) })
            Console.write(DataSetText(summary: DataSummary(dataSet)).text)
        }
    }
}
