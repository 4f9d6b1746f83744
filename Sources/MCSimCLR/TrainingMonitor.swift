/// How a training run talks to whoever started it.
public struct TrainingMonitor: Sendable {
    /// Called after each step.
    public var report: @Sendable (_ step: Int, _ steps: Int, _ loss: Double) -> Void
    /// Asked before each step; true ends the run with `CancellationError`.
    public var isCancelled: @Sendable () -> Bool

    public init(
        report: @escaping @Sendable (_ step: Int, _ steps: Int, _ loss: Double) -> Void = { _, _, _ in },
        isCancelled: @escaping @Sendable () -> Bool = { false }
    ) {
        self.report = report
        self.isCancelled = isCancelled
    }
}
