import Foundation

/// Examples per second over the run so far; for display alone.
final class RateMeter: @unchecked Sendable {
    // One training thread calls it at a time.
    private var start: (step: Int, time: ContinuousClock.Instant)?

    /// nil until the second step.
    func examplesPerSecond(step: Int, batchSize: Int) -> Double? {
        let now = ContinuousClock.now
        guard let start else {
            start = (step, now)
            return nil
        }
        let seconds = (now - start.time) / .seconds(1)
        return seconds > 0 ? Double((step - start.step) * batchSize) / seconds : nil
    }
}
