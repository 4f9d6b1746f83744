import Digests
public import Foundation
public import Orchestration
import Platform
public import Reports
public import ResultsStore
import Sweeps

/// A run of a sweep: registered, foretold, chosen, run, recorded, its tables written.
///
/// Whoever shows it (a terminal, a page, a test) calls the steps in this order.
public struct StudyRun: Sendable {
    /// What a run may do and how.
    public struct Limits: Sendable {
        public var workers: Int
        /// Units: bytes.
        public var memory: Int
        /// What computes, kept with each result.
        public var build: String
        public var selection: RunSelection
        /// Threads that may be busy at once.
        public var threads: Int
        public var retries: Int
        public var failFast: Bool
        /// Units: seconds.
        public var stageTime: Double?
        /// One part of several, for a machine of its own.
        public var part: SweepPart?
        /// Of the time that the run may take. Units: seconds.
        public var budget: Double?
        /// Run at most so many of the trials that are left.
        public var trials: Int?

        public init(
            workers: Int, threads: Int? = nil, memory: Int, build: String,
            selection: RunSelection = .needed, retries: Int = 1, failFast: Bool = false,
            stageTime: Double? = nil,
            part: SweepPart? = nil, budget: Double? = nil, trials: Int? = nil
        ) {
            self.workers = workers
            self.threads = max(workers, threads ?? workers)
            self.memory = memory
            self.build = build
            self.selection = selection
            self.retries = retries
            self.failFast = failFast
            self.stageTime = stageTime
            self.part = part
            self.budget = budget
            self.trials = trials
        }

        /// Refuses what the limits of this process have no room for.
        ///
        /// Throws: `PlatformError`.
        public func checkRoom(for registration: SweepRegistration) throws {
            // Workers, as many for what they make together, the calibration, the signals.
            try WorkThreads.probe(
                workers + threads + 2 + ProcessStart.neededThreads, stackSize: 8 << 20)
            let largest = registration.stages.map(\.memoryBytes).max() ?? 0
            try ResourceLimits.probeMemory(threads: workers + 2, bytes: largest)
        }
    }

    /// The trials that a run may touch.
    public struct Choice: Sendable {
        public var trials: [PlannedTrial]
        /// How many do not fit into the budget.
        public var trialsLeft = 0
        /// The numbers of the configurations that they belong to, from 0.
        public var incompleteRows: [Int] = []

        public init(_ trials: [PlannedTrial]) { self.trials = trials }

        func isWhole(of registration: SweepRegistration) -> Bool {
            trials.count == registration.trials.count
        }
    }

    public let session: SweepSession
    public let layout: ResultsLayout
    public let store: StudyStore
    public let registration: SweepRegistration
    /// What the registration found.
    public let registered: ResultsStore.RegistrationSummary
    /// A folder of tables that was set aside, since the store does not have its plan.
    public let stranger: SweepFolders.Stranger?
    /// Processes of killed runs that went on in the folder of results, and were ended.
    public let survivors: Int
    /// Titles of stages that counted as finished although somebody had removed their figures: to be computed again.
    public let givenUp: [String]
    /// Of the sweep file, as it was when the run began.
    private let repository: RepositoryState?
    /// nil where the kernel does not say.
    private let meter = EnergyMeter()

    /// Registers the sweep and gives its folders the names that fit.
    ///
    /// - Parameters:
    ///   - store: opened for writing, below a layout whose folders are there.
    ///   - registration: the session's, where it is known already.
    ///   - isForeign: whether the sweep file is a stranger's, around which no repository is looked at: one can be made
    ///     to start programs.
    /// - Throws: `StoreError`, ``StudiesError/cannotWrite(path:reason:)``.
    public init(
        _ session: SweepSession, layout: ResultsLayout, store: StudyStore,
        registration: SweepRegistration? = nil, isForeign: Bool = false
    ) throws {
        self.session = session
        self.layout = layout
        self.store = store
        let registration = registration ?? session.registration
        self.registration = registration
        survivors = store.catalogue.endSurvivors(in: layout)
        givenUp = try store.store.giveUpStagesWithoutFigures()
        registered = try store.store.register(registration)
        stranger = try SweepFolders(layout, store.store).prepare(registered.sweep.description)
        repository = isForeign ? nil : RepositoryState(ofFile: session.path)
    }

    /// The plan that is run, whatever comes into view meanwhile.
    public var name: String { registered.sweep.description }

    /// The other sweeps in which some seeds of this new, fixed plan were seen already: its rows against
    /// their baselines, but with fewer seeds. One look is then no longer the only one.
    ///
    /// Throws: `StoreError`.
    public func looksElsewhere() throws -> [String] {
        guard registered.isNewPlan, !registration.isOpen else { return [] }
        var seeds: [Int: Set<Int>] = [:]
        for trial in registration.trials { seeds[trial.row, default: []].insert(trial.seed) }
        return try store.store.finishedElsewhere(name).filter { _, seen in
            registration.rows.contains { row in
                guard let baseline = row.baseline, baseline != row.index,
                    let both = seen[row.index]?.intersection(seen[baseline] ?? [])
                else { return false }
                return !both.isEmpty && both != seeds[row.index]
            }
        }.keys.sorted()
    }

    /// As many workers as there are cores, but no more than memory has room for.
    public static func workers(
        for registration: SweepRegistration, _ session: SweepSession, cores: Int, memory: Int
    ) -> Int {
        let largest = max(1, registration.stages.map(\.memoryBytes).max() ?? 1)
        return max(1, min(cores, memory / largest, session.prepared.workersAtMost ?? .max))
    }

