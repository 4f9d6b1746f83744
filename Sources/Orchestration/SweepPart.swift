import Digests
public import ResultsStore

/// One of several parts of a sweep, each to be run by a machine of its own.
public struct SweepPart: Sendable, Hashable {
    /// From 1.
    public let number: Int
    public let count: Int

    /// nil unless `number` is from 1 to `count`.
    public init?(_ number: Int, of count: Int) {
        guard count >= 1, (1...count).contains(number) else { return nil }
        self.number = number
        self.count = count
    }

    /// The part's trials, in the order of the plan.
    ///
    /// Trials that share an artifact of their own (a pretraining) stay together, and so do those of
    /// one seed as far as the parts can be of equal size: what they share is computed once. Every
    /// trial is in one part, whatever has been run.
    public func trials(of plan: SweepRegistration) -> [PlannedTrial] {
        let makers = Set(plan.stages.lazy.filter(\.producesArtifact).map(\.id))
        var groups: [Group: [Int]] = [:]
        var order: [Group] = []
        for (position, trial) in plan.trials.enumerated() {
            // The last artifact is the one that fewest trials share.
            let group = Group(seed: trial.seed, artifact: trial.stages.last { makers.contains($0) })
            if groups[group] == nil { order.append(group) }
            groups[group, default: []].append(position)
        }
        let seedOrder = Dictionary(
            order.enumerated().map { ($1.seed, $0) }, uniquingKeysWith: { first, _ in first })
        let bySeed = order.enumerated().sorted { left, right in
            (seedOrder[left.element.seed] ?? 0, left.offset)
                < (seedOrder[right.element.seed] ?? 0, right.offset)
        }.map(\.element)
        var before = 0
        var chosen: [Int] = []
        for group in bySeed {
            let members = groups[group] ?? []
            // A group belongs to the part in which its middle lies.
            let middle = Double(before) + Double(members.count) / 2
            let part = Int(middle * Double(count) / Double(plan.trials.count))
            if part == number - 1 { chosen += members }
            before += members.count
        }
        return chosen.sorted().map { plan.trials[$0] }
    }

    private struct Group: Hashable {
        var seed: Int
        var artifact: Digest?
    }
}
