import Digests
import Orchestration
import ResultsStore

/// A generator whose state is one word: 100,000 scenarios must cost next to nothing.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func chance(_ percent: Int) -> Bool { Int(next() % 100) < percent }

    mutating func below(_ count: Int) -> Int { Int(next() % UInt64(count)) }
}

/// A random graph with random intents, and a world around the scheduler that decides by chance in
/// which order stages end, which fail, what other runs do and when the user cancels. It keeps books
/// of its own and notes every broken promise.
struct RandomScenario {
    private var random: SplitMix
    private let graph: StageGraph
    private let intents: [Scheduler.Intent]
    private let limits: Scheduler.Limits
    private var scheduler: Scheduler
    private var running: [(stage: Int, worker: Int)] = []
    private var pending: [Scheduler.Action] = []
    private var attempts: [Int]
    private var isDone: [Bool]
    private var isFailed: [Bool]
    private var isTaken: [Bool]
    private var isCancelled = false
    private var hasEnded = false
    private(set) var faults: [String] = []
    private(set) var starts = 0

    init(seed: UInt64) throws {
        var random = SplitMix(state: seed &* 0x1000_0000_01B3)
        let count = 1 + random.below(12)
        let density = random.below(60)
        let stages = (0..<count).map { number in
            Stage(
                id: Digest(high: 0, low: UInt64(number)), kind: "k", title: "\(number)",
                dependencies: (0..<number).filter { _ in random.chance(density) }
                    .map { Digest(high: 0, low: UInt64($0)) },
                memoryBytes: random.below(4), work: Double(random.below(5)),
                producesArtifact: true, threads: 1 + random.below(2),
                borrowsThreads: random.chance(30))
        }
        graph = try StageGraph(stages.shuffled(using: &random))
        let failing = random.chance(20)
        intents = graph.stages.map { _ in
            switch random.below(10) {
            case 0: .leave
            case 1: .rebuild
            case 2 where failing: .failed
            default: .run
            }
        }
        limits = Scheduler.Limits(
            workers: 1 + random.below(4), memory: random.chance(50) ? 1 + random.below(5) : nil,
            retries: random.below(3), failFast: random.chance(10))
        scheduler = Scheduler(graph: graph, intents: intents, limits: limits)
        attempts = Array(repeating: 0, count: count)
        isDone = intents.map { $0 == .leave }
        isFailed = intents.map { $0 == .failed }
        isTaken = Array(repeating: false, count: count)
        self.random = random
    }

    mutating func play() {
        pending = scheduler.handle(.begin)
        var turns = 0
        while !hasEnded {
            turns += 1
            guard turns < 2000 else { return faults.append("does not come to an end") }
            if !pending.isEmpty {
                perform(pending.removeFirst())
            } else if !hasEnded {
                step()
            }
        }
        check()
    }

    private mutating func perform(_ action: Scheduler.Action) {
        switch action {
        case .start(let stage, let worker, let attempt, let threads, _):
            start(stage, worker, attempt, threads)
        case .fail(let stage, let fenced):
            isFailed[stage] = true
            for other in fenced where isDone[other] { faults.append("a finished stage is fenced") }
            if limits.failFast { isCancelled = true }
        case .end:
            hasEnded = true
        case .fence(let stages):
            for stage in stages where isDone[stage] { faults.append("a finished stage is fenced") }
        case .retry, .rebuild, .drain:
            break
        }
    }

    private mutating func start(_ stage: Int, _ worker: Int, _ attempt: Int, _ threads: Int) {
        if isTaken[stage] || random.chance(5), attempts[stage] == 0, !isDone[stage] {
            // Another run was quicker.
            let refusal: Scheduler.Refusal =
                isTaken[stage] ? .held : [.finished, .failed, .held][random.below(3)]
            isTaken[stage] = refusal == .held
            isDone[stage] = refusal == .finished
            pending += scheduler.handle(.refused(stage: stage, worker: worker, refusal))
            return
        }
        starts += 1
        attempts[stage] += 1
        if isDone[stage] { faults.append("a finished stage starts") }
        if isFailed[stage] { faults.append("a failed stage starts") }
        if running.contains(where: { $0.worker == worker }) { faults.append("worker is busy") }
        if running.contains(where: { $0.stage == stage }) { faults.append("stage runs twice") }
        if isCancelled { faults.append("a stage starts after the end was called") }
        if graph.dependencies(of: stage).contains(where: { !isDone[$0] }) {
            faults.append("a stage starts before its dependencies are done")
        }
        running.append((stage, worker))
        if running.count > limits.workers { faults.append("more stages than workers") }
        let memory = running.map { graph.stages[$0.stage].memoryBytes }.reduce(0, +)
        if let limit = limits.memory, memory > limit, running.count > 1 {
            faults.append("more memory than there is")
        }
        if threads < 1 || threads > limits.workers { faults.append("threads out of bounds") }
    }

    private mutating func step() {
        let taken = isTaken.indices.filter { isTaken[$0] }
        if !isCancelled, random.chance(2) {
            isCancelled = true
            pending = scheduler.handle(.cancel)
        } else if running.isEmpty || (!taken.isEmpty && random.chance(20)) {
            guard let stage = taken.randomElement(using: &random) else {
                return faults.append("nothing runs, and it is not over")
            }
            isTaken[stage] = false
            switch random.below(3) {
            case 0:
                isDone[stage] = true
                pending = scheduler.handle(.finishedElsewhere(stage: stage))
            case 1: pending = scheduler.handle(.failedElsewhere(stage: stage))
            default: pending = scheduler.handle(.freedElsewhere(stage: stage))
            }
        } else {
            let (stage, worker) = running.remove(at: random.below(running.count))
            endAttempt(stage, worker)
        }
    }

    private mutating func endAttempt(_ stage: Int, _ worker: Int) {
        switch random.below(20) {
        case 0: pending = scheduler.handle(.failed(stage: stage, worker: worker))
        case 1, 2:
            if attempts[stage] > limits.retries { isFailed[stage] = true }
            pending = scheduler.handle(.faulted(stage: stage, worker: worker))
        case 3 where isCancelled:
            pending = scheduler.handle(.stopped(stage: stage, worker: worker))
        case 4:
            let lost = graph.dependencies(of: stage).filter {
                isDone[$0] && !isTaken[$0] && random.chance(50)
            }
            // Their artifacts are gone: they have to run once more, and only then the stage.
            if !lost.isEmpty, attempts[stage] <= limits.retries {
                for artifact in lost {
                    isDone[artifact] = false
                    attempts[artifact] = 0
                }
            }
            pending = scheduler.handle(.missed(stage: stage, worker: worker, artifacts: lost))
        default:
            isDone[stage] = true
            pending = scheduler.handle(.finished(stage: stage, worker: worker))
        }
    }

    /// At the end everything that was to run is done, failed, or behind a failure.
    private mutating func check() {
        if !running.isEmpty { faults.append("it is over while stages run") }
        if isCancelled { return }
        var isFenced = isFailed
        for stage in graph.order where !isDone[stage] {
            let behind = graph.dependencies(of: stage).contains { isFenced[$0] }
            isFenced[stage] = isFenced[stage] || behind
            if !isFenced[stage] { faults.append("a stage was forgotten") }
        }
        for stage in graph.stages.indices where attempts[stage] > limits.retries + 1 {
            faults.append("more attempts than allowed")
        }
    }
}