    /// How long it will take and what it will need.
    ///
    /// - Parameters:
    ///   - calibrates: whether to measure kinds of stages that never ran, about a second.
    ///   - isCancelled: asked at every step of that.
    /// - Throws: `CancellationError` for a calibration that was cancelled.
    public func forecast(
        _ limits: Limits, calibrates: Bool,
        isCancelled: @escaping @Sendable () -> Bool = { false }
    ) throws -> RunForecast {
        let forecast = try RunForecast(
            session, store: store.store, layout: layout, workers: limits.workers,
            threads: limits.threads, memoryLimit: limits.memory, build: limits.build,
            selection: limits.selection,
            calibrates: calibrates, isCancelled: isCancelled)
        if forecast.isCalibrated, !forecast.unmeasured.isEmpty {
            // For 'status', in whichever process. A run goes on without it.
            let found = forecast.rates.filter { forecast.unmeasured.contains($0.key) }
            try? store.store.keep(calibrated: found)
        }
        return forecast
    }

    /// All trials, or those that the limits leave.
    public func choose(_ limits: Limits, _ forecast: RunForecast) throws -> Choice {
        var choice = Choice(
            limits.part.map { $0.trials(of: registration) } ?? registration.trials)
        if let budget = limits.budget {
            let fitting = BudgetChoice(
                forecast.plan, rates: forecast.rates, workers: limits.workers,
                threads: limits.threads, budget: budget)
            choice.trials = fitting.trials
            choice.trialsLeft = fitting.left.count
            choice.incompleteRows = fitting.incompleteRows
        }
        if let most = limits.trials {
            let records = try store.store.trials(of: name)
            let left = Set(records.lazy.filter { $0.status == .pending }.map(\.digest))
            choice.trials = Array(choice.trials.filter { left.contains($0.id) }.prefix(most))
        }
        return choice
    }

    /// The run itself, not yet begun: it can be cancelled from other threads.
    ///
    /// - Parameter wrapping: what stands between the run and the study's own executor.
    public func prepared(
        _ choice: Choice, _ limits: Limits, observer: any RunObserver,
        wrapping: (any StageExecutor) -> any StageExecutor = { $0 }
    ) throws -> SweepRun {
        try layout.createFolders()
        meter?.lap()
        return try SweepRun(
            stages: registration.stages, trials: choice.trials, store: store.store,
            executor: wrapping(session.prepared.executor(layout)),
            settings: RunSettings(
                workers: limits.workers, threads: limits.threads, memoryLimit: limits.memory,
                retries: limits.retries, failFast: limits.failFast,
                stageTimeLimit: limits.stageTime, selection: limits.selection,
                build: limits.build, isTimed: session.study.isTimed,
                sweep: choice.isWhole(of: registration) ? name : nil),
            observer: meter.map { MeteredObserver(inner: observer, meter: $0) } ?? observer)
    }

    /// Keeps how long a run took, beside what was predicted for it, and where its results come from.
    ///
    /// - Parameters:
    ///   - program: the commit that this program was built from, where its build says.
    ///   - stated: the commit of a stranger's sweep file, as the stranger says.
    public func record(
        _ summary: RunSummary, of choice: Choice, started: Date, limits: Limits,
        predictedSeconds: Double?, program: String? = nil, stated: RepositoryState? = nil
    ) throws {
        // A part of the plan says nothing about the prediction for the whole.
        let isWhole = choice.isWhole(of: registration) && !summary.isCancelled
        var record = summary.record(
            started: started, workers: limits.workers,
            predictedSeconds: isWhole ? predictedSeconds : nil)
        record?.facts =
            RunFacts(
                plan: registration.planDigest().description, repository: repository ?? stated,
                program: program, energy: meter?.lap()
            ).encoded
        if let record { try store.store.record(record, of: registration.name) }
    }

    /// The tables of this run's plan, whatever came into view meanwhile, with what the plan is called
    /// now.
    public func writeTables() throws -> (name: String, tables: [(SweepTableKind, Table)]) {
        // Another run may have described the same plan in other words since.
        try store.store.register(registration, takesView: false)
        return try Self.writeTables(of: name, layout, store)
    }

    /// The tables of a plan that the store has.
    public static func writeTables(
        of name: String, _ layout: ResultsLayout, _ store: StudyStore
    ) throws -> (name: String, tables: [(SweepTableKind, Table)]) {
        try SweepFolders(layout, store.store).write(name) { shown in
            let found: [(SweepTableKind, Table?)] = [
                (.comparison, try SweepTable.make(name, from: store)),
                (.paper, try SweepTable.besidePaper(name, from: store)),
                (.claims, try SweepTable.claimsIfAny(name, from: store)),
            ]
            let tables = found.compactMap { kind, table in table.map { (kind, $0) } }
            for (kind, table) in tables { try layout.write(table, as: kind, ofSweep: shown) }
            return (shown, tables)
        }
    }
}

/// Reads the counters of energy from time to time, while the run goes on.
private struct MeteredObserver: RunObserver {
    let inner: any RunObserver
    let meter: EnergyMeter

    var timeLeft: (seconds: Double, deviation: Double)? { inner.timeLeft }

    func event(_ event: RunEvent) {
        meter.look()
        inner.event(event)
    }
}
