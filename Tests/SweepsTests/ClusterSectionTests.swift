import Foundation
import Sweeps
import TestSupport
import Testing

@Suite("The section cluster")
struct ClusterSectionTests {
    private func faults(_ text: String) throws -> [String] {
        let folder = try TemporaryFolder()
        try folder.write(text, to: "own.yaml")
        do {
            _ = try ClusterSection.load(userFile: folder.file("own.yaml").path)
            return []
        } catch let faults as SweepFaults {
            return faults.faults.map { "\($0.line ?? 0): \($0.message)" }
        }
    }

    @Test("of a user's file is read; that of a sweep goes before it, option by option")
    func layers() throws {
        let folder = try TemporaryFolder()
        try folder.write(
            """
            cluster:
              slurm: {partition: cpu, account: x, exclusive: ~}
              time: 4h
              memory: 8 GiB
              most: 32
              setup: [module load a, module load b]

            """, to: "own.yaml")
        let user = try ClusterSection.load(userFile: folder.file("own.yaml").path)
        #expect(user.slurm == ["partition": "cpu", "account": "x", "exclusive": ""])
        #expect(user.time == 14_400 && user.memory == 8 << 30 && user.most == 32)
        #expect(user.setup == ["module load a", "module load b"])
        var sweep = ClusterSection()
        sweep.slurm = ["partition": "gpu"]
        sweep.time = 60
        let merged = sweep.over(user)
        #expect(merged.slurm == ["partition": "gpu", "account": "x", "exclusive": ""])
        #expect(merged.time == 60 && merged.most == 32)
        #expect(try ClusterSection.load(userFile: "/nowhere/.ablate.yaml") == ClusterSection())
    }

    @Test("names every fault with its line")
    func faults() throws {
        let found = try faults(
            """
            cluster:
              slurm: {--partition: cpu}
              time: soon
              most: 0
              nodes: 3
            name: x

            """)
        #expect(
            found.dropLast() == [
                "2: cluster.slurm.--partition is cpu, but must be an option of sbatch and its value",
                "3: cluster.time is soon, but must be a time such as 90s, 30m or 4h",
                "4: cluster.most is 0, but must be a whole number from 1 to 1000000",
                "5: unknown key 'nodes' in cluster; there are slurm, time, memory, cpus, gpus, most, "
                    + "task_time, setup",
            ])
        #expect(found.last?.hasPrefix("6: unknown key 'name' in /") == true)
    }
}
