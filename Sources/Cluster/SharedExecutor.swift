import Digests
import Foundation
import Orchestration
import Platform
import ResultsStore
import Synchronization

/// Computes stages for many machines: what another task has computed is taken from the exchange folder, what
/// one is computing is waited for, and what this one computes is handed in before anything else starts.
final class SharedExecutor: StageExecutor {
    private let inner: any StageExecutor
    private let exchange: Exchange
    private let build: String
    private let origin: Origin
    /// Units: seconds without a sign of life until a lease is taken over.
    private let patience: Double
    /// Units: seconds for which a folder that cannot be written is tried.
    private let writingPatience: Double
    private let state = Mutex(State())

    /// What computes, beside its build: kept with each result.
    struct Origin: Sendable {
        /// Of the batch system; empty without one.
        var job = ""
        /// Whose task it is; nil for a run beside the cluster.
        var submission: String?
        /// The commit that the program was built from; nil where its build did not say.
        var program: String?
    }

    private struct State {
        /// Results that could not be handed in yet: they are not computed again.
        var unpublished: [Digest: ExchangeRecord] = [:]
        var leases: [Digest: Lease] = [:]
        var taken: Set<Digest> = []
        var differences: [String] = []
    }

    init(
        _ inner: any StageExecutor, exchange: Exchange, build: String, origin: Origin,
        patience: Double, writingPatience: Double
    ) {
        self.inner = inner
        self.exchange = exchange
        self.build = build
        self.origin = origin
        self.patience = patience
        self.writingPatience = writingPatience
    }

    /// Whether the result of a stage came from another task.
    func isTaken(_ stage: Digest) -> Bool { state.withLock { $0.taken.contains(stage) } }

    /// Results that were computed twice and are not the same.
    var differences: [String] { state.withLock { $0.differences } }

    /// Signs of life for all that is being computed.
    func renewLeases() {
        for lease in state.withLock({ Array($0.leases.values) }) { lease.renew() }
    }

    func hasArtifact(_ stage: Stage) -> Bool {
        if inner.hasArtifact(stage) { return true }
        // Another machine may have made it since this one remembers that it was missing.
        SharedFile.lookAgain(below: exchange.folder.cache)
        return inner.hasArtifact(stage)
    }

    func execute(_ stage: Stage, context: StageContext) throws -> StageResult {
        if let record = state.withLock({ $0.unpublished[stage.id] }) {
            try publish(record, context)
            return record.result
        }
        guard let lease = try wait(for: stage, context) else {
            return try takeResult(of: stage)
        }
        state.withLock { $0.leases[stage.id] = lease }
        defer {
            state.withLock { $0.leases[stage.id] = nil }
            lease.release()
        }
        // Whoever had the lease before may have finished it.
        if isKnown(stage) { return try takeResult(of: stage) }
        let notes = StageNotes()
        let started = Date().timeIntervalSince1970
        let start = ContinuousClock.now
        let (result, processorSeconds) = try ProcessorAccount.measure {
            // What helpers have had is known when they have ended.
            defer { context.team.dismiss() }
            return try inner.execute(stage, context: context.noting(in: notes))
        }
        let record = ExchangeRecord(
            stage: stage, outcome: .finished, attempt: context.attempt, started: started,
            seconds: (ContinuousClock.now - start) / .seconds(1),
            processorSeconds: processorSeconds, peakMemory: notes.memory ?? ProcessMemory.peak,
            build: build, host: HostName.current, job: origin.job, submission: origin.submission,
            program: origin.program, log: notes.log, result: result)
        state.withLock { $0.unpublished[stage.id] = record }
        try publish(record, context)
        return result
    }

    /// Hands in that a stage has failed for good.
    func publishFailure(of stage: Stage, reason: String) {
        let record = ExchangeRecord(
            stage: stage, outcome: .failed, reason: reason,
            started: Date().timeIntervalSince1970, build: build, host: HostName.current,
            job: origin.job, submission: origin.submission, program: origin.program)
        // Where that cannot be written, the next attempt finds out the same.
        _ = try? exchange.publish(record)
    }

