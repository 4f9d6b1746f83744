import ArgumentParser
import Cluster
import Sweeps

/// An option of sbatch: `partition=cpu`, or `exclusive` alone.
struct SlurmOption: ExpressibleByArgument {
    let name: String
    let value: String

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        name = String(parts[0])
        value = parts.count > 1 ? String(parts[1]) : ""
        guard ClusterSection.isOption(name, value) else { return nil }
    }
}
