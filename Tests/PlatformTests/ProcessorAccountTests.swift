import Foundation
import Platform
import Synchronization
import Testing

@Suite("Processor time of a piece of work")
struct ProcessorAccountTests {
    /// Computes until the thread has had so much of a processor.
    private static func spend(_ seconds: Double) {
        var start = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &start)
        var now = start
        repeat {
            for _ in 0..<1000 { clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) }
        } while Double(now.tv_sec - start.tv_sec) + 1e-9 * Double(now.tv_nsec - start.tv_nsec)
            < seconds
    }

    @Test("is that of the thread itself, of threads that it joins, and of programs that say so")
    func all() throws {
        let (value, seconds) = try ProcessorAccount.measure {
            Self.spend(0.05)
            let helper = try WorkThread(name: "helper", cancel: {}, body: { Self.spend(0.1) })
            ProcessorAccount.current?.add(seconds: 7)
            helper.join()
            // Sleep is no processor time.
            usleep(200_000)
            return 3
        }
        #expect(value == 3)
        #expect(seconds > 7.149 && seconds < 7.19, "\(seconds)")
        #expect(ProcessorAccount.current == nil)
    }

    @Test("loops that threads share count with all of these")
    func loops() {
        let seconds = ProcessorAccount.measure {
            let team = ThreadTeam(threads: 3)
            team.perform(6) { _, _ in Self.spend(0.02) }
            team.dismiss()
            Parallel.perform(iterations: 4, threads: 2) { _ in Self.spend(0.02) }
        }.seconds
        #expect(seconds > 0.199 && seconds < 0.3, "\(seconds)")
    }

    @Test("what is measured within counts without as well; threads of others do not")
    func nested() throws {
        let gate = Monitor(false)
        let stranger = try WorkThread(
            name: "stranger", cancel: {},
            body: {
                gate.wait { $0 ? () : nil }
                Self.spend(0.1)
            })
        let inner = Mutex(0.0)
        let outer = ProcessorAccount.measure {
            gate.update { $0 = true }
            let seconds = ProcessorAccount.measure {
                ProcessorAccount.current?.add(seconds: 2)
                Self.spend(0.02)
            }.seconds
            inner.withLock { $0 = seconds }
            stranger.join()
        }.seconds
        let seconds = inner.withLock { $0 }
        #expect(seconds > 2.019 && seconds < 2.05, "\(seconds)")
        #expect(outer >= seconds && outer < 2.07, "\(outer)")
    }
}
