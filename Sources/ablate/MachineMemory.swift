import Foundation
import Platform

/// The machine's memory.
enum MachineMemory {
    /// What can be used without driving others out, less a reserve. Units: bytes.
    static var available: Int { min(free, underLimit ?? .max) }

    /// What a limit of the shell leaves to the stages of a run; nil where there is none. Units: bytes.
    static var underLimit: Int? {
        ResourceLimits.addressSpaceLeft.map { max(0, $0 - addressSpaceOfThreads) }
    }

    /// Stacks and heaps that threads reserve, used or not. Measured: 0.4 GB with one worker, 0.1 GB
    /// for another. Units: bytes.
    private static let addressSpaceOfThreads = 384 << 20

    private static var free: Int {
        let text = (try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("MemAvailable:") }
        let kibibytes = line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        let total = kibibytes.map { $0 << 10 } ?? Int(ProcessInfo.processInfo.physicalMemory)
        return max(256 << 20, total / 10 * 9)
    }
}