    // MARK: What others do

    private func isKnown(_ stage: Stage) -> Bool {
        guard let record = exchange.record(stage.id) else { return false }
        return record.outcome == .failed || !stage.producesArtifact || hasArtifact(stage)
    }

    /// Throws: `TrialFault` for a stage that has failed elsewhere.
    private func takeResult(of stage: Stage) throws -> StageResult {
        guard let record = exchange.record(stage.id) else {
            throw SharedFolderFault(reason: "the result of \(stage.title) has gone")
        }
        if record.outcome == .failed {
            throw TrialFault(reason: record.reason ?? "it failed on \(record.host)")
        }
        state.withLock { _ = $0.taken.insert(stage.id) }
        return record.result
    }

    /// Waits until this task may compute a stage; nil when another one has.
    private func wait(for stage: Stage, _ context: StageContext) throws -> Lease? {
        let url = exchange.folder.lease(stage.id.description)
        var watch = LeaseWatch(url, patience: patience)
        var pause = 0.05
        var isTold = false
        while true {
            if isKnown(stage) { return nil }
            if let lease = try Lease.take(url, job: origin.job, calls: exchange.calls) {
                return lease
            }
            if context.isCancelled() { throw CancellationError() }
            if watch.isFree() { continue }
            if !isTold, let holder = Lease.holder(of: url) {
                isTold = true
                let who = holder.job.isEmpty ? "" : " (job \(holder.job))"
                context.report(
                    StageProgress(step: 0, steps: 0, detail: "waits for \(holder.host)\(who)"))
            }
            Thread.sleep(forTimeInterval: pause)
            pause = min(2, pause * 1.5)
        }
    }

    // MARK: Handing in

    /// A full disk may be mended while the task waits: what was computed is not thrown away.
    private func publish(_ record: ExchangeRecord, _ context: StageContext) throws {
        let start = ContinuousClock.now
        while true {
            do {
                let publication = try exchange.publish(record)
                state.withLock { state in
                    state.unpublished[record.stage] = nil
                    guard case .differs(let what) = publication else { return }
                    state.differences.append(what)
                }
                return
            } catch {
                if context.isCancelled() { throw CancellationError() }
                guard ContinuousClock.now - start < .seconds(writingPatience) else {
                    throw SharedFolderFault(reason: "\(error)")
                }
                context.report(StageProgress(step: 0, steps: 0, detail: "waits for room: \(error)"))
                Thread.sleep(forTimeInterval: min(5, writingPatience / 4))
            }
        }
    }
}

/// The shared folder cannot be read or written: mended, the same task goes on.
struct SharedFolderFault: MachineFault, CustomStringConvertible {
    let reason: String
    var isMachineFault: Bool { true }
    var description: String { reason }
}

/// What a stage logs, and the memory that it says that it had.
private final class StageNotes: Sendable {
    private let notes = Mutex<(log: String, memory: Int?)>(("", nil))

    var log: String { notes.withLock { $0.log } }
    /// Of the process that computes it, where that is another one. Units: bytes.
    var memory: Int? { notes.withLock { $0.memory } }

    func add(_ text: String) { notes.withLock { $0.log += text } }

    func set(memory: Int) { notes.withLock { $0.memory = memory } }
}

extension StageContext {
    /// The same, whose log and memory are written down as well.
    fileprivate func noting(in notes: StageNotes) -> StageContext {
        StageContext(
            worker: worker, workers: workers, attempt: attempt, threads: threads, team: team,
            isCancelled: { isCancelled() }, report: { report($0) },
            log: {
                notes.add($0 + "\n")
                self.log($0)
            },
            keep: {
                notes.add($0)
                keep($0)
            },
            used: {
                notes.set(memory: $0)
                used(memory: $0)
            })
    }
}
