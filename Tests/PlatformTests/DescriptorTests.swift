import Foundation
import Platform
import Testing

@Suite("Writing to what the shell gave")
struct DescriptorTests {
    @Test("a full disk, a closed descriptor and a reader that is gone are error numbers")
    func refused() async {
        await #expect(processExitsWith: .exitCode(0)) {
            try ProcessStart.prepare()
            let full = open("/dev/full", O_WRONLY)
            guard Descriptor.write("text", to: full) == ENOSPC else { _exit(1) }
            close(full)
            guard Descriptor.write("text", to: full) == EBADF else { _exit(2) }
            var ends: [Int32] = [0, 0]
            pipe(&ends)
            close(ends[0])
            guard Descriptor.write("text", to: ends[1]) == EPIPE else { _exit(3) }
            _exit(0)
        }
    }

    @Test("a pipe that does not wait is waited for, and everything arrives")
    func patient() throws {
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
        let text = String(repeating: "0123456789", count: 50_000)
        let readEnd = ends[0]
        let reader = try WorkThread(
            name: "reads", cancel: {},
            body: {
                var buffer = [UInt8](repeating: 0, count: 10_000)
                var total = 0
                while total < 500_000 {
                    usleep(200)
                    total += max(0, read(readEnd, &buffer, buffer.count))
                }
            })
        #expect(Descriptor.write(text, to: ends[1]) == nil)
        reader.join()
        for end in ends { close(end) }
    }

    @Test("a limit on the size of files is an error number, not a signal")
    func sizeLimit() async {
        await #expect(processExitsWith: .exitCode(0)) {
            try ProcessStart.prepare()
            var limit = rlimit(rlim_cur: 1000, rlim_max: 1000)
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            let path = FileManager.default.temporaryDirectory
                .appending(path: "ablate-limit-\(UUID().uuidString)")
            defer { unlink(path.path) }
            let error = #expect(throws: PlatformError.self) {
                try WholeFile.write(Data(count: 4000), to: path)
            }
            let left = access(path.path, F_OK) == 0
            _exit(error == .unwritable(path: path.path, code: EFBIG) && !left ? 0 : 1)
        }
    }

    @Test("what is printed with standard output closed does not land in the next file")
    func closed() async throws {
        let file = FileManager.default.temporaryDirectory
            .appending(path: "ablate-closed-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        await #expect(processExitsWith: .exitCode(0)) { [path = file.path as String] in
            close(STDOUT_FILENO)
            try ProcessStart.prepare()
            let opened = open(path, O_WRONLY | O_CREAT, 0o600)
            _exit(
                opened > STDERR_FILENO && Descriptor.write("text", to: STDOUT_FILENO) == EBADF
                    ? 0 : 1)
        }
        #expect(try Data(contentsOf: file).isEmpty)
    }
}

@Suite("Text for a terminal")
struct TerminalTextTests {
    @Test(
        "what could steer a terminal does not reach it, and everything else does",
        arguments: [
            ("\u{1B}]0;title\u{7}\u{1B}[31mred", "\u{FFFD}]0;title\u{FFFD}\u{FFFD}[31mred"),
            ("a\rb\u{9B}2Jc\u{7F}", "a\u{FFFD}b\u{FFFD}2Jc\u{FFFD}"),
            ("left\u{202E}right", "leftright"),
            ("rows\n\tof 3 ± 1 °, 日本 é", "rows\n\tof 3 ± 1 °, 日本 é"),
        ])
    func harmless(text: String, expected: String) {
        #expect(TerminalText.harmless(text) == expected)
    }
}
