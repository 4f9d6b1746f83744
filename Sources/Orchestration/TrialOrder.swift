import ResultsStore

/// The order in which trials are to be complete: first one of each kind of row, so that whatever
/// cannot work shows at once; then seed by seed, so that every row has a value before any has two;
/// among equals the one with the most work first, and then the first of the plan.
package struct TrialOrder: Sendable {
    /// By stage: the place of the first trial that needs it, itself or through what depends on it.
    package let places: [Int32]

    /// - Parameter work: of each stage of the plan, in any unit that all share.
    package init(_ plan: RunPlan, work: [Double]) {
        let graph = plan.graph
        var workOf = Array(repeating: 0.0, count: plan.trials.count)
        var kindsOf = Array(repeating: UInt64(0), count: plan.trials.count)
        var kinds: [String: UInt64] = [:]
        for (number, stage) in graph.stages.enumerated() {
            let bit = kinds[stage.kind] ?? 1 << UInt64(kinds.count % UInt64.bitWidth)
            kinds[stage.kind] = bit
            let isLeft = plan.intents[number] == .run || plan.intents[number] == .rebuild
            for trial in plan.ledger.trials(of: number) {
                kindsOf[Int(trial)] |= bit
                if isLeft { workOf[Int(trial)] += work[number] }
            }
        }
        let rounds = Self.rounds(plan.trials, kinds: kindsOf, isLeft: { workOf[$0] > 0 })
        let order = plan.trials.indices.sorted {
            (rounds[$0], -workOf[$0], $0) < (rounds[$1], -workOf[$1], $1)
        }
        var placeOf = Array(repeating: Int32(0), count: order.count)
        for (place, trial) in order.enumerated() { placeOf[trial] = Int32(place) }

        var places = Array(repeating: Int32(order.count), count: graph.stages.count)
        for stage in graph.order.reversed() {
            let own = plan.ledger.trials(of: stage).lazy.map { placeOf[Int($0)] }.min()
            let later = graph.dependents(of: stage).lazy.map { places[$0] }.min()
            places[stage] = min(own ?? places[stage], later ?? places[stage])
        }
        self.places = places
    }

    /// 0 for the first trial of each kind of row that has something left to do; for the others 1 and
    /// on, by the seed's place among the seeds.
    private static func rounds(
        _ trials: [PlannedTrial], kinds: [UInt64], isLeft: (Int) -> Bool
    ) -> [Int32] {
        var seeds: [Int: Int32] = [:]
        var seen: Set<UInt64> = []
        return trials.indices.map { trial in
            let round = seeds[trials[trial].seed] ?? Int32(seeds.count + 1)
            seeds[trials[trial].seed] = round
            return isLeft(trial) && seen.insert(kinds[trial]).inserted ? 0 : round
        }
    }
}
