import ArgumentParser
import Platform
import Reports
import Studies
import Sweeps

/// `ablate settings`
struct SettingsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settings",
        abstract: "List every setting that a sweep file may name, with its default.",
        discussion: """
            EXAMPLE
              \(ProgramName.current) settings
              \(ProgramName.current) settings | grep rt60
            """)

    func run() throws {
        let schema = Ablate.catalogue.standard.schema
        Console.write("Settings of a trial (under base and parameters):\n")
        Self.list(schema.trial)
        Console.write("\nSettings of the data (under data):\n")
        Self.list(schema.data)
    }

    private static func list(_ descriptors: [SettingDescriptor]) {
        let width = descriptors.map(\.key.count).max() ?? 0
        for descriptor in descriptors {
            let key = descriptor.key.padding(toLength: width)
            let unit = descriptor.unit.map { " [\($0)]" } ?? ""
            Console.write(
                "  \(key)  \(descriptor.summary)\(unit); default \(descriptor.defaultValue)\n")
        }
    }
}
