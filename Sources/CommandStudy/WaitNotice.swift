import Foundation

/// Says what is being waited for, from the second second on.
package final class WaitNotice {
    private let start = ContinuousClock.now
    private var next = ContinuousClock.now + .seconds(2)
    private let write: (String) -> Void

    package init(_ write: @escaping (String) -> Void) { self.write = write }

    package func note(_ line: @autoclosure () -> String) {
        guard ContinuousClock.now >= next else { return }
        next = .now + .seconds(10)
        let seconds = (ContinuousClock.now - start).components.seconds
        write("\(line()) (\(seconds) s so far)")
    }
}
