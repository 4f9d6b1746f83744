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

    /// The limit on the size of the files that this process writes (`ulimit -f`); nil where there is
    /// none. Units: bytes.
    public static var fileSize: Int? {
        var limit = rlimit()
        guard getrlimit(fileSizeKind, &limit) == 0, limit.rlim_cur < rlim_t(Int.max) else {
            return nil
        }
        return Int(limit.rlim_cur)
    }

    /// The limit on this process's address space (`ulimit -v`); nil where there is none. Units: bytes.
    public static var addressSpace: Int? {
        var limit = rlimit()
        guard getrlimit(addressKind, &limit) == 0, limit.rlim_cur < rlim_t(Int.max) else {
            return nil
        }
        return Int(limit.rlim_cur)
    }

    /// Leaves this process so much address space beside what it has, and a lower limit as it is. Units: bytes.
    public static func leaveAddressSpace(_ bytes: Int) {
        var limit = rlimit()
        guard getrlimit(addressKind, &limit) == 0 else { return }
        let wanted = rlim_t(max(0, addressSpaceInUse + bytes))
        guard wanted < limit.rlim_cur else { return }
        limit.rlim_cur = wanted
        _ = setrlimit(addressKind, &limit)
    }

    private static var addressSpaceInUse: Int {
        let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        let pages = text.split(separator: " ").first.flatMap { Int($0) } ?? 0
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    /// What is left of it beside what so many threads reserve; nil where there is no limit. Units:
    /// bytes.
    public static func addressSpaceLeft(threads: Int) -> Int? {
        guard let limit = addressSpace else { return nil }
        let used = addressSpaceInUse + threads * reserveOfThread
        return max(0, limit - used)
    }

    /// What a thread that computes reserves, used or not: OpenBLAS's buffer (128 MiB), a heap of its
    /// own (64 MiB), a stack. Units: bytes.
    private static let reserveOfThread = 224 << 20

    /// Sees whether so many threads can compute, and stages hold so many bytes: OpenBLAS asks for
    /// its buffer again and again for ever where it cannot have it.
    ///
    /// Throws: ``PlatformError/memoryRefused(bytes:)``.
    public static func probeMemory(threads: Int, bytes: Int = 0) throws(PlatformError) {
        let wanted = threads * reserveOfThread + bytes
        // Reserved and given back, never touched: limits of every kind count it all the same.
        let place = mmap(
            nil, wanted, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON | MAP_NORESERVE, -1, 0)
        guard let place, place != MAP_FAILED else { throw .memoryRefused(bytes: wanted) }
        munmap(place, wanted)
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

    /// `ulimit -t` sets the limit at which a process is told and the one at which it is killed to the
    /// same second: brings the first forward, by up to ten seconds, so that there is time to save.
    static func leaveTimeToSave() {
        var limit = rlimit()
        guard getrlimit(timeKind, &limit) == 0, limit.rlim_max < rlim_t(Int.max),
            limit.rlim_cur == limit.rlim_max, limit.rlim_max > 1
        else { return }
        limit.rlim_cur -= max(1, min(10, limit.rlim_max / 5))
        _ = setrlimit(timeKind, &limit)
    }

    #if canImport(Darwin)
        private static let timeKind = RLIMIT_CPU
        private static let fileKind = RLIMIT_NOFILE
        private static let addressKind = RLIMIT_AS
        private static let fileSizeKind = RLIMIT_FSIZE
    #else
        private static let timeKind = __rlimit_resource_t(RLIMIT_CPU.rawValue)
        private static let fileKind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        private static let addressKind = __rlimit_resource_t(RLIMIT_AS.rawValue)
        private static let fileSizeKind = __rlimit_resource_t(RLIMIT_FSIZE.rawValue)
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
