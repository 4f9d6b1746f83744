import ResultsStore

extension Scheduler {
    /// Every change of state, so that the work that has not started is known.
    mutating func move(_ stage: Int, to state: State) {
        if states[stage].isToStart { workToStart -= work[stage] }
        if state.isToStart { workToStart += work[stage] }
        if states[stage] == .ready {
            queue.remove(stage)
            longestFirst.remove(stage)
        }
        states[stage] = state
        guard state == .ready else { return }
        queue.insert(stage, memory: graph.stages[stage].memoryBytes)
        longestFirst.insert(stage, memory: graph.stages[stage].memoryBytes)
    }

    mutating func makeReady(_ stage: Int) { move(stage, to: .ready) }

    /// Puts a stage that did not end well in its place again. What it depends on may have been found
    /// missing, or have failed, since it started.
    mutating func reschedule(_ stage: Int, _ actions: inout [Action]) {
        var count: Int32 = 0
        for dependency in graph.dependencies(of: stage) {
            switch states[dependency] {
            case .left, .done: continue
            case .failed, .fenced:
                move(stage, to: .fenced)
                return actions.append(.fence([stage] + fence(behind: stage)))
            default: count += 1
            }
        }
        move(stage, to: .waiting)
        missing[stage] = count
        if count == 0 { makeReady(stage) }
    }

    /// Takes everything that waits for a stage out of the run.
    private mutating func fence(behind stage: Int) -> [Int] {
        var fenced: [Int] = []
        var front = [stage]
        while let next = front.popLast() {
            for dependent in graph.dependents(of: next) where states[dependent] == .waiting {
                move(dependent, to: .fenced)
                fenced.append(dependent)
                front.append(dependent)
            }
        }
        return fenced.sorted()
    }

    /// Starts the best stages that fit on the idle workers.
    mutating func startWork(_ actions: inout [Action]) {
        while !isCancelled, freeThreads > 0, queue.count > 0,
            let worker = isIdle.firstIndex(of: true)
        {
            // What is larger than the limit by itself runs when nothing else does.
            let room = running == 0 ? nil : limits.memory.map { $0 - memoryInUse }
            guard let longest = longestFirst.best(within: room),
                let first = queue.best(within: room)
            else { return }
            let isUrgent = isUrgent(longest)
            let choice = nearest(
                to: isUrgent ? longest : first, isUrgent: isUrgent, idle: worker, within: room)
            start(choice.stage, choice.worker, &actions)
        }
    }

    /// True for a chain that could be the last to end, with workers idle beside it: longer than half
    /// of what each worker has left to do. (Graham 1969, doi:10.1137/0117039: longest first bounds
    /// what is lost at the end. Before the end the order costs nothing.)
    private func isUrgent(_ stage: Int) -> Bool {
        2 * ranks[stage] * Double(limits.workers) >= workToStart
    }

    /// A worker that just computed what a ready stage depends on has its data at hand: it may take
    /// that stage instead, where both are of one trial, or where the end is near and the other chain
    /// is at most a tenth longer.
    private func nearest(
        to best: Int, isUrgent: Bool, idle: Int, within memory: Int?
    ) -> (stage: Int, worker: Int) {
        for worker in isIdle.indices where isIdle[worker] {
            guard let last = lastStage[worker] else { continue }
            for stage in graph.dependents(of: last).prefix(16)
            where queue.contains(stage)
                && (isUrgent
                    ? ranks[stage] >= 0.9 * ranks[best] : places?[stage] == places?[best])
                && memory.map({ graph.stages[stage].memoryBytes <= $0 }) ?? true
            {
                return (stage, worker)
            }
        }
        return (best, idle)
    }

    private mutating func start(_ stage: Int, _ worker: Int, _ actions: inout [Action]) {
        move(stage, to: .running)
        isIdle[worker] = false
        lastStage[worker] = stage
        let borrows = graph.stages[stage].borrowsThreads
        let threads = borrows ? 1 : min(max(1, graph.stages[stage].threads), freeThreads)
        freeThreads -= threads
        if borrows { borrowers += 1 }
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
        if graph.stages[stage].borrowsThreads { borrowers -= 1 }
        memoryInUse -= graph.stages[stage].memoryBytes
        running -= 1
    }

    mutating func finish(_ stage: Int) {
        move(stage, to: .done)
        for dependent in graph.dependents(of: stage) where states[dependent] == .waiting {
            missing[dependent] -= 1
            if missing[dependent] == 0 { makeReady(dependent) }
        }
    }

    mutating func tryAgain(_ stage: Int, _ actions: inout [Action]) {
        guard Int(attempts[stage]) <= limits.retries else { return fail(stage, &actions) }
        actions.append(.retry(stage: stage, attempt: Int(attempts[stage])))
        reschedule(stage, &actions)
    }

    mutating func fail(_ stage: Int, _ actions: inout [Action]) {
        move(stage, to: .failed)
        actions.append(.fail(stage: stage, fenced: fence(behind: stage)))
        if limits.failFast, !isCancelled {
            isCancelled = true
            actions.append(.drain)
        }
    }

    /// Another run has done with a stage; true if that settles it here as well.
    mutating func leaveElsewhere(_ stage: Int) -> Bool {
        guard states[stage] == .elsewhere else {
            return states[stage] == .waiting || states[stage] == .ready
        }
        elsewhere -= 1
        return true
    }

    /// Puts `stage` behind the stages whose artifacts it missed, and those behind what they need.
    /// An attempt is used up, so that a file that is damaged each time does not go on for ever.
    mutating func rebuild(_ artifacts: [Int], for stage: Int, _ actions: inout [Action]) {
        let lost = artifacts.filter { graph.dependencies(of: stage).contains($0) }
        guard !lost.isEmpty, Int(attempts[stage]) <= limits.retries else {
            return fail(stage, &actions)
        }
        actions.append(.retry(stage: stage, attempt: Int(attempts[stage])))
        for artifact in lost where states[artifact] == .left || states[artifact] == .done {
            isRebuild[artifact] = true
            attempts[artifact] = 0
            actions.append(.rebuild(stage: artifact))
            for dependent in graph.dependents(of: artifact)
            where states[dependent] == .waiting || states[dependent] == .ready {
                move(dependent, to: .waiting)
                missing[dependent] += 1
            }
            reschedule(artifact, &actions)
        }
        reschedule(stage, &actions)
    }
}
