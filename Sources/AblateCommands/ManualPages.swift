package import ArgumentParser
import Foundation
import Platform
import Studies

/// The manual's pages, one a command, from the commands' own help.
package enum ManualPages {
    /// Every command, with the name of its page: `ablate-data-info`.
    package static func all(
        _ root: any ParsableCommand.Type, program: String
    ) -> [(name: String, text: String)] {
        var pages = [(program, page(root, root, name: program))]
        func add(below command: any ParsableCommand.Type, _ path: String) {
            for type in command.configuration.subcommands where type.configuration.shouldDisplay {
                let name = "\(path)-\(type.configuration.commandName ?? "")"
                pages.append((name, page(type, root, name: name)))
                add(below: type, name)
            }
        }
        add(below: root, program)
        return pages
    }

    private static func page(
        _ command: any ParsableCommand.Type, _ root: any ParsableCommand.Type, name: String
    ) -> String {
        let abstract = command.configuration.abstract
        var text =
            ".TH \(escaped(name.uppercased())) 1\n.SH NAME\n\(escaped(name)) \\- \(escaped(abstract))\n"
        var isVerbatim = false
        func section(_ title: String) {
            if isVerbatim { text += ".fi\n" }
            text += ".SH \(title)\n.nf\n"
            isVerbatim = true
        }
        for line in root.helpMessage(for: command, columns: 78).components(separatedBy: "\n") {
            if let match = line.wholeMatch(of: /([A-Z]+):(.*)/) {
                let rest = match.output.2.trimmingCharacters(in: .whitespaces)
                // The abstract stands under NAME.
                section(match.output.1 == "OVERVIEW" ? "DESCRIPTION" : String(match.output.1))
                if match.output.1 != "OVERVIEW", !rest.isEmpty { text += escaped(rest) + "\n" }
            } else if line.wholeMatch(of: /[A-Z][A-Z ]+/) != nil {
                section(line)
            } else {
                text += escaped(line) + "\n"
            }
        }
        return text + (isVerbatim ? ".fi\n" : "")
    }

    /// A line that troff prints as it is.
    private static func escaped(_ line: String) -> String {
        let plain = line.replacing("\\", with: "\\e").replacing("-", with: "\\-")
        return plain.hasPrefix(".") || plain.hasPrefix("'") ? "\\&" + plain : plain
    }
}
