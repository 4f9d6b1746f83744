import Foundation
import Platform
import Testing

@Suite("Limits of the shell")
struct ResourceLimitTests {
    /// Sets the limit on address space; the process of the test is a child of its own.
    private static func limit(_ bytes: Int) {
        var limit = rlimit(rlim_cur: rlim_t(bytes), rlim_max: rlim_t(bytes))
        setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
    }

    /// AddressSanitizer reserves terabytes of addresses before anything runs, and leaves room for no limit.
    private static let isSanitised = ProcessInfo.processInfo.environment["ASAN_OPTIONS"] != nil

    @Test(
        "memory for more threads than a limit has room for is refused, with what to do",
        .enabled(if: !isSanitised))
    func memory() async {
        await #expect(processExitsWith: .exitCode(0)) {
            try ResourceLimits.probeMemory(threads: 64, bytes: 1 << 30)
            guard ResourceLimits.addressSpaceLeft(threads: 0) == nil else { _exit(1) }
            Self.limit(4 << 30)
            try ResourceLimits.probeMemory(threads: 1)
            guard let left = ResourceLimits.addressSpaceLeft(threads: 1), left < 4 << 30 else {
                _exit(2)
            }
            #expect(throws: PlatformError.self) { try ResourceLimits.probeMemory(threads: 64) }
            let error = PlatformError.memoryRefused(bytes: 300 << 20)
            _exit(error.description.hasPrefix("300 MB of memory cannot be had: raise") ? 0 : 3)
        }
    }

    @Test(
        "an allocation that a limit refuses ends the process with a line, not with a signal",
        .enabled(if: !isSanitised))
    func crash() async throws {
        let result = await #expect(
            processExitsWith: .exitCode(2), observing: [\.standardErrorContent]
        ) {
            Self.limit(3 << 30)
            try ProcessStart.prepare()
            let huge = [UInt8](repeating: 1, count: 4 << 30)
            _exit(Int32(huge[7]))
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(text.contains("most likely since memory ran out: only 3072 MB may be used"))
    }

    @Test("threads that can be had are let go again")
    func threads() throws {
        try WorkThreads.probe(8)
        #expect(throws: PlatformError.self) { try WorkThreads.probe(2, stackSize: 1 << 60) }
    }
}
