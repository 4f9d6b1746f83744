import Platform

/// A thread that does something every few seconds while somebody is at work, and ends at once when that is over.
final class SignsOfLife: Sendable {
    private let isOver = Monitor(false)
    private let thread: WorkThread
    /// Units: seconds between two of them.
    private static let interval = 10.0

    /// Throws: `PlatformError` where no thread can be had.
    init(_ give: @escaping @Sendable () -> Void) throws {
        thread = try WorkThread(
            name: "signs of life", stackSize: 512 << 10,
            cancel: { [isOver] in isOver.update { $0 = true } },
            body: { [isOver] in
                while isOver.wait(seconds: Self.interval, { $0 ? () : nil }) == nil { give() }
            })
    }

    /// Returns when the last of them has been given.
    func end() {
        isOver.update { $0 = true }
        thread.join()
    }
}
