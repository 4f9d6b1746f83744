import ArgumentParser
import Platform
import Studies
import Sweeps

/// `ablate settings`
struct SettingsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settings",
        abstract: "List what a sweep file may name; with names, all about these.",
        discussion: """
            EXAMPLE
              \(ProgramName.current) settings
              \(ProgramName.current) settings rt60 batch_size
              \(ProgramName.current) settings --format json
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case terminal, json
    }

    @Argument(
        help: "Settings, evaluations or metrics (default: all).",
        completion: .custom { _, _, _ in Completions.settings() })
    var names: [String] = []

    @Option(help: "One of: \(Format.allCases.map(\.rawValue).joined(separator: ", ")).")
    var format: Format = .terminal

    func run() throws {
        let study = Ablate.catalogue.standard
        let listing = SettingsListing(study)
        let width = Console.width
        let details = try names.map { name in
            guard let text = listing.details(of: name, width: width) else {
                throw CommandError.unknownSetting(
                    name, nearest: Self.nearest(name, study), advice: study.schema.advice(on: name))
            }
            return text
        }
        switch format {
        case .json: Console.write(listing.json(of: names))
        case .terminal:
            Console.write(
                names.isEmpty ? listing.overview(width: width) : details.joined(separator: "\n"))
        }
    }

    private static func nearest(_ name: String, _ study: any Study) -> [String] {
        let schema = study.schema
        let all = (schema.trial + schema.data).map(\.key) + study.figures.map(\.name)
        return Array(NearestName.ranked(name, all).prefix(3))
    }
}
