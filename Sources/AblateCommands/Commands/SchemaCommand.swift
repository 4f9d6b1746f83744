package import ArgumentParser
import Foundation
import Platform
package import Studies
import Sweeps

/// `ablate schema`
package struct SchemaCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print the JSON Schema of sweep files, for editors that complete them.",
        discussion: """
            An editor with a YAML language server reads it where the file's first line is \
            '# yaml-language-server: $schema=schema.json'.

            EXAMPLE
              \(ProgramName.current) schema > schema.json
            """)

    package init() {}

    package func run() throws {
        Console.write(try Self.text(Ablate.catalogue))
    }

    /// Indented, keys sorted.
    package static func text(_ catalogue: StudyCatalogue) throws -> String {
        let others = catalogue.studies.dropFirst().map(\.name)
        let schema = JSONSchema.document(
            catalogue.standard.schema, study: catalogue.standard.name, others: others)
        let value = try JSONSerialization.jsonObject(with: Data(schema.canonicalJSON.utf8))
        let data = try JSONSerialization.data(
            withJSONObject: value, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
        return String(decoding: data, as: UTF8.self) + "\n"
    }
}
