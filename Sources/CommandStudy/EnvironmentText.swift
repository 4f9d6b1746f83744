package import Digests
package import Foundation

/// What the command of `environment` prints, such as the versions of libraries.
package struct EnvironmentText {
    package let digest: Digest

    /// More is no list of versions. Units: bytes.
    private static let mostBytes = 4 << 20

    /// - Parameter limit: how long the command may take.
    /// - Throws: ``CommandStudyError`` where it fails, takes longer, or prints without end.
    package init(
        of command: [String], in folder: URL, _ notice: WaitNotice,
        limit: Duration = .seconds(300)
    ) throws {
        let words = command.joined(separator: " ")
        let process = try StageProcess(
            program: PreparedPrograms.program(command[0], beside: folder), arguments: command,
            folder: folder, variables: ProcessInfo.processInfo.environment)
        var log = BoundedLog(bytes: Self.mostBytes)
        let start = ContinuousClock.now
        var isLate = false
        let end = process.wait(log: &log) { log in
            notice.note("waiting for environment: '\(words)'")
            isLate = isLate || ContinuousClock.now - start > limit
            return isLate || log.isCut
        }
        if log.isCut {
            throw CommandStudyError.environmentTooLong(
                command: words, megabytes: Self.mostBytes >> 20)
        }
        if isLate {
            throw CommandStudyError.environmentTooSlow(
                command: words, seconds: Int(limit.components.seconds))
        }
        guard end == .exited(0) else {
            throw CommandStudyError.environmentFailed(
                command: words, code: end.code, message: log.tail(lines: 3))
        }
        digest = Digest(of: log.text)
    }
}
