public import Foundation

/// A program that is run and waited for, without a thread and with two descriptors.
public enum ChildProcess {
    public struct Outcome: Sendable {
        /// The exit code; 128 and the signal's number for one that a signal ended.
        public var code: Int32
        /// What it wrote on standard error.
        public var message: String
    }

    /// Runs a program in a folder; it reads nothing, and what it prints is dropped.
    ///
    /// Throws: ``PlatformError/programRefused(path:code:)``.
    public static func run(
        _ program: URL, _ arguments: [String], in folder: URL, environment: [String: String]
    ) throws(PlatformError) -> Outcome {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw .pipeRefused(code: errno) }
        defer { close(ends[0]) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let child = try spawn(
            program, arguments, in: folder, environment: environment, messages: ends)
        let message = read(ends[0])
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        return Outcome(code: signal == 0 ? status >> 8 & 0xFF : 128 + signal, message: message)
    }

    private static func spawn(
        _ program: URL, _ arguments: [String], in folder: URL, environment: [String: String],
        messages: [Int32]
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
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, messages[1], STDERR_FILENO)
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
        close(messages[1])
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
