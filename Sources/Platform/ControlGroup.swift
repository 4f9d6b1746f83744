package import Foundation

/// The limits that a container or a batch system sets on a process by its control group, of either
/// version (https://docs.kernel.org/admin-guide/cgroup-v2.html).
public struct ControlGroup: Sendable {
    /// Folders of the group and of those around it, whose limits hold as well.
    private let folders: [URL]
    private let processorFolders: [URL]

    public static let ofThisProcess = ControlGroup(
        membership: (try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8)) ?? "",
        root: URL(fileURLWithPath: "/sys/fs/cgroup"))

    /// - Parameter membership: the text of `/proc/self/cgroup`, lines of `number:controllers:path`.
    package init(membership: String, root: URL) {
        func folders(of controller: String) -> [URL] {
            for line in membership.split(separator: "\n") {
                let parts = line.split(
                    separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
                guard parts.count == 3 else { continue }
                let controllers = parts[1].split(separator: ",").map(String.init)
                guard parts[1].isEmpty || controllers.contains(controller) else { continue }
                let mount = parts[1].isEmpty ? root : root.appending(path: controller)
                // A container may see its own group as the root of all: then the path is not there.
                var names = parts[2].split(separator: "/").map(String.init)
                var found = [mount]
                var folder = mount
                while !names.isEmpty {
                    folder.append(path: names.removeFirst())
                    found.append(folder)
                }
                return found
            }
            return [root, root.appending(path: controller)]
        }
        self.folders = folders(of: "memory")
        processorFolders = folders(of: "cpu")
    }

    /// Processors' worth of time; nil where there is no quota.
    public var processors: Double? {
        processorFolders.compactMap { folder -> Double? in
            if let text = Self.text(folder, "cpu.max") {
                let parts = text.split(separator: " ").map { Double($0) }
                guard parts.count == 2, let quota = parts[0], let period = parts[1], period > 0
                else { return nil }
                return quota / period
            }
            guard let quota = Self.text(folder, "cpu.cfs_quota_us").flatMap({ Double($0) }),
                let period = Self.text(folder, "cpu.cfs_period_us").flatMap({ Double($0) }),
                quota > 0, period > 0
            else { return nil }
            return quota / period
        }.min()
    }

    /// What may still be used; nil where there is no limit. Units: bytes.
    public var memoryLeft: Int? {
        folders.compactMap { folder -> Int? in
            for (limit, used) in [
                ("memory.max", "memory.current"),
                ("memory.limit_in_bytes", "memory.usage_in_bytes"),
            ] {
                guard let limit = Self.text(folder, limit).flatMap({ Int($0) }),
                    let used = Self.text(folder, used).flatMap({ Int($0) }),
                    // Version 1 writes a number near 2^63 where there is no limit.
                    limit < 1 << 60
                else { continue }
                // Pages of files that can be dropped count as used until they are.
                let droppable = Self.text(folder, "memory.stat").flatMap(Self.inactiveFile) ?? 0
                return max(0, limit - used + droppable)
            }
            return nil
        }.min()
    }

    private static func inactiveFile(_ statistics: String) -> Int? {
        statistics.split(separator: "\n").first { $0.hasPrefix("inactive_file ") }
            .flatMap { Int($0.dropFirst("inactive_file ".count)) }
    }

    private static func text(_ folder: URL, _ name: String) -> String? {
        (try? String(contentsOf: folder.appending(path: name), encoding: .utf8))?
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
