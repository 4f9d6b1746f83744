import Foundation
import Platform

/// How busy the machine is that serves the page.
struct MachineAnswer: Encodable {
    var cores: Int
    /// Processes that want to run, over 1, 5 and 15 minutes.
    var load: [Double]
    /// Units: bytes.
    var memory: Int?
    var memoryAvailable: Int?
    /// Of the folder of results. Units: bytes.
    var diskAvailable: Int?
    /// By process.
    var processes: [Int: ProcessMemory.Resident]

    /// - Parameters:
    ///   - folder: whose disk is meant.
    ///   - processes: those that run stages.
    init(disk folder: URL, processes: [Int]) {
        cores = Processors.available
        load = Self.words("/proc/loadavg").prefix(3).compactMap(Double.init)
        let facts = Self.memoryFacts("/proc/meminfo")
        memory = facts["MemTotal"]
        memoryAvailable = facts["MemAvailable"]
        var disk = statvfs()
        var existing = folder
        while statvfs(existing.path, &disk) != 0, existing.path.count > 1 {
            existing = existing.deletingLastPathComponent()
        }
        diskAvailable = Int(disk.f_bavail) * Int(disk.f_frsize)
        self.processes = [:]
        for process in Set(processes) {
            self.processes[process] = ProcessMemory.resident(of: process)
        }
    }

    private static func words(_ path: String) -> [String] {
        ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "")
            .split(whereSeparator: \.isWhitespace).map(String.init)
    }

    /// Lines such as "MemTotal:  24000000 kB". Units: bytes.
    private static func memoryFacts(_ path: String) -> [String: Int] {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return [:] }
        var facts: [String: Int] = [:]
        for line in text.split(separator: "\n") where line.hasSuffix("kB") {
            let words = line.split(whereSeparator: \.isWhitespace)
            guard words.count == 3, let count = Int(words[1]) else { continue }
            facts[String(words[0].dropLast())] = count * 1024
        }
        return facts
    }
}
