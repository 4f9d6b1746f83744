import Foundation

extension SoundDataSet {
    /// One folder a class. Files directly in it are groups of their own; files in a folder within it
    /// are one group (`dog/rex/bark1.wav` and `dog/rex/bark2.wav`). Hidden files are skipped.
    static func loadFolder(_ url: URL, _ settings: DataSettings) throws -> SoundDataSet {
        let folder = try requireFolder(url, source: "folder")
        let classes = folders(in: folder)
        guard !classes.isEmpty else { throw SoundDataError.noClassFolders(path: folder.path) }
        var candidates: [ClipCandidate] = []
        for category in classes {
            let categoryFolder = folder.appendingPathComponent(category, isDirectory: true)
            for path in files(below: categoryFolder) {
                let identifier = "\(category)/\(path)"
                let parts = path.split(separator: "/")
                let group = parts.count > 1 ? "\(category)/\(parts[0])/" : identifier
                candidates.append(
                    ClipCandidate(
                        identifier: identifier, file: categoryFolder.appendingPathComponent(path),
                        label: category, group: group))
            }
        }
        return try ClipCollection(
            name: folder.lastPathComponent, path: folder.path, candidates: candidates
        ).dataSet(settings)
    }

    static func requireFolder(_ url: URL, source: String) throws -> URL {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder),
            isFolder.boolValue
        else { throw SoundDataError.folderNotFound(path: url.path, source: source) }
        return url
    }

    private static func folders(in url: URL) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
        return names.filter { name in
            var isFolder: ObjCBool = false
            let path = url.appendingPathComponent(name).path
            return !name.hasPrefix(".")
                && FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
                && isFolder.boolValue
        }.sorted()
    }

    private static func files(below url: URL) -> [String] {
        let entries = FileManager.default.enumerator(atPath: url.path)
        var paths: [String] = []
        while let path = entries?.nextObject() as? String {
            guard !path.split(separator: "/").contains(where: { $0.hasPrefix(".") }) else {
                continue
            }
            var isFolder: ObjCBool = false
            let full = url.appendingPathComponent(path).path
            // A dangling link does not "exist", and is a clip that cannot be read.
            if !FileManager.default.fileExists(atPath: full, isDirectory: &isFolder)
                || !isFolder.boolValue
            {
                paths.append(path)
            }
        }
        return paths.sorted()
    }
}
