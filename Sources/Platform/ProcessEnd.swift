import Foundation

/// The one way out of the program.
public enum ProcessEnd {
    /// Cancels and joins every thread, then ends the process.
    ///
    /// What does not stop in time (a second Ctrl-C came while a factorisation runs) is left to the
    /// kernel: no library is torn down under it, as `exit` would.
    ///
    /// - Parameter seconds: how long to wait for threads.
    public static func leave(_ code: Int32, seconds: Double = 2) -> Never {
        if WorkThreads.finish(seconds: seconds) { fflush(nil) }
        _exit(code)
    }
}
