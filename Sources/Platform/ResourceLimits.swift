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

    /// The limit on this process's address space (`ulimit -v`); nil where there is none. Units: bytes.
    public static var addressSpace: Int? {
        var limit = rlimit()
        guard getrlimit(addressKind, &limit) == 0, limit.rlim_cur < rlim_t(Int.max) else {
            return nil
        }
        return Int(limit.rlim_cur)
    }

    /// What is left of it; nil where there is no limit. Units: bytes.
    public static var addressSpaceLeft: Int? {
        guard let limit = addressSpace else { return nil }
        let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        let pages = text.split(separator: " ").first.flatMap { Int($0) } ?? 0
        return limit - pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    /// Under a limit on memory an allocation can fail anywhere, and Swift ends the process where one
    /// does: with this line and exit code 2 then, not with a signal.
    static func explainCrashes() {
        guard let limit = addressSpace else { return }
        let line =
            "ablate: stopped by a fault, most likely since memory ran out: only \(limit >> 20) MB may "
            + "be used; raise the limit ('ulimit -v'); what was finished is kept\n"
        CrashLine.length = line.utf8.count
        CrashLine.text = strdup(line)
        for number in [SIGABRT, SIGILL, SIGTRAP, SIGSEGV, SIGBUS] {
            signal(number) { _ in CrashLine.leave() }
        }
    }

    #if canImport(Darwin)
        private static let fileKind = RLIMIT_NOFILE
        private static let addressKind = RLIMIT_AS
    #else
        private static let fileKind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        private static let addressKind = __rlimit_resource_t(RLIMIT_AS.rawValue)
    #endif
}

/// What the handler writes: made before it is needed, since it must not allocate. Set once, at start.
private enum CrashLine {
    nonisolated(unsafe) static var text: UnsafeMutablePointer<CChar>?
    nonisolated(unsafe) static var length = 0

    static func leave() -> Never {
        _ = write(STDERR_FILENO, text, length)
        _exit(2)
    }
}
