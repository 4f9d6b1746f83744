import Foundation

/// What a sweep file, or a user's own file, says of the cluster that its tasks run on; nothing of it has an
/// effect on results.
public struct ClusterSection: Sendable, Hashable {
    /// Options of sbatch: `partition: cpu` becomes `--partition=cpu`. An empty text is an option alone.
    public var slurm: [String: String] = [:]
    /// The time limit of a task. Units: seconds.
    public var time: Double?
    /// Units: bytes of a task.
    public var memory: Int?
    /// Processors of a task: stages that run in it at once.
    public var cpus: Int?
    /// Graphics cards of a task.
    public var gpus: Int?
    /// Tasks that may run at once.
    public var most: Int?
    /// How long a task should take at least: shorter chains are put together. Units: seconds.
    public var taskTime: Double?
    /// Lines of shell before the program, such as `module load x`.
    public var setup: [String] = []

    static let key = "cluster"

    public init() {}

    /// The section of a sweep file over that of the user: key by key, of `slurm` option by option.
    public func over(_ other: ClusterSection) -> ClusterSection {
        var merged = self
        merged.slurm = other.slurm.merging(slurm) { $1 }
        merged.time = time ?? other.time
        merged.memory = memory ?? other.memory
        merged.cpus = cpus ?? other.cpus
        merged.gpus = gpus ?? other.gpus
        merged.most = most ?? other.most
        merged.taskTime = taskTime ?? other.taskTime
        merged.setup = setup.isEmpty ? other.setup : setup
        return merged
    }

    /// What a user's own file says, which has this section alone (`~/.ablate.yaml`); nothing where there is none.
    ///
    /// Throws: ``SweepFaults`` with everything that is wrong.
    public static func load(userFile path: String) throws(SweepFaults) -> ClusterSection {
        guard FileManager.default.fileExists(atPath: path) else { return ClusterSection() }
        var faults = FaultList(fileName: path, overrides: [])
        let bytes = SweepFile.bytes(atPath: path, faults: &faults)
        var section = ClusterSection()
        if let bytes {
            let text = String(decoding: bytes, as: UTF8.self)
            let root = YAMLReader.read(text, faults: &faults)
            for entry in root?.entries ?? [] {
                guard entry.key == key else {
                    faults.add(
                        .unknownKey(entry.key, place: path, allowed: [key], belongs: nil),
                        at: entry.keyOrigin)
                    continue
                }
                section = ClusterSection(entry.value, faults: &faults)
            }
        }
        guard faults.isEmpty else { throw faults.faults }
        return section
    }

    // MARK: Reading

    private static let keys = [
        "slurm", "time", "memory", "cpus", "gpus", "most", "task_time", "setup",
    ]

    init(_ node: SourceNode, faults: inout FaultList) {
        guard let entries = node.entries else {
            if !node.isNull {
                faults.add(.notAMap(place: Self.key, found: node.excerpt), at: node.origin)
            }
            return
        }
        for entry in entries {
            let value = entry.value
            switch entry.key {
            case "slurm": slurm = Self.options(value, faults: &faults)
            case "time": time = Self.seconds(value, "time", faults: &faults)
            case "task_time": taskTime = Self.seconds(value, "task_time", faults: &faults)
            case "memory":
                memory = value.text.flatMap(Amount.bytes)
                if memory == nil {
                    Self.fault(value, "memory", "a size such as 8GB", faults: &faults)
                }
            case "cpus": cpus = Self.count(value, "cpus", 1...4096, faults: &faults)
            case "gpus": gpus = Self.count(value, "gpus", 0...1024, faults: &faults)
            case "most": most = Self.count(value, "most", 1...1_000_000, faults: &faults)
            case "setup":
                let lines = value.elements ?? [value]
                setup = lines.compactMap {
                    SettingChecker.value(
                        of: $0, as: .text, name: "\(Self.key).setup", faults: &faults)?.text
                }
            default:
                faults.add(
                    .unknownKey(entry.key, place: Self.key, allowed: Self.keys, belongs: nil),
                    at: entry.keyOrigin)
            }
        }
    }

    private static func options(
        _ node: SourceNode, faults: inout FaultList
    ) -> [String: String] {
        guard let entries = node.entries else {
            faults.add(.notAMap(place: "\(key).slurm", found: node.excerpt), at: node.origin)
            return [:]
        }
        var options: [String: String] = [:]
        for entry in entries {
            let value = entry.value.isNull ? "" : entry.value.text
            guard let value, isOption(entry.key, value) else {
                let name = "slurm.\(entry.key)"
                fault(entry.value, name, "an option of sbatch and its value", faults: &faults)
                continue
            }
            options[entry.key] = value
        }
        return options
    }

    /// Whether an option and its value can stand in a line of a script.
    public static func isOption(_ name: String, _ value: String) -> Bool {
        !name.isEmpty && !name.hasPrefix("-")
            && name.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x41...0x5A).contains($0)
                    || (0x30...0x39).contains($0) || $0 == 0x2D
            } && !value.contains(where: \.isNewline)
    }

    private static func seconds(
        _ node: SourceNode, _ name: String, faults: inout FaultList
    ) -> Double? {
        if let seconds = node.text.flatMap(Amount.seconds), seconds > 0 { return seconds }
        fault(node, name, "a time such as 90s, 30m or 4h", faults: &faults)
        return nil
    }

    private static func count(
        _ node: SourceNode, _ name: String, _ bounds: ClosedRange<Int>, faults: inout FaultList
    ) -> Int? {
        SettingChecker.value(
            of: node, as: .integer(bounds), name: "\(key).\(name)", faults: &faults)?.integer
    }

    private static func fault(
        _ node: SourceNode, _ name: String, _ rule: String, faults: inout FaultList
    ) {
        faults.add(
            .value(name: "\(key).\(name)", found: node.excerpt, rule: rule, nearest: nil),
            at: node.origin)
    }
}
