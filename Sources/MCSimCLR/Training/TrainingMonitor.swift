/// How a training run talks to whoever started it, on the thread that trains.
public struct TrainingMonitor {
    /// Called after each step.
    public var report: (_ step: Int, _ steps: Int, _ loss: Double) -> Void
    /// Asked before each step; true ends the run with `CancellationError`.
    public var isCancelled: () -> Bool

    public init(
        report: @escaping (_ step: Int, _ steps: Int, _ loss: Double) -> Void = { _, _, _ in },
        isCancelled: @escaping () -> Bool = { false }
    ) {
        self.report = report
        self.isCancelled = isCancelled
    }
}
