public import Foundation

/// Finds programs as a shell does.
public enum ExecutablePath {
    /// The file of a program on the PATH; nil where there is none.
    public static func find(_ program: String) -> URL? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        return path.split(separator: ":").map { URL(filePath: String($0)).appending(path: program) }
            .first { url in
                // Folders can be "executed" too.
                var isFolder: ObjCBool = false
                return FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
                    && !isFolder.boolValue
                    && FileManager.default.isExecutableFile(atPath: url.path)
            }
    }
}
