import ArgumentParser
import Sweeps
import Trials

/// `ablate settings`
struct SettingsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settings",
        abstract: "List every setting that a sweep file may name, with its default.",
        discussion: """
            EXAMPLE
              ablate settings
              ablate settings | grep rt60
            """)

    func run() throws {
        Console.write("Settings of a trial (under base and parameters):\n")
        Self.list(TrialSchema.schema.trial)
        Console.write("\nSettings of the data (under data):\n")
        Self.list(TrialSchema.schema.data)
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

extension String {
    /// The text followed by blanks up to a length; a longer text stays whole.
    func padding(toLength length: Int) -> String {
        self + String(repeating: " ", count: max(0, length - count))
    }
}
