public import Foundation
import Platform

/// Folders that several machines see: SQLite's log is for the processes of one machine.
public enum SharedFolder {
    /// What to tell somebody whose database lies on a network file system; nil where it does not.
    public static func warning(for database: URL) -> String? {
        guard let kind = networkFileSystem(of: database) else { return nil }
        return
            "warning: \(database.relativePath) is on a network file system (\(kind)): use it from "
            + "one machine at a time; '\(ProgramName.current) submit' has several machines work on a "
            + "sweep"
    }

    /// Whether a file lies on a network file system.
    public static func isShared(_ file: URL) -> Bool { networkFileSystem(of: file) != nil }

    private static func networkFileSystem(of file: URL) -> String? {
        guard let mounts = try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8),
            let kind = fileSystem(
                of: file.deletingLastPathComponent().resolvingSymlinksInPath().path,
                mounts: mounts),
            isShared(kind)
        else { return nil }
        return kind
    }

    /// The type of the file system that holds a path, such as "ext4" or "nfs4".
    ///
    /// - Parameters:
    ///   - path: absolute, without symbolic links.
    ///   - mounts: `/proc/self/mountinfo`, see proc(5): the mount point is the fifth field, the type
    ///     the first after a lone hyphen.
    package static func fileSystem(of path: String, mounts: String) -> String? {
        var best: (length: Int, kind: String)?
        for line in mounts.split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count > 5, let hyphen = fields.firstIndex(of: "-"),
                hyphen + 1 < fields.endIndex
            else { continue }
            // Spaces in names are written \040.
            let point = fields[4].replacing("\\040", with: " ")
            let isAbove = point == "/" || path == point || path.hasPrefix(point + "/")
            // Of mounts on one point the last one is seen.
            if isAbove, point.utf8.count >= best?.length ?? 0 {
                best = (point.utf8.count, String(fields[hyphen + 1]))
            }
        }
        return best?.kind
    }

    package static func isShared(_ kind: String) -> Bool {
        let shared: Set = [
            "nfs", "nfs4", "cifs", "smb3", "smbfs", "lustre", "gpfs", "beegfs", "ceph", "ocfs2",
            "gfs2", "afs", "panfs", "wekafs", "fuse.sshfs", "fuse.glusterfs", "fuse.ceph",
        ]
        return shared.contains(kind)
    }
}
