public import Foundation

/// Where a user's own files are.
public enum HomeFolder {
    /// What `HOME` names, as for every shell: a container may have set it elsewhere than the system's list of
    /// users says, which holds where it is not set.
    public static var url: URL {
        let named = ProcessInfo.processInfo.environment["HOME"] ?? ""
        return named.hasPrefix("/")
            ? URL(filePath: named, directoryHint: .isDirectory)
            : FileManager.default.homeDirectoryForCurrentUser
    }
}
