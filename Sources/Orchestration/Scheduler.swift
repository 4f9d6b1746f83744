import ResultsStore

/// Decides what runs next. A pure state machine: events in, actions out; no clock, no thread, no
/// database, and the same events give the same actions.
///
/// Stages are numbers in a ``StageGraph``. A start is a request: it holds once the store has granted
/// the claim, and ``Event/refused(stage:worker:_:)`` takes it back.
public struct Scheduler: Sendable {
    /// What is to become of a stage in this run, decided before it starts.
    public enum Intent: Sendable, Hashable {
        /// No trial needs it, or it is finished and its artifact is not needed or there.
        case leave
        case run
        /// Finished, but its artifact is gone and something that runs needs it.
        case rebuild
        /// Failed in an earlier run.
        case failed
    }

    public struct Limits: Sendable, Hashable {
        public var workers: Int
        /// That may be busy at once: the workers' own, and those that stages hold beside them.
        public var threads: Int
        /// Units: bytes.
        public var memory: Int?
        public var retries: Int
        public var failFast: Bool

        /// - Parameter threads: at least as many as workers; so many if left out.
        public init(
            workers: Int, threads: Int? = nil, memory: Int? = nil, retries: Int = 1,
            failFast: Bool = false
        ) {
            self.workers = workers
            self.threads = max(workers, threads ?? workers)
            self.memory = memory
            self.retries = retries
            self.failFast = failFast
        }
    }

    /// Why the store did not grant a claim.
    public enum Refusal: Sendable, Hashable {
        case finished
        case failed
        /// Another live run is at it.
        case held
    }

    public enum Event: Sendable, Hashable {
        case begin
        /// The worker is done with the stage, and with it idle.
        case finished(stage: Int, worker: Int)
        /// A fault of the trial: for good.
        case failed(stage: Int, worker: Int)
        /// A fault of the machine: tried again while attempts are left.
        case faulted(stage: Int, worker: Int)
        /// Stopped because of ``cancel``.
        case stopped(stage: Int, worker: Int)
        /// Finished stages whose artifacts turned out to be gone; they run again, then the stage.
        case missed(stage: Int, worker: Int, artifacts: [Int])
        case refused(stage: Int, worker: Int, Refusal)
        /// What another run did.
        case finishedElsewhere(stage: Int)
        case failedElsewhere(stage: Int)
        /// Another run gave a stage back, or died.
        case freedElsewhere(stage: Int)
        case cancel
    }

    public enum Action: Sendable, Hashable {
        case start(stage: Int, worker: Int, attempt: Int, threads: Int, isRebuild: Bool)
        /// `attempt`: the one that failed.
        case retry(stage: Int, attempt: Int)
        /// A stage that was done or left is to run again, for its artifact.
        case rebuild(stage: Int)
        /// The stage failed for good, and these cannot run because of it.
        case fail(stage: Int, fenced: [Int])
        /// These cannot run because of a failure that is known already.
        case fence([Int])
        /// Tell what runs to stop.
        case drain
        /// Nothing runs, and nothing will.
        case end
    }

    enum State: UInt8, Sendable {
        case left
        case waiting
        case ready
        case running
        case elsewhere
        case done
        case failed
        case fenced

        var isToStart: Bool { self == .waiting || self == .ready }
    }

    let graph: StageGraph
    let limits: Limits
    var states: [State]
    var isRebuild: [Bool]
    var missing: [Int32]
    var attempts: [UInt8]
    /// What is ready, in the order of trials.
    var queue: ReadyQueue
    /// The same, longest chain first: what counts near the end.
    var longestFirst: ReadyQueue
    let places: [Int32]?
    let ranks: [Double]
    let work: [Double]
    /// Of stages that have not started.
    var workToStart = 0.0
    /// The stage that a worker did last: what depends on it is near its data.
    var lastStage: [Int?]
    var isIdle: [Bool]
    var threadsOf: [Int: Int] = [:]
    var freeThreads: Int
    var memoryInUse = 0
    var running = 0
    /// Running stages that borrow threads.
    var borrowers = 0
    var elsewhere = 0
    var isCancelled = false
    var hasEnded = false

