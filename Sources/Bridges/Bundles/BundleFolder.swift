import Digests
package import Foundation
import Reports
package import Studies
import Sweeps

/// A bundle, unpacked and checked.
package struct BundleFolder: Sendable {
    package let url: URL
    package let manifest: BundleManifest

    /// The largest `bundle.json` that is read. Units: bytes.
    private static let largestManifest = 256 << 20

    /// Unpacks a bundle into a folder that is not there yet; nothing is left of one that cannot be trusted.
    ///
    /// Throws: ``BundleError``.
    package init(unpacking file: URL, to folder: URL) throws {
        let names = try ArchiveReader.unpack(file, to: folder)
        do {
            let tops = Set(names.map { $0.prefix { $0 != "/" } })
            guard let top = tops.first, tops.count == 1 else {
                throw BundleError.damaged(
                    path: file.relativePath, detail: "it is not one folder, but \(tops.count)")
            }
            url = folder.appending(path: String(top))
            manifest = try Self.manifest(
                url, names.map { String($0.dropFirst(top.count + 1)) }, file)
        } catch {
            try? FileManager.default.removeItem(at: folder)
            throw error
        }
    }

    private static func manifest(
        _ folder: URL, _ names: [String], _ file: URL
    ) throws -> BundleManifest {
        func damage(_ detail: String) -> BundleError {
            .damaged(path: file.relativePath, detail: detail)
        }
        let place = folder.appending(path: BundleManifest.name)
        let size = try? FileManager.default.attributesOfItem(atPath: place.path)[.size] as? Int
        guard let size, size <= largestManifest, let data = try? Data(contentsOf: place) else {
            throw damage("it has no \(BundleManifest.name) that could be read")
        }
        guard let manifest = try? JSONDecoder().decode(BundleManifest.self, from: data) else {
            throw damage("its \(BundleManifest.name) is not what 'bundle' writes")
        }
        guard manifest.format == BundleManifest.format else {
            throw damage(
                "its format is \(manifest.format), and this program reads \(BundleManifest.format)")
        }
        guard SweepNameRule.allows(manifest.sweep) else {
            throw damage("'\(manifest.sweep)' is no name of a sweep")
        }
        if let seeds = manifest.mostSeeds, !SweepSession.maximumSeedsRange.contains(seeds) {
            throw damage(
                "it asks for \(seeds) seeds, and an open plan has "
                    + "\(SweepSession.maximumSeedsRange.lowerBound) to "
                    + "\(SweepSession.maximumSeedsRange.upperBound)")
        }
        if let state = manifest.repository, !state.isCommit {
            throw damage("'\(state.commit.prefix(64))' is no commit of Git")
        }
        if let detail = manifest.contradiction { throw damage(detail) }
        let found = Set(names).subtracting([BundleManifest.name])
        guard found == Set(manifest.files.keys) else {
            let odd = found.symmetricDifference(manifest.files.keys).sorted()
            throw damage("\(odd[0]) is not in both its list and its files")
        }
        for (name, wanted) in manifest.files {
            // Mapped, since it may be large.
            let content = try? Data(
                contentsOf: folder.appending(path: name), options: .mappedIfSafe)
            guard content.map(BundleManifest.file) == wanted else {
                throw damage("\(name) has changed since it was packed")
            }
        }
        guard manifest.files[BundleManifest.sweepFile] != nil else {
            throw damage("it has no \(BundleManifest.sweepFile)")
        }
        return manifest
    }

    /// The sweep, ready to run again with the data of this machine.
    ///
    /// - Parameters:
    ///   - data: where they are; nil for where the sweep file says.
    ///   - runsPrograms: whether the programs that the file names may be started.
    /// - Throws: ``BundleError`` for other data, or programs that nobody has allowed; `SweepFaults`.
    package func session(
        data: String?, runsPrograms: Bool, catalogue: StudyCatalogue, results: URL,
        notice: @escaping @Sendable (String) -> Void
    ) throws -> SweepSession {
        guard !manifest.isTuned else { throw BundleError.tuned(sweep: manifest.sweep) }
        let path = url.appending(path: BundleManifest.sweepFile).path
        let overrides = manifest.overrides(data: try data ?? recordings?.path)
        let commands = try SweepSession.study(
            ofFile: path, overrides: overrides, catalogue: catalogue
        ).commandLines
        guard commands.isEmpty || runsPrograms else {
            throw BundleError.programs(commands: commands)
        }
        let session: SweepSession
        do {
            session = try SweepSession(
                path: path, overrides: overrides, catalogue: catalogue, name: manifest.sweep,
                maximumSeeds: manifest.mostSeeds, results: results, notice: notice)
        } catch  where !commands.isEmpty && !manifest.hasPrograms {
            throw BundleError.withoutPrograms(sweep: manifest.sweep, reason: "\(error)")
        }
        let found = session.prepared.dataDigest.description
        guard found == manifest.data.digest else {
            let notes = session.prepared.facts["data_notes"].flatMap {
                try? JSONDecoder().decode([String].self, from: Data($0.utf8))
            }
            throw BundleError.otherData(
                found: found, wanted: manifest.data.digest, data: manifest.data.name,
                notes: (notes ?? []).filter { !manifest.data.notes.contains($0) })
        }
        if let detail = manifest.contradiction(to: session.registration) {
            throw BundleError.damaged(path: manifest.sweep, detail: detail)
        }
        return session
    }

    /// Where the bundle's own recordings are; nil where it has none.
    ///
    /// Throws: ``BundleError/damaged(path:detail:)`` for a place that is none of the bundle's.
    private var recordings: URL? {
        get throws {
            guard let name = manifest.data.recordings else { return nil }
            let isOwn = manifest.files.keys.contains { $0 == name || $0.hasPrefix(name + "/") }
            guard isOwn else {
                throw BundleError.damaged(
                    path: url.relativePath, detail: "it has no recordings at '\(name)'")
            }
            return url.appending(path: name)
        }
    }

    /// The labels of the rows that are asked for.
    ///
    /// Throws: ``BundleError/unknownRow(_:known:)``.
    package func rows(_ asked: [String]) throws -> Set<String>? {
        guard !asked.isEmpty else { return nil }
        return Set(
            try asked.map { row in
                guard
                    let label = manifest.rows.first(where: { Table.typed($0) == Table.typed(row) })
                else { throw BundleError.unknownRow(row, known: manifest.rows) }
                return label
            })
    }
}
