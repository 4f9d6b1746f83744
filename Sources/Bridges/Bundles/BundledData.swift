import Files
package import Foundation
import Platform
package import Sweeps

/// What a bundle takes along of the data: licences that lie beside them, and the recordings themselves where that is asked for.
package struct BundledData: Sendable {
    /// The folder that has everything, and the list of recordings in it where there is one.
    private let folder: URL
    private let list: URL?

    /// nil where the settings name no folder and no list that is there: data that a program makes itself have none.
    ///
    /// - Parameter settings: as the sweep has them; a path is one from where the run began.
    package init?(_ settings: [String: SettingValue]) {
        guard let path = settings["path"]?.text, !path.isEmpty else { return nil }
        let place = URL(fileURLWithPath: path).standardizedFileURL
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: place.path, isDirectory: &isFolder) else {
            return nil
        }
        folder = isFolder.boolValue ? place : place.deletingLastPathComponent()
        list = isFolder.boolValue ? nil : place
    }

    /// Units: bytes. What is longer is no licence.
    private static let longestLicence = 4 << 20
    private static let namesOfLicences = ["licen", "copying", "copyright", "notice", "attribution"]

    /// By what they are called: files at the top of the folder, and those of its folder `licences`.
    package var licences: [URL] {
        [folder, folder.appending(path: "licences"), folder.appending(path: "LICENSES")].flatMap {
            place in
            let names = (try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? []
            return names.sorted().filter { name in
                place != folder
                    || Self.namesOfLicences.contains { name.lowercased().hasPrefix($0) }
            }.map { place.appending(path: $0) }
        }.filter { file in
            let facts = try? file.resourceValues(forKeys: [.isRegularFileKey, .fileSizeKey])
            return facts?.isRegularFile == true
                && (facts?.fileSize ?? .max) <= Self.longestLicence
        }
    }

    /// Copies the licences; returns their paths in the bundle.
    ///
    /// Throws: ``BundleError/unwritable(path:reason:)``.
    package func copyLicences(to bundle: URL) throws -> [String] {
        try licences.map { file in
            let name =
                "licences/"
                + String(file.path.dropFirst(folder.path.count + 1))
                .replacing("/", with: "-")
            try Self.copy(file, to: bundle.appending(path: name))
            return name
        }
    }

    /// Copies the recordings; returns what `--data` is to be given, a path in the bundle.
    ///
    /// Throws: ``BundleError`` for a list that names recordings elsewhere.
    package func copyRecordings(to bundle: URL) throws -> String {
        let place = bundle.appending(path: "data")
        guard let list else {
            try Self.copy(folder, to: place)
            return "data"
        }
        try Self.copy(list, to: place.appending(path: list.lastPathComponent))
        for name in try recordings(of: list) {
            let file = folder.appending(path: name).standardizedFileURL
            guard !name.hasPrefix("/"), file.path.hasPrefix(folder.path + "/") else {
                throw BundleError.recordingElsewhere(name, list: list.relativePath)
            }
            // A clip that the list has is not always there: it was left out then, and is here too.
            guard FileManager.default.fileExists(atPath: file.path) else { continue }
            let target = place.appending(path: String(file.path.dropFirst(folder.path.count + 1)))
            guard !FileManager.default.fileExists(atPath: target.path) else { continue }
            try Self.copy(file.resolvingSymlinksInPath(), to: target)
        }
        return "data/" + list.lastPathComponent
    }

    private func recordings(of list: URL) throws -> [String] {
        guard let text = try? String(contentsOf: list, encoding: .utf8),
            let table = try? CommaSeparatedTable(parsing: text), let column = table.column("path")
        else {
            throw BundleError.unreadable(
                path: list.relativePath, reason: "it is no list of recordings")
        }
        return table.rows.map { $0.fields[column] }
    }

    private static func copy(_ file: URL, to target: URL) throws {
        do {
            try FileManager.default.createDirectory(
                at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
            try FileManager.default.copyItem(at: file, to: target)
        } catch {
            throw BundleError.unwritable(
                path: target.relativePath, reason: error.localizedDescription)
        }
    }
}
