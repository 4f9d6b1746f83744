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

    /// The same, and a word to the user where the file says something else by now than the plan in view.
    ///
    /// Throws: `SweepFaults` if a file is given and faulty, `StoreError`.
    static func resolve(_ text: String, comparingWith store: StudyStore) throws -> String {
        let name = try resolve(text)
        if isFile(text), try SweepSession.isOther(file: text, than: store) {
            Console.error(
                "\(text) has other words by now than when \(name) was run: what follows is of the plan as it was run; "
                    + "'\(ProgramName.current) run \(text)' takes up what the file says")
        }
        return name
    }

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
