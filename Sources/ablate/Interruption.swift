import Dispatch
import Foundation

/// Ctrl-C and SIGTERM, turned into calls.
final class Interruption: @unchecked Sendable {
    static let shared = Interruption()

    // Handlers run on this queue alone, which also guards what they change.
    private let queue = DispatchQueue(label: "signals")
    private var wasTerminated = false
    private var sources: [any DispatchSourceSignal] = []

    /// Whether SIGTERM came rather than Ctrl-C.
    var isTermination: Bool { queue.sync { wasTerminated } }

    /// Calls `action` on another thread for each signal, instead of ending the program.
    func whenSignalled(_ action: @escaping @Sendable () -> Void) {
        queue.sync {
            for number in [SIGINT, SIGTERM] {
                signal(number, SIG_IGN)
                let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
                source.setEventHandler { [self] in
                    if number == SIGTERM { wasTerminated = true }
                    action()
                }
                source.resume()
                sources.append(source)
            }
        }
    }
}
