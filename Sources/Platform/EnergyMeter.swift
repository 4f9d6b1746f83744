package import Foundation
import Synchronization

/// The energy that processors and memory have taken, as the kernel counts it (RAPL,
/// https://docs.kernel.org/power/powercap/powercap.html): for the superuser alone, and of the whole machine.
public final class EnergyMeter: Sendable {
    /// A counter of the kernel.
    private struct Zone {
        var file: URL
        /// Where the counter begins again from 0. Units: microjoules.
        var range: Double
        var last: Double
    }

    /// What was measured.
    public struct Reading: Sendable, Hashable, Codable {
        /// Units: joules.
        public var joules: Double
        /// Units: seconds.
        public var seconds: Double
        /// How much of the time that processors were busy was not this process's; nil where that is not known.
        public var othersShare: Double?

        package init(joules: Double, seconds: Double, othersShare: Double?) {
            (self.joules, self.seconds) = (joules, seconds)
            self.othersShare = othersShare
        }

        /// Whether the energy is this process's: on a machine that others use as well it says nothing about it.
        public var wasAlone: Bool { othersShare.map { $0 <= Self.mostOfOthers } ?? false }

        private static let mostOfOthers = 0.05
    }

    private struct State {
        var zones: [Zone]
        var microjoules = 0.0
        var start = ContinuousClock.now
        var looked = ContinuousClock.now
        var busyAtStart: BusyTime?
    }

    private let state: Mutex<State>

    /// Begins to count; nil where the kernel does not say.
    ///
    /// - Parameter root: where the kernel shows its counters.
    public convenience init?() {
        self.init(root: URL(fileURLWithPath: "/sys/class/powercap"), busy: BusyTime.now)
    }

    package init?(root: URL, busy: BusyTime?) {
        let zones = Self.zones(in: root)
        guard !zones.isEmpty else { return nil }
        state = Mutex(State(zones: zones, busyAtStart: busy))
    }

    /// To be called at least once a minute: a counter that has begun again twice in between cannot be read.
    /// Costs nothing when called often.
    public func look() {
        state.withLock { state in
            guard ContinuousClock.now - state.looked > .seconds(10) else { return }
            Self.look(&state)
        }
    }

    /// What was taken since the last lap, or since the meter was made; a new one begins.
    @discardableResult
    public func lap() -> Reading { lap(busy: BusyTime.now) }

    package func lap(busy: BusyTime?) -> Reading {
        state.withLock { state in
            Self.look(&state)
            let reading = Reading(
                joules: state.microjoules * 1e-6,
                seconds: (ContinuousClock.now - state.start) / .seconds(1),
                othersShare: state.busyAtStart.flatMap { first in
                    busy.map { $0.othersShare(since: first) }
                })
            state = State(zones: state.zones, busyAtStart: busy)
            return reading
        }
    }

    private static func look(_ state: inout State) {
        state.looked = .now
        for index in state.zones.indices {
            guard let now = number(state.zones[index].file) else { continue }
            let step = now - state.zones[index].last
            state.microjoules += step >= 0 ? step : step + state.zones[index].range
            state.zones[index].last = now
        }
    }

    /// Packages, and the memory beside them, which packages leave out; not what packages hold (cores), nor what holds
    /// packages (psys).
    private static func zones(in root: URL) -> [Zone] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
        return names.sorted().compactMap { name in
            let folder = root.appending(path: name)
            let kind =
                (try? String(contentsOf: folder.appending(path: "name"), encoding: .utf8)) ?? ""
            // The same counters are there a second time, read through memory instead of registers.
            guard name.hasPrefix("intel-rapl:") else { return nil }
            guard kind.hasPrefix("package") || kind.hasPrefix("dram") else { return nil }
            let file = folder.appending(path: "energy_uj")
            guard let now = number(file),
                let range = number(folder.appending(path: "max_energy_range_uj"))
            else { return nil }
            return Zone(file: file, range: range, last: now)
        }
    }

    private static func number(_ file: URL) -> Double? {
        (try? String(contentsOf: file, encoding: .utf8)).flatMap {
            Double($0.trimmingCharacters(in: .whitespacesAndNewlines))
        }
    }
}

/// How long the machine's processors have been busy, and how long with this process and what it has waited for.
package struct BusyTime: Sendable, Hashable {
    /// Units: seconds, summed over processors.
    package var machine: Double
    package var own: Double

    package init(machine: Double, own: Double) {
        (self.machine, self.own) = (machine, own)
    }

    package static var now: BusyTime? {
        guard let text = try? String(contentsOfFile: "/proc/stat", encoding: .utf8),
            let machine = machine(text)
        else { return nil }
        return BusyTime(machine: machine, own: ownSeconds)
    }

    /// From the first line of `/proc/stat`, in hundredths of seconds: user, nice, system, idle, iowait, irq, softirq;
    /// nil for another text.
    package static func machine(_ text: String) -> Double? {
        let fields = text.prefix { $0 != "\n" }.split(separator: " ")
        guard fields.first == "cpu", fields.count >= 8 else { return nil }
        let numbers = fields.dropFirst().prefix(7).compactMap { Double($0) }
        guard numbers.count == 7 else { return nil }
        return (numbers[0] + numbers[1] + numbers[2] + numbers[5] + numbers[6]) / 100
    }

    private static var ownSeconds: Double {
        #if canImport(Glibc)
            let whose = [RUSAGE_SELF, RUSAGE_CHILDREN].map { __rusage_who_t($0.rawValue) }
        #else
            let whose = [RUSAGE_SELF, RUSAGE_CHILDREN]
        #endif
        return whose.reduce(0) { sum, who in
            var usage = rusage()
            getrusage(who, &usage)
            let micro = Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6
            return sum + Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + micro
        }
    }

    package func othersShare(since start: BusyTime) -> Double {
        let all = machine - start.machine
        guard all > 0 else { return 0 }
        return min(1, max(0, all - (own - start.own)) / all)
    }
}
