import CStageProcess
import Foundation
import Platform
import Synchronization

/// A program in a session of its own: it ends with its stage, and with this process, together with all
/// that it has started.
final class StageProcess {
    enum End: Equatable {
        case exited(Int32)
        case signalled(Int32)
        /// It was ended from outside together with its leader.
        case vanished

        /// As a shell has it.
        var code: Int32 {
            switch self {
            case .exited(let code): code
            case .signalled(let number): 128 + number
            case .vanished: 137
            }
        }
    }

    private var handle = ablate_stage_process()
    /// A variable that all have that it starts, unless they give it up.
    private let mark: String
    private var isOutputOpen = true
    private static let count = Atomic(0)

    /// - Parameter arguments: the first is the program's own name.
    /// - Throws: `PlatformError.programRefused`.
    init(
        program: URL, arguments: [String], folder: URL, variables: [String: String]
    ) throws {
        mark = "ABLATE_PROCESS=\(getpid()).\(Self.count.add(1, ordering: .relaxed).newValue)"
        var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        var settings: [UnsafeMutablePointer<CChar>?] =
            variables.filter { $0.key != "ABLATE_PROCESS" }
            .map { strdup("\($0.key)=\($0.value)") } + [strdup(mark), nil]
        defer { for text in words + settings { free(text) } }
        let code = ablate_stage_start(program.path, &words, &settings, folder.path, &handle)
        guard code == 0 else {
            throw PlatformError.programRefused(path: program.path, code: code)
        }
        _ = fcntl(handle.output, F_SETFL, O_NONBLOCK)
    }

    /// Asks it to end, or ends it and all that it has started.
    func stop(atOnce: Bool) { ablate_stage_stop(&handle, atOnce ? 1 : 0) }

    /// Waits for its end, taking in what it prints.
    ///
    /// - Parameter isOver: asked every tenth of a second and after each output; what it is true for is
    ///   ended at once.
    func wait(log: inout BoundedLog, isOver: () -> Bool) -> End {
        var isStopped = false
        while true {
            var waits = [
                pollfd(fd: handle.report, events: Int16(POLLIN), revents: 0),
                // What has been closed would be ready for ever.
                pollfd(fd: isOutputOpen ? handle.output : -1, events: Int16(POLLIN), revents: 0),
            ]
            _ = poll(&waits, 2, 100)
            take(into: &log)
            if waits[0].revents != 0 {
                var status: Int32 = 0
                let count = withUnsafeMutableBytes(of: &status) {
                    read(handle.report, $0.baseAddress, $0.count)
                }
                if count < 0, errno == EINTR { continue }
                return end(count == 4 ? status : nil, &log)
            }
            if !isStopped, isOver() {
                isStopped = true
                stop(atOnce: true)
            }
        }
    }

    private func end(_ status: Int32?, _ log: inout BoundedLog) -> End {
        var ignored: Int32 = 0
        while waitpid(handle.leader, &ignored, 0) < 0, errno == EINTR {}
        take(into: &log)
        close(handle.output)
        close(handle.control)
        close(handle.report)
        guard let status else {
            ablate_stage_end_orphans(mark)
            return .vanished
        }
        let signal = status & 0x7F
        return signal == 0 ? .exited(status >> 8 & 0xFF) : .signalled(signal)
    }

    /// What has been printed since.
    private func take(into log: inout BoundedLog) {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        for _ in 0..<64 {
            let count = read(handle.output, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            if count == 0 { isOutputOpen = false }
            if count <= 0 { return }
            log.append(buffer[..<count])
        }
    }
}
