import CArchive
package import Foundation
import Platform

/// Unpacks an archive that a stranger may have made.
///
/// Of what libarchive can read, only tar under Zstandard; of what tar can hold, only regular files and folders
/// with plain relative names. Everything goes into a folder that was not there before and that nobody else
/// writes to, by names that are checked here: where no link is ever made, no path leads out through one.
package enum ArchiveReader {
    /// What an archive may hold.
    package struct Limits: Sendable {
        /// Files and folders.
        package var files = 200_000
        /// Units: bytes.
        package var total: Int64 = 64 << 30
        /// Units: bytes, of a name.
        package var name = 1000
        package var depth = 40

        package init() {}
    }

    /// `AE_IFDIR` of libarchive, a macro that Swift does not see.
    private static let folderType: UInt32 = 0o040000
    /// `ARCHIVE_FILTER_ZSTD` of libarchive.
    private static let zstandard: Int32 = 14

    /// Unpacks into `folder`, which must not be there; leaves nothing behind where it fails.
    ///
    /// - Returns: the names of the files, as the archive has them.
    /// - Throws: ``BundleError``.
    @discardableResult
    package static func unpack(
        _ file: URL, to folder: URL, limits: Limits = Limits()
    ) throws -> [String] {
        // A pipe without a writer would be waited for.
        let kind = try? file.resolvingSymlinksInPath().resourceValues(forKeys: [.isRegularFileKey])
        if FileManager.default.fileExists(atPath: file.path), kind?.isRegularFile != true {
            throw BundleError.unreadable(
                path: file.relativePath, reason: "it is no regular file")
        }
        guard mkdir(folder.path, 0o777) == 0 else {
            throw errno == EEXIST
                ? BundleError.exists(path: folder.relativePath)
                : .unwritable(path: folder.relativePath, reason: String(cString: strerror(errno)))
        }
        do {
            return try unpack(file, into: folder, limits)
        } catch {
            try? FileManager.default.removeItem(at: folder)
            throw error
        }
    }

    private static func unpack(
        _ file: URL, into folder: URL, _ limits: Limits
    ) throws -> [String] {
        guard let archive = archive_read_new() else { throw BundleError.noMemory }
        defer { archive_read_free(archive) }
        func damage(_ detail: String) -> BundleError {
            .damaged(path: file.relativePath, detail: detail)
        }
        archive_read_support_filter_zstd(archive)
        archive_read_support_format_tar(archive)
        guard archive_read_open_filename(archive, file.path, 1 << 16) == ARCHIVE_OK else {
            throw BundleError.unreadable(
                path: file.relativePath, reason: ArchiveWriter.message(of: archive))
        }
        var names: [String] = []
        // Of file systems that do not tell capitals from others, too.
        var seen: Set<String> = []
        var room = limits.total
        var entries = 0
        var entry: OpaquePointer?
        while true {
            let code = archive_read_next_header(archive, &entry)
            if code == ARCHIVE_EOF { break }
            // A warning is that a name in UTF-8 has no form in the user's locale, which is not asked: the name
            // is kept byte by byte, and checked here.
            guard code == ARCHIVE_OK || code == ARCHIVE_WARN, let entry else {
                throw damage(ArchiveWriter.message(of: archive))
            }
            // Where nothing is unpacked there is one filter, which is none.
            guard archive_filter_count(archive) == 2,
                archive_filter_code(archive, 0) == zstandard
            else { throw damage("it is not compressed by Zstandard") }
            let name = try self.name(of: entry, limits, damage)
            // Folders too: a small archive may have them without end.
            entries += 1
            guard entries <= limits.files else {
                throw damage("it holds more than \(limits.files) files and folders")
            }
            guard archive_entry_filetype(entry) != folderType else {
                guard archive_entry_size(entry) == 0 else {
                    throw damage("\(name) is a folder with content")
                }
                continue
            }
            guard archive_entry_filetype(entry) == ArchiveWriter.fileType,
                archive_entry_hardlink(entry) == nil, archive_entry_symlink(entry) == nil
            else { throw damage("\(name) is a link or a device, and not a file") }
            guard seen.insert(name.lowercased()).inserted else {
                throw damage("\(name) is there twice")
            }
            names.append(name)
            try write(
                archive, to: folder.appending(path: name),
                isProgram: archive_entry_perm(entry) & 0o100 != 0, &room, limits, damage)
        }
        return names
    }

    /// A name that leads nowhere but below.
    private static func name(
        of entry: OpaquePointer, _ limits: Limits, _ damage: (String) -> BundleError
    ) throws -> String {
        guard let text = archive_entry_pathname(entry) else { throw damage("an entry has no name") }
        guard let name = String(validatingCString: text), name.utf8.count <= limits.name else {
            throw damage("an entry's name is not text of \(limits.name) bytes at most")
        }
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        let isFolder = archive_entry_filetype(entry) == folderType
        let plain = isFolder && parts.last == "" ? parts.dropLast() : parts[...]
        let isGood =
            !plain.isEmpty && plain.count <= limits.depth && plain.allSatisfy(Self.isPlain)
        guard isGood else { throw damage("'\(name)' is no name of a file below a folder") }
        return plain.joined(separator: "/")
    }

    private static func isPlain(_ part: Substring) -> Bool {
        guard part != "", part != ".", part != "..", part.utf8.count <= 255 else { return false }
        return part.unicodeScalars.allSatisfy { scalar in
            scalar.value >= 0x20 && scalar.value != 0x7F && scalar != "\\"
        }
    }

    private static func write(
        _ archive: OpaquePointer, to file: URL, isProgram: Bool, _ room: inout Int64,
        _ limits: Limits, _ damage: (String) -> BundleError
    ) throws {
        func fault(_ code: Int32) -> BundleError {
            .unwritable(path: file.relativePath, reason: String(cString: strerror(code)))
        }
        do {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        } catch {
            // A file lies where a folder should be.
            throw damage("\(file.lastPathComponent) lies below a file")
        }
        let descriptor = open(
            file.path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
            isProgram ? 0o777 : 0o666)
        guard descriptor >= 0 else { throw fault(errno) }
        defer { close(descriptor) }
        var buffer: UnsafeRawPointer?
        var (size, offset, written) = (0, Int64(0), Int64(0))
        while true {
            let code = archive_read_data_block(archive, &buffer, &size, &offset)
            if code == ARCHIVE_EOF { return }
            guard code == ARCHIVE_OK else { throw damage(ArchiveWriter.message(of: archive)) }
            // A sparse file would fill a disk with nothing.
            guard offset == written else { throw damage("\(file.lastPathComponent) has holes") }
            room -= Int64(size)
            guard room >= 0 else {
                throw damage("it unpacks to more than \(limits.total >> 20) MiB")
            }
            written += Int64(size)
            let bytes = UnsafeRawBufferPointer(start: buffer, count: size)
            if let code = Descriptor.write(bytes, to: descriptor) { throw fault(code) }
        }
    }
}
