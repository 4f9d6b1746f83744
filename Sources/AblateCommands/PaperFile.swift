import Foundation
import Reports

/// A paper to be checked against a table.
enum PaperFile {
    /// Throws: ``CommandError/unreadableText(path:reason:)`` where it is no UTF-8: in another encoding
    /// no marker would be seen.
    static func text(at path: String) throws -> String {
        // A pipe would never be read to its end.
        var status = stat()
        guard stat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG else {
            throw CommandError.unreadableText(path: path, reason: "it is not a regular file")
        }
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: path))
        } catch {
            throw CommandError.unreadableText(path: path, reason: error.localizedDescription)
        }
        if data.starts(with: [0xFF, 0xFE]) || data.starts(with: [0xFE, 0xFF]) || data.contains(0) {
            throw CommandError.unreadableText(
                path: path, reason: "it is UTF-16, or no text; save it as UTF-8")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw CommandError.unreadableText(
                path: path, reason: "it is not UTF-8; save it as UTF-8")
        }
        return text
    }

    /// By the file's ending; nil where that says nothing.
    static func syntax(ofName path: String) -> TableCheck.Syntax? {
        switch URL(filePath: path).pathExtension.lowercased() {
        case "md", "markdown", "rmd", "qmd", "html", "htm": .markdown
        case "tex", "ltx", "latex", "sty": .latex
        default: nil
        }
    }
}
