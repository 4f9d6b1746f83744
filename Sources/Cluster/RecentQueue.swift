import Foundation
import Synchronization

/// The queue of a cluster, which all users share: asked rarely, however often one looks.
public final class RecentQueue: Sendable {
    struct Answer {
        var tasks: [QueuedTask] = []
        /// Why there is none.
        var fault: String?
        /// Units: seconds.
        var age = 0.0
    }

    private let slurm: Slurm
    private let patience: Double
    private let last = Mutex<
        (users: Set<UInt32>, answer: Answer, moment: ContinuousClock.Instant)?
    >(nil)

    /// - Parameter patience: for how long an answer is good. Units: seconds.
    public init(_ slurm: Slurm = Slurm(), patience: Double = 15) {
        self.slurm = slurm
        self.patience = patience
    }

    func answer(of users: Set<UInt32>) -> Answer {
        last.withLock { last in
            if let (known, answer, moment) = last, known == users {
                let age = (ContinuousClock.now - moment) / .seconds(1)
                if age < patience {
                    return Answer(tasks: answer.tasks, fault: answer.fault, age: age)
                }
            }
            var answer = Answer()
            do {
                answer.tasks = try slurm.queue(of: users)
            } catch {
                answer.fault = "\(error)"
            }
            last = (users, answer, .now)
            return answer
        }
    }
}
