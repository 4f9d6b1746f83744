import Foundation
import Platform
import Testing

@Suite("Programs that are run and waited for")
struct ChildProcessTests {
    private func shell(_ line: String, keepsOutput: Bool) throws -> ChildProcess.Outcome {
        try ChildProcess.run(
            URL(filePath: "/bin/sh"), ["-c", line], in: URL(filePath: "/"),
            environment: ["A": "b"], keepsOutput: keepsOutput)
    }

    @Test("give their exit code, what they print and what they say of faults, each by itself")
    func texts() throws {
        let kept = try shell("echo $A; echo fault >&2; exit 3", keepsOutput: true)
        #expect(kept.code == 3 && kept.output == "b\n" && kept.message == "fault\n")
        let dropped = try shell("echo $A; echo fault >&2", keepsOutput: false)
        #expect(dropped.code == 0 && dropped.output.isEmpty && dropped.message == "fault\n")
        #expect(try shell("kill -KILL $$", keepsOutput: true).code == 137)
    }

    @Test("may print more than pipes hold, on both, in any order")
    func large() throws {
        let both = "seq 100000; seq 100000 >&2; seq 100000"
        let outcome = try shell(both, keepsOutput: true)
        let once = (1...100_000).map { "\($0)\n" }.joined()
        #expect(outcome.output == once + once && outcome.message == once)
    }

    @Test("what does not end within its limit is ended, also where it has started others")
    func limit() throws {
        let start = ContinuousClock.now
        #expect(throws: PlatformError.silentProgram(path: "/bin/sh", seconds: 0.2)) {
            try ChildProcess.run(
                URL(filePath: "/bin/sh"), ["-c", "sleep 100 & sleep 100"],
                in: URL(filePath: "/tmp"), environment: [:], keepsOutput: true, limit: 0.2)
        }
        #expect(ContinuousClock.now - start < .seconds(30))
        let quick = try ChildProcess.run(
            URL(filePath: "/bin/sh"), ["-c", "echo yes"], in: URL(filePath: "/tmp"),
            environment: [:], keepsOutput: true, limit: 60)
        #expect(quick.output == "yes\n")
    }
}
