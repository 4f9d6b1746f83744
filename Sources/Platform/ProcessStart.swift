import Foundation

/// What a process sees to before it does anything else.
public enum ProcessStart {
    /// Files that a run has open at once, with some to spare.
    private static let neededFiles = 48
    /// Threads that libraries start for themselves, with some to spare.
    public static let neededThreads = 4

    /// Makes refused writes and allocations errors instead of signals, and closed standard descriptors
    /// harmless.
    ///
    /// Throws: ``PlatformError/tooFewFiles(limit:needed:)``, and where no memory or no threads are to
    /// be had ``PlatformError/memoryRefused(bytes:)``, ``PlatformError/threadRefused(name:code:)``.
    public static func prepare() throws(PlatformError) {
        Descriptor.fillStandardOnes()
        // A reader that is gone and a limit on file sizes are told by write() itself.
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        Interruption.unblock()
        ResourceLimits.explainCrashes()
        let files = ResourceLimits.raiseOpenFiles()
        if files < neededFiles { throw .tooFewFiles(limit: files, needed: neededFiles) }
        try ResourceLimits.probeMemory(threads: 1)
        try WorkThreads.probe(neededThreads)
    }
}
