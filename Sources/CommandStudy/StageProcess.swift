import CStageProcess
import Foundation
import Platform
import ResultsStore
import Synchronization

/// A program in a session of its own: it ends with its stage, and with this process, together with all
/// that it has started.
final class StageProcess {
    enum End: Equatable {
        case exited(Int32)
        case signalled(Int32)
        /// It was ended from outside together with its leader.
        case vanished
        /// It ended after its whole session was asked to end from outside: whatever its exit code, that is not
        /// its own doing, and what it left is what it had when it was told to stop.
        case asked

        /// As a shell has it.
        var code: Int32 {
            switch self {
            case .exited(let code): code
            case .signalled(let number): 128 + number
            case .vanished: 137
            case .asked: 143
            }
        }
    }

    private var handle = ablate_stage_process()
    /// A variable that all have that it starts, unless they give it up.
    private let mark: String
    private var isOutputOpen = true
    private var memory = 0
    /// When its memory was looked at last: what it has at its beginning says nothing of it.
    private var looked = ContinuousClock.now
    private static let count = Atomic(0)

    /// The most memory that the program, or one that it has started and waited for, has had, as far as that
    /// was seen. Units: bytes; 0 where nothing was.
    var peakMemory: Int { memory }

    /// - Parameters:
    ///   - arguments: the first is the program's own name.
    ///   - output: the folder that it writes into, where it has one: what is left of it after a crash is
    ///     found by that.
    /// - Throws: `PlatformError.programRefused`.
    init(
        program: URL, arguments: [String], folder: URL, variables: [String: String],
        output: URL? = nil
    ) throws {
        let number = Self.count.add(1, ordering: .relaxed).newValue
        mark = output.flatMap(Self.mark(of:)) ?? "ABLATE_PROCESS=\(getpid()).\(number)"
        var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        var settings: [UnsafeMutablePointer<CChar>?] =
            variables.filter { !["ABLATE_PROCESS", RunMark.name].contains($0.key) }
            .map { strdup("\($0.key)=\($0.value)") }
            + [strdup(mark), strdup("\(RunMark.name)=\(RunMark.own)"), nil]
        defer { for text in words + settings { free(text) } }
        let code = ablate_stage_start(program.path, &words, &settings, folder.path, &handle)
        guard code == 0 else {
            throw PlatformError.programRefused(path: program.path, code: code)
        }
        _ = fcntl(handle.output, F_SETFL, O_NONBLOCK)
    }

    /// What all have in their environment that write into a folder, whatever path leads there.
    static func mark(of folder: URL) -> String? {
        var facts = stat()
        guard stat(folder.path, &facts) == 0 else { return nil }
        return "ABLATE_PROCESS=\(facts.st_dev):\(facts.st_ino)"
    }

    /// Ends what writes into a folder since an earlier run, whose process was killed together with the
    /// leaders.
    ///
    /// Throws: ``SurvivingProgram`` for what cannot be ended.
    static func endSurvivors(in folder: URL) throws {
        guard let mark = mark(of: folder) else { return }
        let survivor = ablate_stage_end_orphans(mark)
        if survivor != 0 { throw SurvivingProgram(process: Int(survivor), folder: folder.path) }
    }

    /// The program, or its leader, where it is stopped: neither goes on, nor ends.
    var stopped: Int? {
        [handle.program, handle.leader].map { Int($0) }.first { number in
            number > 0 && ProcessIdentity.isStopped(number)
        }
    }

    /// Asks it to end, or ends it and all that it has started.
    func stop(atOnce: Bool) { ablate_stage_stop(&handle, atOnce ? 1 : 0) }

    /// Waits for its end, taking in what it prints.
    ///
    /// - Parameter isOver: asked every tenth of a second and after each output; what it is true for is
    ///   ended at once. It is given what was printed.
    func wait(log: inout BoundedLog, isOver: (inout BoundedLog) -> Bool) -> End {
        var isStopped = false
        while true {
            var waits = [
                pollfd(fd: handle.report, events: Int16(POLLIN), revents: 0),
                // What has been closed would be ready for ever.
                pollfd(fd: isOutputOpen ? handle.output : -1, events: Int16(POLLIN), revents: 0),
            ]
            lookAtMemory()
            _ = poll(&waits, 2, 100)
            take(into: &log)
            if waits[0].revents != 0 {
                var report = ablate_stage_end()
                let count = withUnsafeMutableBytes(of: &report) {
                    read(handle.report, $0.baseAddress, $0.count)
                }
                if count < 0, errno == EINTR { continue }
                return end(count == MemoryLayout.size(ofValue: report) ? report : nil, &log)
            }
            if !isStopped, isOver(&log) {
                isStopped = true
                stop(atOnce: true)
            }
        }
    }

    /// What the system says at the end is no less than what the leader has had.
    private func lookAtMemory() {
        guard handle.program > 0, ContinuousClock.now - looked >= .milliseconds(100) else { return }
        looked = .now
        memory = max(memory, ProcessMemory.peak(of: Int(handle.program)) ?? 0)
    }

    private func end(_ report: ablate_stage_end?, _ log: inout BoundedLog) -> End {
        var ignored: Int32 = 0
        while waitpid(handle.leader, &ignored, 0) < 0, errno == EINTR {}
        take(into: &log)
        close(handle.output)
        close(handle.control)
        close(handle.report)
        guard let report else {
            _ = ablate_stage_end_orphans(mark)
            return .vanished
        }
        memory = max(memory, Int(report.peak_memory))
        ProcessorAccount.current?.add(seconds: report.processor_seconds)
        if report.was_asked != 0 { return .asked }
        let signal = report.status & 0x7F
        return signal == 0 ? .exited(report.status >> 8 & 0xFF) : .signalled(signal)
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

/// A program of an earlier run that still writes where a stage is to be started anew.
struct SurvivingProgram: MachineFault, CustomStringConvertible {
    let process: Int
    let folder: String
    let isMachineFault = true

    var description: String {
        "process \(process) of an earlier run still writes into \(folder) and cannot be ended: end it "
            + "('kill -KILL \(process)')"
    }
}
