import Foundation

extension SoundDataSet {
    /// One folder a class. Files directly in it are groups of their own; files in a folder within it
    /// are one group (`dog/rex/bark1.wav` and `dog/rex/bark2.wav`). Hidden files are skipped. A folder
    /// `unlabelled` is no class: its files are for pretraining.
    static func loadFolder(
        _ url: URL, _ settings: DataSettings, _ look: FirstLook
    ) throws -> SoundDataSet {
        let folder = try requireFolder(url, source: "folder")
        var walk = try FolderWalk(folder.path)
        guard !walk.classes.isEmpty else {
            throw SoundDataError.noClassFolders(
                path: folder.path, manifest: manifest(in: folder))
        }
        var candidates: [ClipCandidate] = []
        for category in walk.classes {
            for path in walk.files(ofClass: category) {
                let identifier = "\(category)/\(path)"
                let parts = path.split(separator: "/")
                let group = parts.count > 1 ? "\(category)/\(parts[0])/" : identifier
                candidates.append(
                    ClipCandidate(
                        identifier: identifier,
                        file: URL(fileURLWithPath: "\(folder.path)/\(identifier)"),
                        label: category,
                        split: category == "unlabelled" ? .pretraining : nil, group: group))
            }
        }
        return try ClipCollection(
            name: folder.lastPathComponent, path: folder.path, folder: folder,
            candidates: candidates, isListed: false, leftOut: walk.leftOut, remarks: walk.remarks
        ).dataSet(settings, look)
    }

    /// The list of clips that a folder holds: `manifest.csv`, else the only CSV file.
    static func manifest(in folder: URL) -> String? {
        let lists = ((try? FilePath.names(in: folder.path)) ?? [])
            .filter { $0.lowercased().hasSuffix(".csv") }
        return lists.contains("manifest.csv") ? "manifest.csv" : lists.count == 1 ? lists[0] : nil
    }

    static func requireFolder(_ url: URL, source: String) throws -> URL {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder),
            isFolder.boolValue
        else { throw SoundDataError.folderNotFound(path: url.path, source: source) }
        return url
    }
}

/// Finds the files of class folders, through links, each folder once.
private struct FolderWalk {
    /// The names of the folders that are classes.
    let classes: [String]
    private(set) var leftOut: [LeftOutClip] = []
    private(set) var remarks: [DataRemark] = []
    private let root: String

    init(_ root: String) throws {
        self.root = root
        do {
            let names = try FilePath.names(in: root).filter { !$0.hasPrefix(".") }
            classes = names.filter { FilePath.isFolder("\(root)/\($0)") }
            for name in names where !FilePath.isFolder("\(root)/\(name)") {
                noteBeside(name)
            }
        } catch {
            throw SoundDataError.fileSystem(
                path: root, operation: "read", reason: error.reason)
        }
    }

    /// Paths below the class's folder.
    mutating func files(ofClass category: String) -> [String] {
        // A link that leads back up, or a second time to the same folder, brings nothing new.
        var visited: Set<FolderIdentity> = []
        if let status = FilePath.status(root) { visited.insert(FolderIdentity(status)) }
        var paths: [String] = []
        let before = leftOut.count
        collect("", of: category, &visited, &paths)
        if paths.isEmpty, leftOut.count == before {
            remarks.append(DataRemark(.emptyFolder, path: CanonicalText.normalised(category)))
        }
        return paths.sorted()
    }

    /// What lies where class folders should: a link that leads nowhere, or a recording.
    private mutating func noteBeside(_ name: String) {
        let shown = CanonicalText.normalised(name)
        if FilePath.isLink("\(root)/\(name)"), FilePath.status("\(root)/\(name)") == nil {
            leftOut.append(
                LeftOutClip(path: shown, fault: .missing, reason: "its link leads nowhere"))
        } else if AudioFile.endings.contains((name as NSString).pathExtension.lowercased()) {
            remarks.append(DataRemark(.beside, path: shown))
        }
    }

    private mutating func collect(
        _ below: String, of category: String, _ visited: inout Set<FolderIdentity>,
        _ paths: inout [String]
    ) {
        let folder = "\(root)/\(category)" + (below.isEmpty ? "" : "/\(below)")
        guard let status = FilePath.status(folder) else { return }
        guard visited.insert(FolderIdentity(status)).inserted else {
            remarks.append(
                DataRemark(
                    .loop,
                    path: CanonicalText.normalised(
                        "\(category)" + (below.isEmpty ? "" : "/\(below)"))))
            return
        }
        var links: [String] = []
        do {
            for name in try FilePath.names(in: folder) where !name.hasPrefix(".") {
                let path = below.isEmpty ? name : "\(below)/\(name)"
                if !FilePath.isFolder("\(folder)/\(name)") {
                    // A link that leads nowhere is a clip that cannot be read.
                    paths.append(path)
                } else if FilePath.isLink("\(folder)/\(name)") {
                    links.append(path)
                } else {
                    collect(path, of: category, &visited, &paths)
                }
            }
        } catch {
            leftOut.append(
                LeftOutClip(
                    path: CanonicalText.normalised("\(category)/\(below)"), fault: error.fault,
                    reason: error.reason))
        }
        for link in links { collect(link, of: category, &visited, &paths) }
    }
}

private struct FolderIdentity: Hashable {
    let device: UInt64
    let inode: UInt64

    init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }
}
