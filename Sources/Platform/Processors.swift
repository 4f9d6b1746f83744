import Foundation

/// How many processors this process may use.
public enum Processors {
    /// The fewest that any of these leaves: the machine, the affinity of the process (`taskset`), the
    /// quota of its control group, and what Slurm granted a task.
    public static var available: Int {
        available(
            machine: ProcessInfo.processInfo.activeProcessorCount,
            status: text("/proc/self/status"), quota: ControlGroup.ofThisProcess.processors,
            environment: ProcessInfo.processInfo.environment)
    }

    /// - Parameters:
    ///   - status: the text of `/proc/self/status`.
    ///   - quota: processors' worth of time, as ``ControlGroup/processors``.
    package static func available(
        machine: Int, status: String, quota: Double?, environment: [String: String]
    ) -> Int {
        var count = machine
        let list = status.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list:") }
        if let list, let allowed = self.count(of: list.dropFirst("Cpus_allowed_list:".count)) {
            count = min(count, allowed)
        }
        // Part of a processor more is worth a worker more: 1.5 processors keep two busy in part.
        if let quota { count = min(count, Int(quota.rounded(.up))) }
        if let granted = environment["SLURM_CPUS_PER_TASK"].flatMap({ Int($0) }), granted > 0 {
            count = min(count, granted)
        }
        return max(1, count)
    }

    /// The numbers in a list such as "0-3,8"; nil for another text.
    private static func count(of list: Substring) -> Int? {
        var count = 0
        for part in list.split(separator: ",") {
            let ends = part.split(separator: "-").map {
                Int($0.trimmingCharacters(in: .whitespaces))
            }
            guard let first = ends.first ?? nil, let last = ends.last ?? nil, last >= first else {
                return nil
            }
            count += last - first + 1
        }
        return count > 0 ? count : nil
    }

    private static func text(_ path: String) -> String {
        (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    }
}
