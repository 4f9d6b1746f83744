package import ArgumentParser
import Foundation
import Platform
import ResultsStore
import Studies

/// A sweep is named by its name or by the file that defines it; `@2` behind either names its second
/// plan instead of the one in view.
package enum SweepName {
    /// Whether it is a file that is named.
    package static func isFile(_ text: String) -> Bool {
        text.hasSuffix(".yaml") || text.hasSuffix(".yml")
    }

    package static let help: ArgumentHelp =
        "The sweep's name, or its file; NAME@1 for its first plan ('\(ProgramName.current) history')."

    /// Throws: `SweepFaults` if a file is given and faulty.
    package static func resolve(_ text: String) throws -> String {
        var reference = SweepReference(parsing: text)
        guard isFile(reference.name) else {
            return text
        }
        reference.name = try SweepSession.name(
            ofFile: reference.name, catalogue: Ablate.catalogue)
        return reference.description
    }
}
