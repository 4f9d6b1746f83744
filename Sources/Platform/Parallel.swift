import Foundation
import Synchronization

/// Loops that several threads share.
public enum Parallel {
    /// Calls `body` for each of `0 ..< iterations`, on at most so many threads, and returns when all
    /// calls have. The calling thread takes part: where no other can be started it does everything.
    ///
    /// - Parameter threads: as many as there are processors if left out.
    public static func perform(
        iterations: Int, threads: Int? = nil,
        _ body: @Sendable (Int) -> Void
    ) {
        let threads = threads ?? Processors.available
        withoutActuallyEscaping(body) { body in
            perform(Loop(iterations: iterations, body: body), threads: min(threads, iterations))
        }
    }

    private static func perform(_ loop: Loop, threads: Int) {
        var helpers: [WorkThread] = []
        for number in 1..<max(1, threads) {
            guard
                let helper = try? WorkThread(
                    name: "loop \(number)", cancel: {}, body: { loop.run() })
            else { break }
            helpers.append(helper)
        }
        loop.run()
        for helper in helpers { helper.join() }
    }
}

/// Iterations, handed out one by one.
private final class Loop: Sendable {
    private let next = Atomic(0)
    private let iterations: Int
    private let body: @Sendable (Int) -> Void

    init(iterations: Int, body: @escaping @Sendable (Int) -> Void) {
        self.iterations = iterations
        self.body = body
    }

    func run() {
        while true {
            let index = next.add(1, ordering: .relaxed).oldValue
            guard index < iterations else { return }
            body(index)
        }
    }
}
