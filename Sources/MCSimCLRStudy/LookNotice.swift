import Foundation
import Reports
package import SoundData
import Studies
import Synchronization

/// Says what a first look at recordings costs, when it costs more than a moment.
package final class LookNotice: Sendable {
    private let nextLine = Mutex(1.0)
    private let write: @Sendable (String) -> Void

    private init(_ write: @escaping @Sendable (String) -> Void) { self.write = write }

    /// A look that keeps what it sees and says how long it takes.
    ///
    /// - Parameter write: takes lines for the user's eye.
    package static func look(_ write: @escaping @Sendable (String) -> Void) -> FirstLook {
        let notice = LookNotice(write)
        return FirstLook(cache: ResultsLayout.recordingFacts, report: notice.report)
    }

    @Sendable private func report(_ progress: FirstLook.Progress) {
        let isDue = nextLine.withLock { next in
            guard progress.seconds >= next, progress.expectedSeconds > 2 else { return false }
            next = progress.seconds + 30
            return true
        }
        guard isDue else { return }
        let left = max(1, progress.expectedSeconds - progress.seconds)
        write(
            "reading \(progress.files) recordings (\(QuantityText.bytes(progress.bytes))) to know "
                + "their content: about \(QuantityText.duration(left)) left; unchanged files are not "
                + "read again")
    }
}
