import Digests
import Files
import Foundation
import Platform
import ResultsStore
import Studies

/// A folder that holds one sweep in one form, and is written again and again while the sweep runs.
///
/// A mark in it says whose it is: what somebody else has put there is never written over.
package final class ExportFolder {
    private struct Mark: Codable, Equatable {
        var form: String
        var sweep: String
        var plan: String
    }

    let url: URL
    private let lock: FolderLock

    /// Makes the folder where there is none.
    ///
    /// Throws: ``BridgesError`` for a folder with something else in it.
    init(_ url: URL, of sweep: ExportedSweep, as form: ExportForm) throws {
        self.url = url
        let mark = Mark(
            form: form.rawValue, sweep: sweep.record.revision.reference.name, plan: sweep.plan)
        let file = url.appending(path: ".ablate-export.json")
        let manager = FileManager.default
        do {
            try manager.createDirectory(at: url, withIntermediateDirectories: true)
        } catch {
            throw BridgesError.unwritable(
                path: url.relativePath, reason: error.localizedDescription)
        }
        lock = FolderLock(url)
        if let data = try? Data(contentsOf: file) {
            guard let found = try? JSONDecoder().decode(Mark.self, from: data), found == mark else {
                throw BridgesError.otherExport(path: url.relativePath, sweep: sweep.name)
            }
            return
        }
        let content = (try? manager.contentsOfDirectory(atPath: url.path)) ?? []
        guard content.isEmpty else { throw BridgesError.notAnExport(path: url.relativePath) }
        try WholeFile.write(SortedJSON.data(of: mark), to: file)
    }

    /// Writes a file of the folder unless it has that content already; returns whether it had not.
    @discardableResult
    func write(_ text: String, to name: String) throws -> Bool {
        let file = url.appending(path: name)
        let data = Data(text.utf8)
        if (try? Data(contentsOf: file)) == data { return false }
        try WholeFile.write(data, to: file)
        return true
    }

    /// A label as part of a path: without what separates paths, hides files or confuses terminals.
    package static func name(_ label: String) -> String {
        let name = String(
            label.unicodeScalars.map { scalar in
                let isBad =
                    scalar.value < 0x20 || scalar.value == 0x7F
                    || "/\\:".unicodeScalars.contains(scalar)
                return isBad ? "_" : Character(scalar)
            })
        return String(name.prefix(80)).trimmingCharacters(in: .whitespaces)
    }
}
