import Foundation
import Platform

/// The machine's memory.
enum MachineMemory {
    /// What can be used without driving others out, less a reserve. Units: bytes.
    static var available: Int {
        // Of a limit of the shell two workers, the main thread and the calibration take their part.
        min(
            free, ControlGroup.ofThisProcess.memoryLeft.map { $0 / 10 * 9 } ?? .max,
            ResourceLimits.addressSpaceLeft(threads: 4) ?? .max)
    }

    private static var free: Int {
        let text = (try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("MemAvailable:") }
        let kibibytes = line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        let total = kibibytes.map { $0 << 10 } ?? Int(ProcessInfo.processInfo.physicalMemory)
        return max(256 << 20, total / 10 * 9)
    }
}
