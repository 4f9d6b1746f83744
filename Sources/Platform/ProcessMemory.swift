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
