import Foundation

/// Where the paths of a table lead, and the one spelling that each clip has.
struct ClipPlaces {
    private let folder: String
    private let realFolder: String
    private var realFolders: [String: String?] = [:]

    init(folder: String) {
        self.folder = folder
        realFolder = FilePath.resolved(folder) ?? folder
    }

    /// The file that a table's field names, and its identifier: the path below the table's folder,
    /// links of folders followed, however it is spelt; for a file elsewhere what is written, without
    /// detours.
    ///
    /// Names with blanks around them exist, as do names in both Unicode forms: what is written is
    /// looked for first.
    mutating func place(of field: String) -> (identifier: String, path: String) {
        let trimmed = CanonicalText.unpadded(field)
        let spellings = [
            field, trimmed, field.precomposedStringWithCanonicalMapping,
            field.decomposedStringWithCanonicalMapping,
            trimmed.precomposedStringWithCanonicalMapping,
            trimmed.decomposedStringWithCanonicalMapping,
        ]
        let spelling =
            spellings.first {
                FilePath.status(absolute($0)) != nil || FilePath.isLink(absolute($0))
            }
            ?? field
        let path = absolute(spelling)
        return (identifier(of: path) ?? CanonicalText.path(spelling), path)
    }

    private func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : "\(folder)/\(path)"
    }

    private mutating func identifier(of path: String) -> String? {
        let parts = path.split(separator: "/", omittingEmptySubsequences: true)
        guard let name = parts.last, name != ".", name != ".." else { return nil }
        let parent = "/" + parts.dropLast().joined(separator: "/")
        let real = realFolders[parent] ?? FilePath.resolved(parent)
        realFolders[parent] = real
        guard let real else { return nil }
        if real == realFolder { return String(name) }
        let prefix = realFolder == "/" ? "/" : realFolder + "/"
        return real.hasPrefix(prefix) ? real.dropFirst(prefix.count) + "/" + name : nil
    }
}
