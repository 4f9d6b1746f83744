import Foundation
import Platform
import Synchronization
import Testing

@Suite("Signals")
struct InterruptionTests {
    @Test(
        "the first signal asks, and the program ends with the code that says which it was",
        arguments: [SIGINT, SIGTERM, SIGHUP])
    func asked(number: Int32) async {
        await #expect(processExitsWith: .exitCode(128 + number)) { [number = number as Int32] in
            let asked = Atomic(0)
            try Interruption.watch { asked.add(1, ordering: .sequentiallyConsistent) }
            kill(getpid(), number)
            // What a terminal that closes, and `timeout`, send besides says nothing new.
            if number != SIGINT { kill(getpid(), number) }
            while asked.load(ordering: .sequentiallyConsistent) == 0 { usleep(1000) }
            usleep(50_000)
            guard asked.load(ordering: .sequentiallyConsistent) == 1 else { _exit(1) }
            ProcessEnd.leave(128 + (Interruption.signal ?? 0))
        }
    }

    @Test("a second Ctrl-C presses, and the process ends although nobody listens and all are busy")
    func pressed() async {
        await #expect(processExitsWith: .exitCode(130)) {
            let asked = Atomic(0)
            try Interruption.watch {
                // As when the terminal takes no more text.
                if asked.add(1, ordering: .sequentiallyConsistent).newValue == 1 { sleep(1000) }
            }
            for _ in 0..<2 {
                kill(getpid(), SIGINT)
                usleep(100_000)
            }
            // Far longer than the two seconds that it takes: no machine is too busy for that.
            for _ in 0..<600 { usleep(100_000) }
            _exit(1)
        }
    }

    @Test("a third Ctrl-C ends the process at once")
    func third() async {
        await #expect(processExitsWith: .exitCode(130)) {
            try Interruption.watch {}
            // Two that come while one is pending are one.
            for _ in 0..<3 {
                kill(getpid(), SIGINT)
                usleep(100_000)
            }
            _exit(1)
        }
    }

    @Test("a SIGHUP that is ignored, as under nohup, stays ignored")
    func ignored() async {
        await #expect(processExitsWith: .exitCode(0)) {
            signal(SIGHUP, SIG_IGN)
            try Interruption.watch { _exit(1) }
            kill(getpid(), SIGHUP)
            usleep(100_000)
            ProcessEnd.leave(Interruption.signal == nil ? 0 : 2)
        }
    }
}
