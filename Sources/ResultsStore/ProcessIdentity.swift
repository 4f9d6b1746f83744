import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A process, told apart from every other that had or will have its number: process id, the
/// machine's boot, and when the process started. No clock is compared with another.
public struct ProcessIdentity: Sendable, Hashable, Codable {
    public var pid: Int
    public var boot: String
    public var processStart: String
    /// Process numbers of another namespace (a container's) mean nothing here.
    public var namespace: String

    public init(pid: Int, boot: String, processStart: String, namespace: String) {
        self.pid = pid
        self.boot = boot
        self.processStart = processStart
        self.namespace = namespace
    }

    /// This process.
    public static let current = ProcessIdentity(
        pid: Int(getpid()), boot: currentBoot,
        processStart: processStatus(Int(getpid()))?.start ?? "",
        namespace: currentNamespace)

    /// False once the process has ended, also while its parent has not collected it yet.
    ///
    /// A process of an earlier boot is dead. One of another namespace cannot be seen from here and
    /// counts as alive: a live owner is never robbed.
    public var isAlive: Bool {
        if boot != Self.currentBoot { return false }
        if namespace != Self.currentNamespace { return true }
        guard let status = Self.processStatus(pid) else {
            // Without /proc the number is all there is.
            return Self.currentBoot.isEmpty && kill(pid_t(pid), 0) == 0
        }
        return status.start == processStart && status.state != "Z" && status.state != "X"
    }

    /// True for a process that lives and does nothing: Ctrl-Z or SIGSTOP holds it, or a debugger.
    public var isStopped: Bool {
        isAlive && namespace == Self.currentNamespace && Self.isStopped(pid)
    }

    /// The same of the process that has a number now, such as a child.
    package static func isStopped(_ pid: Int) -> Bool {
        ["T", "t"].contains(processStatus(pid)?.state)
    }

    private static let currentBoot =
        (try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8))?
        .trimmingCharacters(in: .whitespacesAndNewlines) ?? ""

    private static let currentNamespace =
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")) ?? ""

    /// State and start time (fields 3 and 22 of `/proc/PID/stat`, counted after the name, which
    /// may hold anything).
    private static func processStatus(_ pid: Int) -> (state: String, start: String)? {
        guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
            let end = text.lastIndex(of: ")")
        else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 19 else { return nil }
        return (String(fields[0]), String(fields[19]))
    }
}
