import ResultsStore

extension Scheduler {
    mutating func makeReady(_ stage: Int) {
        states[stage] = .ready
        queue.insert(stage, memory: graph.stages[stage].memoryBytes)
    }

    /// Starts the best stages that fit on the idle workers.
    mutating func startWork(_ actions: inout [Action]) {
        while !isCancelled, freeThreads > 0, queue.count > 0,
            let worker = isIdle.firstIndex(of: true)
        {
            let room = limits.memory.map { $0 - memoryInUse }
            // What is larger than the limit by itself runs when nothing else does.
            guard let best = queue.best(within: running == 0 ? nil : room) else { return }
            let choice = nearest(to: best, idle: worker, within: running == 0 ? nil : room)
            start(choice.stage, choice.worker, &actions)
        }
    }

    /// A worker that just computed what a ready stage depends on has its data at hand: it may take
    /// that stage, or a sibling of its last one, instead of one whose chain is at most a tenth longer.
    private func nearest(
        to best: Int, idle: Int, within memory: Int?
    ) -> (stage: Int, worker: Int) {
        for worker in isIdle.indices where isIdle[worker] {
            guard let last = lastStage[worker] else { continue }
            for stage in graph.dependents(of: last).prefix(16)
            where queue.contains(stage) && ranks[stage] >= 0.9 * ranks[best]
                && memory.map({ graph.stages[stage].memoryBytes <= $0 }) ?? true
            {
                return (stage, worker)
            }
        }
        return (best, idle)
    }

    private mutating func start(_ stage: Int, _ worker: Int, _ actions: inout [Action]) {
        queue.remove(stage)
        states[stage] = .running
        isIdle[worker] = false
        lastStage[worker] = stage
        let threads = min(max(1, graph.stages[stage].threads), freeThreads)
        freeThreads -= threads
        if threads > 1 { threadsOf[stage] = threads }
        memoryInUse += graph.stages[stage].memoryBytes
        running += 1
        attempts[stage] += 1
        actions.append(
            .start(
                stage: stage, worker: worker, attempt: Int(attempts[stage]), threads: threads,
                isRebuild: isRebuild[stage]))
    }

    /// Gives back what a running stage held.
    mutating func release(_ stage: Int, _ worker: Int) {
        precondition(states[stage] == .running, "stage \(stage) is not running")
        isIdle[worker] = true
        freeThreads += threadsOf.removeValue(forKey: stage) ?? 1
        memoryInUse -= graph.stages[stage].memoryBytes
        running -= 1
    }

    mutating func finish(_ stage: Int) {
        queue.remove(stage)
        states[stage] = .done
        for dependent in graph.dependents(of: stage) where states[dependent] == .waiting {
            missing[dependent] -= 1
            if missing[dependent] == 0 { makeReady(dependent) }
        }
    }

    mutating func tryAgain(_ stage: Int, _ actions: inout [Action]) {
        guard Int(attempts[stage]) <= limits.retries else { return fail(stage, &actions) }
        actions.append(.retry(stage: stage, attempt: Int(attempts[stage]) + 1))
        makeReady(stage)
    }

    mutating func fail(_ stage: Int, _ actions: inout [Action]) {
        queue.remove(stage)
        states[stage] = .failed
        var fenced: [Int] = []
        var front = [stage]
        while let next = front.popLast() {
            for dependent in graph.dependents(of: next) where states[dependent] == .waiting {
                states[dependent] = .fenced
                fenced.append(dependent)
                front.append(dependent)
            }
        }
        actions.append(.fail(stage: stage, fenced: fenced.sorted()))
        if limits.failFast, !isCancelled {
            isCancelled = true
            actions.append(.drain)
        }
    }

    /// Back to ready or done: the caller decides what follows.
    mutating func leaveElsewhere(_ stage: Int) {
        guard states[stage] == .elsewhere else { return }
        elsewhere -= 1
        makeReady(stage)
    }

    /// Puts `stage` behind the stages whose artifacts it missed, and those behind what they need.
    /// An attempt is used up, so that a file that is damaged each time does not go on for ever.
    mutating func rebuild(_ artifacts: [Int], for stage: Int, _ actions: inout [Action]) {
        let lost = artifacts.filter { graph.dependencies(of: stage).contains($0) }
        guard !lost.isEmpty, Int(attempts[stage]) <= limits.retries else {
            return fail(stage, &actions)
        }
        actions.append(.retry(stage: stage, attempt: Int(attempts[stage]) + 1))
        states[stage] = .waiting
        missing[stage] = Int32(
            graph.dependencies(of: stage).count { states[$0] != .left && states[$0] != .done })
        for artifact in lost where states[artifact] == .left || states[artifact] == .done {
            isRebuild[artifact] = true
            attempts[artifact] = 0
            for dependent in graph.dependents(of: artifact)
            where states[dependent] == .waiting || states[dependent] == .ready {
                queue.remove(dependent)
                states[dependent] = .waiting
                missing[dependent] += 1
            }
            makeReady(artifact)
        }
        if missing[stage] == 0 { makeReady(stage) }
    }
}
