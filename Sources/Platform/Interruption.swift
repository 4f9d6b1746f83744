import Foundation
import Synchronization

/// Ctrl-C, SIGTERM, SIGHUP and SIGXCPU, turned into calls.
///
/// The first asks; a second Ctrl-C, or a second SIGTERM a while later, presses. Two seconds after
/// that, or at a third, the process ends whatever its threads do: no lock, no full pipe and no
/// computation can keep it.
public final class Interruption: Sendable {
    private let readEnd: Int32
    private let writeEnd: Int32
    private let action: @Sendable () -> Void

    private init(readEnd: Int32, writeEnd: Int32, action: @escaping @Sendable () -> Void) {
        self.readEnd = readEnd
        self.writeEnd = writeEnd
        self.action = action
    }

    /// From now on calls `action` on a thread of its own when the program is to save what runs and
    /// end, and again when it is to end at once. To be used once.
    ///
    /// A SIGHUP that is ignored, as under `nohup`, stays ignored.
    ///
    /// - Parameter additional: further signals that ask, such as the SIGUSR1 that a batch system sends
    ///   before the time is up.
    /// - Throws: ``PlatformError`` where there is no thread or no pipe to be had.
    public static func watch(
        additional: [Int32] = [], _ action: @escaping @Sendable () -> Void
    ) throws(PlatformError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw .pipeRefused(code: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        // A handler never waits: of more signals than a pipe holds, the last ones say nothing new.
        _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
        let interruption = Interruption(readEnd: ends[0], writeEnd: ends[1], action: action)
        try WorkThread(
            name: "signals", stackSize: 512 << 10, cancel: interruption.end,
            body: interruption.listen)
        SignalRecord.prepare()
        SignalRecord.pipe.store(ends[1], ordering: .sequentiallyConsistent)
        install(SIGALRM, handleAlarm)
        for number in [SIGINT, SIGTERM, SIGHUP, SIGXCPU] + additional
        where number != SIGHUP || !isIgnored(number) {
            install(number, handleSignal)
        }
        ResourceLimits.leaveTimeToSave()
        unblock()
    }

    /// A program that was started by a thread which blocks signals begins with them blocked, and a
    /// blocked Ctrl-C would end nothing.
    static func unblock() {
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in [SIGINT, SIGTERM, SIGHUP, SIGXCPU, SIGALRM] { sigaddset(&signals, number) }
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }

    /// The first signal that came; nil if none has.
    public static var signal: Int32? {
        let number = SignalRecord.first.load(ordering: .sequentiallyConsistent)
        return number == 0 ? nil : number
    }

    /// Waits for what the handler writes; 0 ends it.
    private func listen() {
        var byte: UInt8 = 0
        var hasAsked = false
        while true {
            let count = read(readEnd, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count == 1, byte != 0 else { return }
            // SIGTERM after Ctrl-C asks for what has been asked for.
            if byte == 1, hasAsked { continue }
            hasAsked = true
            action()
        }
    }

    private func end() {
        var byte: UInt8 = 0
        _ = write(writeEnd, &byte, 1)
    }

    private static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        guard sigaction(number, nil, &action) == 0 else { return false }
        #if canImport(Darwin)
            return unsafeBitCast(action.__sigaction_u.__sa_handler, to: Int.self) == 1
        #else
            return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
        #endif
    }

    private static func install(
        _ number: Int32, _ handler: @escaping @convention(c) (Int32) -> Void
    ) {
        var action = sigaction()
        #if canImport(Darwin)
            action.__sigaction_u.__sa_handler = handler
        #else
            action.__sigaction_handler.sa_handler = handler
        #endif
        action.sa_flags = SA_RESTART
        sigaction(number, &action, nil)
    }
}

/// What handlers of signals know: numbers alone, since nothing else is safe there.
private enum SignalRecord {
    static let pipe = Atomic<Int32>(-1)
    static let first = Atomic<Int32>(0)
    static let interrupts = Atomic<Int32>(0)
    static let terminations = Atomic<Int32>(0)
    /// Units: seconds, of a clock that never goes back; when SIGTERM came last.
    static let lastTermination = Atomic<Int>(-1000)

    /// What is made at its first use is made here: a handler must not.
    static func prepare() {
        first.store(0, ordering: .sequentiallyConsistent)
        interrupts.store(0, ordering: .sequentiallyConsistent)
        terminations.store(0, ordering: .sequentiallyConsistent)
        lastTermination.store(-1000, ordering: .sequentiallyConsistent)
    }

    /// How urgent a signal is: 1 asks, 2 presses, 3 ends; 0 says nothing new.
    ///
    /// A terminal that closes sends SIGHUP more than once, a limit on processor time (`ulimit -t`) sends
    /// SIGXCPU every second, and `timeout` sends SIGTERM to the
    /// process and to its group: such twins count as one.
    static func urgency(of number: Int32) -> Int32 {
        switch number {
        case SIGINT: return interrupts.add(1, ordering: .sequentiallyConsistent).newValue
        case SIGTERM:
            var now = timespec()
            clock_gettime(CLOCK_MONOTONIC, &now)
            let last = lastTermination.exchange(now.tv_sec, ordering: .sequentiallyConsistent)
            if now.tv_sec - last <= 1 { return 0 }
            return terminations.add(1, ordering: .sequentiallyConsistent).newValue
        default: return 1
        }
    }
}

private func handleSignal(_ number: Int32) {
    let saved = errno
    _ = SignalRecord.first.compareExchange(
        expected: 0, desired: number, ordering: .sequentiallyConsistent)
    let urgency = SignalRecord.urgency(of: number)
    if urgency >= 3 { leaveBySignal() }
    if urgency == 2 { alarm(2) }
    if urgency > 0 {
        var byte = UInt8(urgency)
        _ = write(SignalRecord.pipe.load(ordering: .sequentiallyConsistent), &byte, 1)
    }
    errno = saved
}

private func handleAlarm(_: Int32) { leaveBySignal() }

private func leaveBySignal() -> Never {
    _exit(128 + SignalRecord.first.load(ordering: .sequentiallyConsistent))
}
