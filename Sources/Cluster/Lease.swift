import Files
package import Foundation
import Platform
package import ResultsStore
import Synchronization

/// Who is at work on something, as a file says: the others wait, or take up something else.
///
/// A lease is kept by touching its file. No clock is compared with another: whoever waits takes a lease over
/// when the file has not changed for a time that passes on the waiting machine, or when its holder was a
/// process of this machine and is gone. A lease saves work and no more: results that were computed twice are
/// compared, and counted once.
package final class Lease: Sendable {
    package struct Holder: Codable, Sendable, Hashable {
        package var host: String
        package var job: String
        package var process: ProcessIdentity
        /// Tells leases of one process apart.
        package var number: Int

        package init(host: String, job: String, process: ProcessIdentity, number: Int) {
            self.host = host
            self.job = job
            self.process = process
            self.number = number
        }
    }

    private let url: URL
    private let holder: Holder
    private let isHeld = Mutex(true)
    private static let numbers = Atomic<Int>(0)

    private init(_ url: URL, _ holder: Holder) {
        self.url = url
        self.holder = holder
    }

    deinit { release() }

    /// nil where somebody has it.
    ///
    /// Throws: `PlatformError` where the folder cannot be written.
    package static func take(
        _ url: URL, job: String, calls: SharedFile.Calls = SharedFile.Calls()
    ) throws -> Lease? {
        let holder = Holder(
            host: HostName.current, job: job, process: .current,
            number: numbers.add(1, ordering: .relaxed).newValue)
        let content = try SortedJSON.data(of: holder)
        guard try SharedFile.create(content, at: url, calls: calls) else { return nil }
        return Lease(url, holder)
    }

    /// Says that this process is still at work: the time is that of the file server.
    func renew() {
        guard isHeld.withLock({ $0 }) else { return }
        utimes(url.path, nil)
    }

    /// Gives it back, unless somebody has taken it over.
    package func release() {
        let wasHeld = isHeld.withLock { held in
            defer { held = false }
            return held
        }
        guard wasHeld, Self.holder(of: url) == holder else { return }
        unlink(url.path)
    }

    package static func holder(of url: URL) -> Holder? {
        SharedFile.read(url).flatMap { try? JSONDecoder().decode(Holder.self, from: $0) }
    }
}

/// Looks at a lease that somebody else has, until it is free.
package struct LeaseWatch {
    let url: URL
    /// Units: seconds without a sign of its holder.
    let patience: Double
    private var seen: Mark?
    private var since = ContinuousClock.now

    private struct Mark: Equatable {
        var file: UInt64
        var seconds: Int
        var nanoseconds: Int
    }

    package init(_ url: URL, patience: Double) {
        self.url = url
        self.patience = patience
    }

    /// Removes a lease whose holder is gone; true where there is none any more.
    package mutating func isFree() -> Bool {
        var facts = stat()
        guard lstat(url.path, &facts) == 0 else { return true }
        #if canImport(Darwin)
            let time = facts.st_mtimespec
        #else
            let time = facts.st_mtim
        #endif
        let mark = Mark(
            file: UInt64(facts.st_ino), seconds: time.tv_sec, nanoseconds: time.tv_nsec)
        if mark != seen {
            seen = mark
            since = .now
        }
        let holder = Lease.holder(of: url)
        let isDead = holder.map { isDeadHere($0) } ?? false
        guard isDead || ContinuousClock.now - since > .seconds(patience) else { return false }
        return remove(mark)
    }

    /// A process of another boot of another machine cannot be seen from here, and counts as alive.
    private func isDeadHere(_ holder: Lease.Holder) -> Bool {
        holder.process.boot == ProcessIdentity.current.boot && !holder.process.isAlive
    }

    /// Of several that remove it one succeeds, and whoever meets a newer one puts it back.
    private func remove(_ mark: Mark) -> Bool {
        let aside = url.path + ".\(HostName.current).\(getpid()).gone"
        guard rename(url.path, aside) == 0 else { return errno == ENOENT }
        var facts = stat()
        if lstat(aside, &facts) == 0, UInt64(facts.st_ino) != mark.file {
            _ = link(aside, url.path)
            unlink(aside)
            return false
        }
        unlink(aside)
        return true
    }
}
