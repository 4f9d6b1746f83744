package import Foundation

/// Lets one process at a time write tables and reports into a results folder; freed with the value,
/// and when the process ends.
package final class FolderLock {
    private let descriptor: Int32

    /// - Parameter patience: how long another process is waited for; a stopped one is not waited for
    ///   any longer. Units: seconds.
    package init(_ folder: URL, patience: Double = 60) {
        descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        let start = ContinuousClock.now
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            // Network file systems may know no such locks.
            guard errno == EWOULDBLOCK || errno == EINTR,
                ContinuousClock.now - start < .seconds(patience)
            else { return }
            Thread.sleep(forTimeInterval: 0.01)
        }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }
}
