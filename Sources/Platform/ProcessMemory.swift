#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The memory of this process.
public enum ProcessMemory {
    /// The largest resident memory so far. Units: bytes.
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
}
