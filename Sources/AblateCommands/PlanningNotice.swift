import Foundation

/// Says on standard error how far the planning of a large sweep is, from the second second on.
final class PlanningNotice {
    private var next = ContinuousClock.now + .seconds(2)

    func note(_ trials: Int, of total: Int) {
        guard ContinuousClock.now >= next else { return }
        next = .now + .seconds(5)
        Console.error("planning: \(trials) of \(total) trials")
    }
}
