public import Foundation

/// A program that is run and waited for, without a thread and with two to four descriptors.
public enum ChildProcess {
    public struct Outcome: Sendable {
        /// The exit code; 128 and the signal's number for one that a signal ended.
        public var code: Int32
        /// What it wrote on standard error; nothing where that was shown.
        public var message: String
        /// What it printed, where that was asked for.
        public var output = ""
    }

    /// Runs a program in a folder; what it prints is dropped, kept, or shown where this program prints.
    ///
    /// - Parameters:
    ///   - input: what it reads, less than a pipe holds (64 KiB); nothing where there is none.
    ///   - keepsOutput: whether what it prints is kept; not together with `showsOutput`.
    ///   - limit: after which it is ended. Units: seconds; nil for none.
    /// - Throws: ``PlatformError/programRefused(path:code:)``, ``PlatformError/silentProgram(path:seconds:)``.
    public static func run(
        _ program: URL, _ arguments: [String], in folder: URL, environment: [String: String],
        input: String = "", showsOutput: Bool = false, keepsOutput: Bool = false,
        limit: Double? = nil
    ) throws(PlatformError) -> Outcome {
        let messages = try makePipe()
        defer { close(messages[0]) }
        let printed = keepsOutput ? try makePipe() : nil
        defer { if let printed { close(printed[0]) } }
        let inputs = try makePipe()
        let child: pid_t
        do {
            defer {
                close(inputs[0])
                close(messages[1])
                if let printed { close(printed[1]) }
            }
            _ = Descriptor.write(input, to: inputs[1])
            close(inputs[1])
            child = try spawn(
                program, arguments, in: folder, environment: environment, input: inputs[0],
                messages: showsOutput ? nil : messages[1], printed: printed?[1])
        }
        let ends = [messages[0]] + (printed.map { [$0[0]] } ?? [])
        guard let texts = read(ends, until: limit.map { .now + .seconds($0) }) else {
            kill(child, SIGKILL)
            while waitpid(child, nil, 0) < 0, errno == EINTR {}
            throw .silentProgram(path: program.path, seconds: limit ?? 0)
        }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        return Outcome(
            code: signal == 0 ? status >> 8 & 0xFF : 128 + signal, message: texts[0],
            output: texts.count > 1 ? texts[1] : "")
    }

    /// The end to read from, the end to write to.
    private static func makePipe() throws(PlatformError) -> [Int32] {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw .pipeRefused(code: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return ends
    }

    private static func spawn(
        _ program: URL, _ arguments: [String], in folder: URL, environment: [String: String],
        input: Int32, messages: Int32?, printed: Int32?
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
        if let printed {
            posix_spawn_file_actions_adddup2(&actions, printed, STDOUT_FILENO)
        } else if messages != nil {
            posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
        }
        if let messages {
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

    /// Reads all ends until each is closed, whichever has something.
    ///
    /// - Returns: nil where that takes longer than `deadline`.
    private static func read(
        _ descriptors: [Int32], until deadline: ContinuousClock.Instant?
    ) -> [String]? {
        var texts = descriptors.map { _ in [UInt8]() }
        var requests = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while requests.contains(where: { $0.fd >= 0 }) {
            var patience: Int32 = -1
            if let deadline {
                let left = (deadline - .now) / .milliseconds(1)
                guard left > 0 else { return nil }
                patience = Int32(min(left.rounded(.up), 1e6))
            }
            let ready = poll(&requests, nfds_t(requests.count), patience)
            if ready < 0, errno != EINTR { break }
            guard ready > 0 else { continue }
            for index in requests.indices where requests[index].fd >= 0 {
                guard requests[index].revents != 0 else { continue }
                #if canImport(Darwin)
                    let count = Darwin.read(requests[index].fd, &buffer, buffer.count)
                #else
                    let count = Glibc.read(requests[index].fd, &buffer, buffer.count)
                #endif
                if count < 0, errno == EINTR { continue }
                // One that is below zero is not asked any more.
                if count <= 0 { requests[index].fd = -1 } else { texts[index] += buffer[..<count] }
            }
        }
        return texts.map { String(decoding: $0, as: UTF8.self) }
    }
}
