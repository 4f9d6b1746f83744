import Foundation

/// The files beside a Python script that it imports, itself or by what it imports.
///
/// Lines are read, not the language: an import that is made up of texts while the program runs is not seen.
struct PythonImports {
    /// In the order found, with paths relative to the script's folder.
    private(set) var files: [(path: String, url: URL)] = []
    private let root: URL
    private var seen: Set<String> = []

    /// More is no program that somebody names file by file.
    private static let mostFiles = 500

    init(of script: URL) {
        root = script.deletingLastPathComponent().standardizedFileURL
        seen.insert(script.standardizedFileURL.path)
        var next = 0
        var queue = [script]
        while next < queue.count, files.count < Self.mostFiles {
            for file in imported(by: queue[next]) where seen.insert(file.path).inserted {
                queue.append(file)
                files.append((String(file.path.dropFirst(root.path.count + 1)), file))
            }
            next += 1
        }
    }

    private func imported(by file: URL) -> [URL] {
        guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
        return Self.statements(text).flatMap { statement -> [URL] in
            var start = root
            if statement.dots > 0 {
                start = file.deletingLastPathComponent().standardizedFileURL
                for _ in 1..<statement.dots { start.deleteLastPathComponent() }
            }
            return self.files(of: statement.parts, names: statement.names, in: start)
        }
    }

    /// The packages on the way, the module, and the modules that are taken from it by name.
    private func files(of parts: [String], names: [String], in start: URL) -> [URL] {
        var found: [URL] = []
        var place = start
        func add(_ name: String) {
            for path in ["\(name).py", "\(name)/__init__.py"] {
                let file = place.appending(path: path).standardizedFileURL
                guard file.path.hasPrefix(root.path + "/"),
                    FileManager.default.fileExists(atPath: file.path)
                else { continue }
                return found.append(file)
            }
        }
        if parts.isEmpty { add("__init__") }
        for part in parts {
            add(part)
            place.append(path: part)
        }
        for name in names { add(name) }
        return found
    }

    private struct Statement {
        /// Of a relative import.
        var dots = 0
        var parts: [String]
        /// What `from ... import` takes.
        var names: [String] = []
    }

    private static func statements(_ text: String) -> [Statement] {
        let lines = text.replacing("\\\n", with: " ").split(separator: "\n")
        var statements: [Statement] = []
        var open: Int?
        for line in lines {
            let code = line.prefix { $0 != "#" }.trimmingCharacters(in: .whitespaces)
            if let index = open {
                statements[index].names += names(code[...])
                if code.contains(")") { open = nil }
            } else if code.hasPrefix("import ") {
                statements += names(code.dropFirst(7)).map {
                    Statement(parts: $0.split(separator: ".").map(String.init))
                }
            } else if code.hasPrefix("from "), let middle = code.firstRange(of: " import ") {
                let module = code[..<middle.lowerBound].dropFirst(5)
                    .trimmingCharacters(in: .whitespaces)
                let taken = code[middle.upperBound...]
                statements.append(
                    Statement(
                        dots: module.prefix { $0 == "." }.count,
                        parts: module.split(separator: ".").map(String.init), names: names(taken)))
                if taken.contains("("), !taken.contains(")") { open = statements.count - 1 }
            }
        }
        return statements
    }

    /// Of `a, b as c` the names `a` and `b`.
    private static func names(_ text: Substring) -> [String] {
        text.split(whereSeparator: { $0 == "," || $0 == ";" }).compactMap { part in
            let word = part.split(whereSeparator: { " \t()".contains($0) }).first.map { String($0) }
            return word == "*" ? nil : word
        }
    }
}
