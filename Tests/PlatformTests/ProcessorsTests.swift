import Foundation
import Platform
import TestSupport
import Testing

@Suite("What a process may use")
struct ProcessorsTests {
    @Test("the fewest processors of machine, affinity, quota and Slurm count")
    func processors() {
        func available(
            _ allowed: String = "0-15", quota: Double? = nil, granted: String? = nil
        ) -> Int {
            Processors.available(
                machine: 16, status: "Name:\tx\nCpus_allowed_list:\t\(allowed)\nMems:\t0\n",
                quota: quota, environment: granted.map { ["SLURM_CPUS_PER_TASK": $0] } ?? [:])
        }
        #expect(available() == 16)
        #expect(available("3") == 1)
        #expect(available("0-3,8,10-11") == 7)
        #expect(available("no list") == 16)
        #expect(available(quota: 1.5) == 2 && available(quota: 0.2) == 1)
        #expect(available(granted: "4") == 4 && available("0-1", granted: "4") == 2)
        #expect(available(granted: "none") == 16)
    }

    @Test("quota and memory of a control group are the least of it and those around it")
    func secondVersion() throws {
        let root = try TemporaryFolder()
        let inner = root.url.appending(path: "job/step")
        try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
        func write(_ text: String, _ path: String) throws {
            try Data((text + "\n").utf8).write(to: root.url.appending(path: path))
        }
        try write("150000 100000", "job/cpu.max")
        try write("max 100000", "job/step/cpu.max")
        try write("1000", "job/memory.max")
        try write("900", "job/memory.current")
        try write("anon 5\ninactive_file 300\n", "job/memory.stat")
        try write("max", "job/step/memory.max")
        try write("800", "job/step/memory.current")
        let group = ControlGroup(membership: "0::/job/step\n", root: root.url)
        #expect(group.processors == 1.5)
        #expect(group.memoryLeft == 400)
        #expect(ControlGroup(membership: "0::/\n", root: root.url).memoryLeft == nil)
    }

    @Test("control groups of the first version are read as well")
    func firstVersion() throws {
        let root = try TemporaryFolder()
        for (path, text) in [
            ("cpu/job/cpu.cfs_quota_us", "50000"), ("cpu/job/cpu.cfs_period_us", "100000"),
            ("memory/job/memory.limit_in_bytes", "2048"),
            ("memory/job/memory.usage_in_bytes", "48"),
            ("memory/memory.limit_in_bytes", "9223372036854771712"),
            ("memory/memory.usage_in_bytes", "999999"),
        ] {
            let file = root.url.appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        let group = ControlGroup(
            membership: "4:memory:/job\n3:cpu,cpuacct:/job\n", root: root.url)
        #expect(group.processors == 0.5 && group.memoryLeft == 2000)
    }
}
