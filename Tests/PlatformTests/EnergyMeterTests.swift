import Foundation
import Platform
import TestSupport
import Testing

@Suite("Energy of a run")
struct EnergyMeterTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func zone(_ path: String, name: String, microjoules: Double, range: Double = 1e9) throws
    {
        try folder.write("\(name)\n", to: "\(path)/name")
        try folder.write("\(Int(range))\n", to: "\(path)/max_energy_range_uj")
        try set(path, microjoules)
    }

    private func set(_ path: String, _ microjoules: Double) throws {
        try folder.write("\(Int(microjoules))\n", to: "\(path)/energy_uj")
    }

    @Test(
        "packages and their memory count, their parts and the same counters read otherwise do not")
    func zones() throws {
        try zone("intel-rapl:0", name: "package-0", microjoules: 100e6)
        try zone("intel-rapl:1", name: "package-1", microjoules: 5e6)
        try zone("intel-rapl:0:0", name: "core", microjoules: 1e6)
        try zone("intel-rapl:0:1", name: "dram", microjoules: 2e6)
        try zone("intel-rapl:2", name: "psys", microjoules: 3e6)
        try zone("intel-rapl-mmio:0", name: "package-0", microjoules: 100e6)
        let meter = try #require(EnergyMeter(root: folder.url, busy: nil))
        for (path, microjoules) in [
            ("intel-rapl:0", 160e6), ("intel-rapl:1", 15e6), ("intel-rapl:0:0", 50e6),
            ("intel-rapl:0:1", 4e6), ("intel-rapl:2", 500e6), ("intel-rapl-mmio:0", 160e6),
        ] { try set(path, microjoules) }
        #expect(abs(meter.lap(busy: nil).joules - 72) < 1e-9)
        #expect(meter.lap(busy: nil).joules == 0)
    }

    @Test("a counter that begins again has not run backwards")
    func wrap() throws {
        try zone("intel-rapl:0", name: "package-0", microjoules: 262e6, range: 262.143e6)
        let meter = try #require(EnergyMeter(root: folder.url, busy: nil))
        try set("intel-rapl:0", 1e6)
        #expect(abs(meter.lap(busy: nil).joules - 1.143) < 1e-9)
    }

    @Test("nothing is measured where the kernel does not say, or not to this user")
    func none() throws {
        #expect(EnergyMeter(root: folder.url, busy: nil) == nil)
        try folder.write("package-0\n", to: "intel-rapl:0/name")
        #expect(EnergyMeter(root: folder.url, busy: nil) == nil)
    }

    @Test("the energy is the run's where nearly all of the busy time is")
    func others() throws {
        try zone("intel-rapl:0", name: "package-0", microjoules: 0)
        let start = BusyTime(machine: 1000, own: 10)
        let meter = try #require(EnergyMeter(root: folder.url, busy: start))
        #expect(meter.lap(busy: BusyTime(machine: 1100, own: 108)).wasAlone)
        #expect(!meter.lap(busy: BusyTime(machine: 1200, own: 158)).wasAlone)
        #expect(!meter.lap(busy: nil).wasAlone)
        #expect(BusyTime.machine("cpu  100 20 30 9999 8 4 6 0 0 0\ncpu0 1 1") == 1.6)
        #expect(BusyTime.machine("intr 1 2") == nil)
    }

    @Test("what a process holds is its own and that of files")
    func memory() {
        let status =
            "VmRSS:\t  300 kB\nRssAnon:\t  100 kB\nRssFile:\t  150 kB\nRssShmem:\t   50 kB\n"
        let found = ProcessMemory.resident(in: status)
        #expect(found?.anonymous == 100 << 10 && found?.mapped == 200 << 10)
        #expect(ProcessMemory.resident(in: "Name:\tx\n") == nil)
    }
}
