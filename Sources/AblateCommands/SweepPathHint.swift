import Foundation
import ResultsStore
import Studies

/// Where the file of a sweep may be when only its name was typed.
enum SweepPathHint {
    /// Throws: ``CommandError/noSweepFile(_:remedy:)`` where `path` is none and looks like a sweep's name.
    static func check(_ path: String, layout: ResultsLayout) throws {
        let files = FileManager.default
        guard !files.fileExists(atPath: path), !path.contains("/"), !path.isEmpty else { return }
        if let command = command(ofSweep: path, layout) {
            throw CommandError.noSweepFile(
                path,
                remedy:
                    "the sweep of that name in \(layout.root.relativePath) was made by: \(command)")
        }
        for candidate in ["\(path).yaml", "\(path).yml", "sweeps/\(path).yaml", "sweeps/\(path)"]
        where files.fileExists(atPath: candidate) {
            throw CommandError.noSweepFile(path, remedy: "did you mean \(candidate)?")
        }
    }

    private static func command(ofSweep name: String, _ layout: ResultsLayout) -> String? {
        guard FileManager.default.fileExists(atPath: layout.database.path),
            let store = try? ResultsStore(readingFrom: layout.database.path),
            let sweep = try? store.sweep(name)
        else { return nil }
        return sweep.facts["command"]
    }
}
