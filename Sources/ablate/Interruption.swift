import Dispatch
import Foundation
import Synchronization

/// Ctrl-C and SIGTERM, turned into calls.
final class Interruption: Sendable {
    static let shared = Interruption()

    private let terminated = Mutex(false)
    private let sources = Mutex<[any DispatchSourceSignal]>([])

    /// Whether SIGTERM came rather than Ctrl-C.
    var isTermination: Bool { terminated.withLock { $0 } }

    /// Calls `action` on another thread for each signal, instead of ending the program.
    func whenSignalled(_ action: @escaping @Sendable () -> Void) {
        for number in [SIGINT, SIGTERM] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { [self] in
                if number == SIGTERM { terminated.withLock { $0 = true } }
                action()
            }
            source.resume()
            sources.withLock { $0.append(source) }
        }
    }
}
