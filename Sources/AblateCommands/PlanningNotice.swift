import Foundation
import Platform

/// Says on standard error how far the planning of a large sweep is, from the second second on.
final class PlanningNotice {
    private var next: ContinuousClock.Instant?

    func note(_ trials: Int, of total: Int) {
        // From the first call on: looking at data and programs came before.
        let due = next ?? .now + .seconds(2)
        next = due
        guard ContinuousClock.now >= due else { return }
        next = .now + .seconds(5)
        Console.error("planning: \(trials) of \(Count.text(total, "trial"))")
    }
}
