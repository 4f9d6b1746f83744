import CArchive
package import Foundation

/// Packs a folder as a tar file under Zstandard. The same files give the same bytes: names in order, no times,
/// no owners.
package enum ArchiveWriter {
    /// `AE_IFREG` of libarchive, a macro that Swift does not see.
    static let fileType: UInt32 = 0o100000

    /// - Parameters:
    ///   - folder: what is packed, under its own name.
    ///   - file: is there whole or not at all.
    /// - Throws: ``BundleError``.
    package static func pack(_ folder: URL, to file: URL) throws {
        let part = file.deletingLastPathComponent()
            .appending(path: ".\(file.lastPathComponent).\(getpid()).part")
        defer { unlink(part.path) }
        unlink(part.path)
        guard let archive = archive_write_new() else { throw BundleError.noMemory }
        defer { archive_write_free(archive) }
        func check(_ code: Int32) throws {
            guard code == ARCHIVE_OK else {
                throw BundleError.unwritable(
                    path: file.relativePath, reason: message(of: archive))
            }
        }
        try check(archive_write_add_filter_zstd(archive))
        try check(archive_write_set_format_pax_restricted(archive))
        // Names are bytes of UTF-8: libarchive would take them through the letters of the user's locale.
        try check(archive_write_set_options(archive, "hdrcharset=BINARY"))
        try check(archive_write_open_filename(archive, part.path))
        for name in try names(below: folder) {
            try check(
                add(
                    folder.appending(path: name), as: folder.lastPathComponent + "/" + name,
                    to: archive))
        }
        try check(archive_write_close(archive))
        guard rename(part.path, file.path) == 0 else {
            throw BundleError.unwritable(
                path: file.relativePath, reason: String(cString: strerror(errno)))
        }
    }

    private static func add(_ file: URL, as name: String, to archive: OpaquePointer) throws -> Int32
    {
        let content: Data
        do {
            content = try Data(contentsOf: file, options: .mappedIfSafe)
        } catch {
            throw BundleError.unreadable(path: file.path, reason: error.localizedDescription)
        }
        guard let entry = archive_entry_new() else { throw BundleError.noMemory }
        defer { archive_entry_free(entry) }
        archive_entry_set_pathname(entry, name)
        archive_entry_set_size(entry, Int64(content.count))
        archive_entry_set_filetype(entry, fileType)
        let isProgram = FileManager.default.isExecutableFile(atPath: file.path)
        archive_entry_set_perm(entry, isProgram ? 0o755 : 0o644)
        archive_entry_set_mtime(entry, 0, 0)
        var code = archive_write_header(archive, entry)
        guard code == ARCHIVE_OK else { return code }
        content.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty, code == ARCHIVE_OK {
                let count = archive_write_data(
                    archive, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count <= 0 { code = ARCHIVE_FATAL }
                rest = rest.dropFirst(max(0, count))
            }
        }
        return code
    }

    /// Files alone, in the order of their bytes.
    private static func names(below folder: URL) throws -> [String] {
        let all = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        return all.filter { name in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(
                atPath: folder.appending(path: name).path, isDirectory: &isFolder)
                && !isFolder.boolValue
        }.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
    }

    static func message(of archive: OpaquePointer) -> String {
        archive_error_string(archive).map { String(cString: $0) }
            ?? "error \(archive_errno(archive))"
    }
}
