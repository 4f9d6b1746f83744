import Foundation
import SoundData
import Synchronization
import Trials

/// Says what a first look at recordings costs, when it costs more than a moment.
final class LookNotice: Sendable {
    private let nextLine = Mutex(1.0)

    /// A look that keeps what it sees and says how long it takes.
    static var look: FirstLook {
        let notice = LookNotice()
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
        Console.error(
            "reading \(progress.files) recordings (\(RunWording.bytes(progress.bytes))) to know "
                + "their content: about \(RunWording.duration(left)) left; unchanged files are not "
                + "read again")
    }
}