    /// - Parameters:
    ///   - work: predicts each stage's seconds, or is in any unit that all stages share.
    ///   - places: of stages in the order of trials; without them the longest chain is always first.
    public init(
        graph: StageGraph, intents: [Intent], work: [Double]? = nil, places: [Int32]? = nil,
        limits: Limits
    ) {
        precondition(intents.count == graph.stages.count, "one intent for each stage")
        self.graph = graph
        self.limits = limits
        self.work = work ?? graph.stages.map(\.work)
        ranks = graph.chains(self.work)
        self.places = places
        queue = ReadyQueue(places: places, ranks: ranks)
        longestFirst = ReadyQueue(ranks: ranks)
        isRebuild = intents.map { $0 == .rebuild }
        attempts = Array(repeating: 0, count: intents.count)
        missing = Array(repeating: 0, count: intents.count)
        states = intents.map { intent in
            switch intent {
            case .leave: .left
            case .run, .rebuild: .waiting
            case .failed: .failed
            }
        }
        lastStage = Array(repeating: nil, count: limits.workers)
        isIdle = Array(repeating: true, count: limits.workers)
        freeThreads = limits.threads
        for stage in graph.order where states[stage] == .waiting {
            workToStart += self.work[stage]
            for dependency in graph.dependencies(of: stage) {
                switch states[dependency] {
                case .failed, .fenced: move(stage, to: .fenced)
                case .left, .done: continue
                default: missing[stage] += 1
                }
            }
            if states[stage] == .waiting, missing[stage] == 0 { makeReady(stage) }
        }
    }

    /// The stages that a failure of an earlier run keeps from running.
    var fencedAtStart: [Int] { states.indices.filter { states[$0] == .fenced } }

    /// True for a stage that is still to be done, here or elsewhere, and not being done here.
    func isUnsettled(_ stage: Int) -> Bool {
        switch states[stage] {
        case .waiting, .ready, .elsewhere: true
        default: false
        }
    }

    /// True for a stage that failed, here or before.
    func hasFailed(_ stage: Int) -> Bool { states[stage] == .failed }

    /// How many threads a running stage has where idle ones are shared in equal parts by those that borrow.
    func threads(of stage: Int) -> Double {
        guard graph.stages[stage].borrowsThreads else { return Double(threadsOf[stage] ?? 1) }
        let most = Double(max(1, graph.stages[stage].threads))
        return min(most, 1 + Double(freeThreads) / Double(max(1, borrowers)))
    }

    /// Takes an event in and says what to do about it, in this order.
    public mutating func handle(_ event: Event) -> [Action] {
        var actions: [Action] = []
        switch event {
        case .begin:
            break
        case .finished(let stage, let worker):
            release(stage, worker)
            finish(stage)
        case .failed(let stage, let worker):
            release(stage, worker)
            fail(stage, &actions)
        case .faulted(let stage, let worker):
            release(stage, worker)
            tryAgain(stage, &actions)
        case .stopped(let stage, let worker):
            release(stage, worker)
            attempts[stage] -= 1
            reschedule(stage, &actions)
        case .missed(let stage, let worker, let artifacts):
            release(stage, worker)
            rebuild(artifacts, for: stage, &actions)
        case .refused(let stage, let worker, let refusal):
            release(stage, worker)
            attempts[stage] -= 1
            lastStage[worker] = nil
            switch refusal {
            case .finished: finish(stage)
            case .failed: fail(stage, &actions)
            case .held:
                move(stage, to: .elsewhere)
                elsewhere += 1
            }
        case .finishedElsewhere(let stage):
            if leaveElsewhere(stage) { finish(stage) }
        case .failedElsewhere(let stage):
            if leaveElsewhere(stage) { fail(stage, &actions) }
        case .freedElsewhere(let stage):
            if states[stage] == .elsewhere, leaveElsewhere(stage) { reschedule(stage, &actions) }
        case .cancel:
            isCancelled = true
        }
        startWork(&actions)
        if !hasEnded, running == 0, isCancelled || (queue.count == 0 && elsewhere == 0) {
            hasEnded = true
            actions.append(.end)
        }
        return actions
    }
}
