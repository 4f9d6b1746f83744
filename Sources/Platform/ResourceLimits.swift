import Foundation

/// The limits that a shell or a batch system sets on a process (`ulimit`).
public enum ResourceLimits {
    /// Raises the limit on open files as far as this process may; returns what it is then.
    static func raiseOpenFiles() -> Int {
        var limit = rlimit()
        guard getrlimit(fileKind, &limit) == 0 else { return .max }
        if limit.rlim_cur < limit.rlim_max {
            var raised = limit
            raised.rlim_cur = min(limit.rlim_max, 65_536)
            if raised.rlim_cur > limit.rlim_cur, setrlimit(fileKind, &raised) == 0 {
                limit = raised
            }
        }
        return Int(clamping: limit.rlim_cur)
    }

    #if canImport(Darwin)
        private static let fileKind = RLIMIT_NOFILE
    #else
        private static let fileKind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #endif
}
