import Foundation

/// The memory of processes.
public enum ProcessMemory {
    /// The largest resident memory of this process so far. Units: bytes.
    public static var peak: Int {
        var usage = rusage()
        #if canImport(Glibc)
            // Linux counts in KiB, Darwin in bytes.
            getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
            return Int(usage.ru_maxrss) * 1024
        #else
            getrusage(RUSAGE_SELF, &usage)
            return Int(usage.ru_maxrss)
        #endif
    }

    /// What a process holds in memory now.
    public struct Resident: Sendable, Hashable, Encodable {
        /// Its own: where that is not to be had, nothing goes on. Units: bytes.
        public var anonymous: Int
        /// Of files that it has mapped, shared with all that map them: the system lets it go where room is needed, and
        /// reads it again. Units: bytes.
        public var mapped: Int
    }

    /// nil where that cannot be seen.
    public static func resident(of process: Int) -> Resident? {
        (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8))
            .flatMap(resident(in:))
    }

    /// - Parameter status: the text of `/proc/PID/status` (proc_pid_status(5)).
    package static func resident(in status: String) -> Resident? {
        var found: [Substring: Int] = [:]
        for line in status.split(separator: "\n") where line.hasPrefix("Rss") {
            let words = line.split(whereSeparator: \.isWhitespace)
            if words.count == 3, let count = Int(words[1]) {
                found[words[0].dropLast()] = count * 1024
            }
        }
        guard let anonymous = found["RssAnon"], let files = found["RssFile"] else { return nil }
        return Resident(anonymous: anonymous, mapped: files + (found["RssShmem"] ?? 0))
    }

    /// The largest resident memory of another process since its program began; nil where that cannot be
    /// seen. Units: bytes.
    public static func peak(of process: Int) -> Int? {
        guard
            let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") })
        else { return nil }
        return line.split(separator: " ").compactMap { Int($0) }.first.map { $0 * 1024 }
    }
}
