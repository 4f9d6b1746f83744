public import Foundation

/// A program that is run and waited for, without a thread and with two descriptors.
public enum ChildProcess {
    public struct Outcome: Sendable {
        /// The exit code; 128 and the signal's number for one that a signal ended.
        public var code: Int32
        /// What it wrote on standard error; nothing where that was shown.
        public var message: String
    }

    /// Runs a program in a folder; what it prints is dropped, or shown where this program prints.
    ///
    /// - Parameter input: what it reads, less than a pipe holds (64 KiB); nothing where there is none.
    /// - Throws: ``PlatformError/programRefused(path:code:)``.
    public static func run(
        _ program: URL, _ arguments: [String], in folder: URL, environment: [String: String],
        input: String = "", showsOutput: Bool = false
    ) throws(PlatformError) -> Outcome {
        let ends = try makePipe()
        defer { close(ends[0]) }
        let inputs = try makePipe()
        let child: pid_t
        do throws(PlatformError) {
            defer { close(inputs[0]) }
            _ = Descriptor.write(input, to: inputs[1])
            close(inputs[1])
            child = try spawn(
                program, arguments, in: folder, environment: environment, input: inputs[0],
                messages: showsOutput ? nil : ends[1])
        } catch {
            close(ends[1])
            throw error
        }
        close(ends[1])
        let message = read(ends[0])
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        return Outcome(code: signal == 0 ? status >> 8 & 0xFF : 128 + signal, message: message)
    }

    private static func makePipe() throws(PlatformError) -> [Int32] {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw .pipeRefused(code: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return ends
    }

    private static func spawn(
        _ program: URL, _ arguments: [String], in folder: URL, environment: [String: String],
        input: Int32, messages: Int32?
    ) throws(PlatformError) -> pid_t {
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
            var attributes: posix_spawnattr_t?
        #else
            var actions = posix_spawn_file_actions_t()
            var attributes = posix_spawnattr_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        if let messages {
            posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
            posix_spawn_file_actions_adddup2(&actions, messages, STDERR_FILENO)
        }
        // What this process ignores is not ignored there.
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in [SIGPIPE, SIGXFSZ] { sigaddset(&signals, number) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
        // A shell changes the folder: not every C library can.
        let shell = "/bin/sh"
        let line = [shell, "-c", #"cd "$0" && exec "$@""#, folder.path, program.path] + arguments
        var words: [UnsafeMutablePointer<CChar>?] = line.map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] =
            environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in words + variables { free(text) } }
        var child = pid_t()
        let code = posix_spawn(&child, shell, &actions, &attributes, &words, &variables)
        guard code == 0 else { throw .programRefused(path: program.path, code: code) }
        return child
    }

    private static func read(_ descriptor: Int32) -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            #if canImport(Darwin)
                let count = Darwin.read(descriptor, &buffer, buffer.count)
            #else
                let count = Glibc.read(descriptor, &buffer, buffer.count)
            #endif
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes += buffer[..<count]
        }
    }
}
