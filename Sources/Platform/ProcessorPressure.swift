import Foundation

/// Whether threads that are ready to compute get a processor: on a machine that others use as well more threads only wait
/// for each other.
package enum ProcessorPressure {
    /// How the system calls the calling thread; nil where it does not say how long threads waited.
    package static var currentThread: Int? {
        // PID/task/THREAD
        let link = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/thread-self")
        return link?.split(separator: "/").last.flatMap { Int($0) }
    }

    /// How long a thread of this process has been ready without running since it started; nil where that is not known.
    /// Units: nanoseconds.
    package static func waited(by thread: Int) -> Int? {
        // Time on a processor, time ready for one, turns (Linux, Documentation/scheduler/sched-stats).
        guard
            let text = try? String(
                contentsOfFile: "/proc/self/task/\(thread)/schedstat", encoding: .utf8)
        else { return nil }
        let fields = text.split(whereSeparator: \.isWhitespace)
        return fields.count >= 2 ? Int(fields[1]) : nil
    }
}

/// Decides whether a team should go on borrowing threads, from how long its helpers had to wait for a processor.
package struct BorrowingPause {
    /// Share of the helpers' time that they may wait.
    private static let most = 0.3
    private static let interval = Duration.milliseconds(250)
    private static let shortest = Duration.milliseconds(500)
    private static let longest = Duration.seconds(8)

    private var looked: ContinuousClock.Instant
    private var helped = 0
    private var waited = 0
    private var end: ContinuousClock.Instant
    private var next = Self.shortest

    package init(now: ContinuousClock.Instant) {
        looked = now
        end = now
    }

    package func isOver(_ now: ContinuousClock.Instant) -> Bool { now >= end }

    package func isDue(_ now: ContinuousClock.Instant) -> Bool { now - looked >= Self.interval }

    /// - Parameters:
    ///   - helped: what helpers have spent in loops so far, waiting included.
    ///   - waited: what they have waited for a processor. Both in nanoseconds.
    package mutating func look(_ now: ContinuousClock.Instant, helped: Int, waited: Int) {
        let (help, wait) = (helped - self.helped, waited - self.waited)
        (looked, self.helped, self.waited) = (now, helped, waited)
        // A few milliseconds say nothing.
        guard help > 20_000_000 else { return }
        if Double(wait) > Self.most * Double(help) {
            end = now + next
            next = min(next * 2, Self.longest)
        } else {
            next = Self.shortest
        }
    }
}
