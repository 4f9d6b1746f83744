import Foundation

/// What a process sees to before it does anything else.
public enum ProcessStart {
    /// Files that a run has open at once, with some to spare.
    private static let neededFiles = 48

    /// Makes refused writes errors instead of signals, and closed standard descriptors harmless.
    ///
    /// Throws: ``PlatformError/tooFewFiles(limit:needed:)``.
    public static func prepare() throws(PlatformError) {
        Descriptor.fillStandardOnes()
        // A reader that is gone and a limit on file sizes are told by write() itself.
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        let files = ResourceLimits.raiseOpenFiles()
        if files < neededFiles { throw .tooFewFiles(limit: files, needed: neededFiles) }
    }
}
