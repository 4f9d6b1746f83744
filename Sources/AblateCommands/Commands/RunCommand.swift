import ArgumentParser
import Cluster
import Digests
import Foundation
import Orchestration
import Platform
import Reports
import ResultsStore
import Studies
import Sweeps

/// `ablate run`
struct RunCommand: ParsableCommand, WorkingCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run what is missing of a sweep, then print its table.",
        discussion: """
            Stop it with Ctrl-C and run it again: it goes on where it was. Several runs, in several \
            terminals, share the work.

            EXAMPLE
              \(ProgramName.current) run sweeps/quickstart.yaml
              \(ProgramName.current) run sweeps/quickstart.yaml -j 1 -S base.pretraining_steps=50
              \(ProgramName.current) run sweeps/quickstart.yaml --budget 20m
              \(ProgramName.current) run sweeps/quickstart.yaml --until-settled --max-seeds 40 --budget 2h
              \(ProgramName.current) run sweeps/quickstart.yaml --rerun failed
              \(ProgramName.current) run sweeps/table1.yaml --part 2/8 --results parts/2
              \(ProgramName.current) run sweeps/table1.yaml -S seeds=1 --name smoke-test
              \(ProgramName.current) run sweeps/table1.yaml --on-finish ./tell-me.sh
            """)

    @OptionGroup var sweep: SweepOptions
    @OptionGroup var results: ResultsOptions

    @Option(
        name: [.customShort("j"), .long],
        help:
            "Stages that run at once, and threads that they share (default: the cores, fewer stages if memory is short)."
    )
    var workers: Int?

    @Option(name: .long, help: "Run at most so many of the trials that are left.")
    var maxTrials: Int?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Run one of several parts, such as 2/8, each on a machine of its own with its own "
                + "--results; '\(ProgramName.current) merge' joins them.", valueName: "K/N"))
    var part: SweepPart?

    @Option(
        name: .long,
        help: "Run what fits into a time such as 90s, 20m or 2h: whole configurations first.")
    var budget: TimeBudget?

    @Flag(
        name: .long,
        help: ArgumentHelp(
            "Add seeds to undecided rows and their baselines until every row has its verdicts: an open "
                + "plan. Exit code 4 where some are left undecided."))
    var untilSettled = false

    @Option(name: .long, help: "The most seeds that a row gets with --until-settled (default: 40).")
    var maxSeeds: Int?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Run again what failed, or a trial by its digest; TRIAL may be repeated.",
            valueName: "failed|TRIAL"))
    var rerun: [String] = []

    @Flag(name: .long, help: "Run what the store does not have: the default.")
    var needed = false

    @Flag(name: .long, help: "Run everything again, whatever the store has.")
    var fresh = false

    @Flag(name: .long, help: "Stop at the first stage that fails.")
    var failFast = false

    @Option(name: .long, help: "Further attempts after a fault of the machine.")
    var retries = 1

    @Option(name: .long, help: "The most time that one stage may take, such as 30m.")
    var stageTimeLimit: TimeBudget?

    @Option(name: .long, help: "text, or json: a line for each event.")
    var log: LogFormat = .text

    @Flag(name: .long, help: "Print the table alone, and what failed.")
    var quiet = false

    @OptionGroup var hooks: RunHooks

    @Option(help: .private)
    var killAt: Int?

    enum LogFormat: String, CaseIterable, ExpressibleByArgument {
        case text
        case json
    }

    func validate() throws {
        try OptionRange.check("-j", workers, 1...1024)
        if let maxTrials, maxTrials < 1 {
            throw ValidationError("--max-trials is \(maxTrials), but must be at least 1")
        }
        if part != nil, budget != nil {
            throw ValidationError("--part and --budget exclude each other; keep one")
        }
        try OptionRange.check("--max-seeds", maxSeeds, SweepSession.maximumSeedsRange)
        if maxSeeds != nil, !untilSettled {
            throw ValidationError("--max-seeds is for --until-settled: add it")
        }
        let others = [
            ("--part", part != nil), ("--max-trials", maxTrials != nil), ("--fresh", fresh),
            ("--rerun", !rerun.isEmpty),
        ].filter(\.1)
        if untilSettled, let (name, _) = others.first {
            throw ValidationError("--until-settled and \(name) exclude each other; keep one")
        }
        try OptionRange.check("--retries", retries, 0...100)
        if [needed, fresh, !rerun.isEmpty].filter({ $0 }).count > 1 {
            throw ValidationError("--needed, --rerun and --fresh exclude one another; keep one")
        }
        if let (name, _) = [
            ("--part", part != nil), ("--max-trials", maxTrials != nil),
            ("--budget", budget != nil),
        ].first(where: \.1), fresh {
            throw ValidationError(
                "--fresh gives up all results before it computes them again, and with \(name) some would be left "
                    + "out: leave \(name) out; what is stopped goes on by the same command without --fresh"
            )
        }
        if maxTrials != nil, !rerun.isEmpty {
            throw ValidationError("--rerun says which trials are run: leave --max-trials out")
        }
    }

    var isQuiet: Bool { quiet || log == .json }

    func run() throws {
        let layout = results.layout
        try SweepPathHint.check(sweep.sweep, layout: layout)
        var session = try sweep.session(
            layout, maximumSeeds: untilSettled ? maxSeeds ?? 40 : nil)
        try layout.createFolders()
        try layout.checkFolder(ofSweep: session.sweepName)
        // What is refused must not have come into view.
        let tuning = session.tuning
        if part != nil, tuning != nil {
            throw CommandError.tuneInParts(sweep: session.sweepName)
        }
        var spent = Spent()
        var registration = session.registration
        var limits = try limits(of: session, registration, spent, isFirst: tuning != nil)
        try limits.checkRoom(for: registration)
        if untilSettled { try SettlingRun.check(registration, session.study) }
        let killSwitch = KillSwitch(killAt: killAt)
        let store = try ResultsStore(
            path: layout.database.path, options: .init(faultPoint: { _ in killSwitch.pass() }))
        if let warning = SharedFolder.warning(for: layout.database) {
            Console.error(warning)
        }
        let studies = StudyStore(store, Ablate.catalogue)
        if let tuning {
            guard let tuned = try tune(session, by: tuning, studies, layout, &spent) else { return }
            session = tuned
            registration = session.registration
            limits = try self.limits(of: session, registration, spent)
        }
        var isSettled = false
        if untilSettled, tuning == nil,
            let settled = try SettledPlan.session(
                of: session.sweepName, in: studies, fixed: { try sweep.session(layout) })
        {
            session = settled
            registration = settled.registration
            isSettled = true
        }
        let study = try StudyRun(
            session, layout: layout, store: studies, registration: registration)
        try tell(of: study)
        let start = ContinuousClock.now
        try callingHooks(study, since: start) {
            if isSettled {
                try showSettled(study)
            } else {
                try complete(study, limits, spent)
            }
            if spent.hasFailures { throw ExitStatus.trialsFailed }
        }
        callHooks(study, since: start, status: .success)
    }

    private func complete(_ study: StudyRun, _ limits: StudyRun.Limits, _ spent: Spent) throws {
        let layout = study.layout
        let store = study.store.store
        if untilSettled { return try settle(study, limits, spent) }
        let summary = try execute(study, limits)
        let shown = try showTables(of: study)
        if !isQuiet {
            Console.write(
                "\n" + Self.whereFilesAre(shown, layout)
                    + (try RevisionWording.whereOthersAre(study.registered.sweep, store)))
        }
        if summary.isCancelled, !failFast || summary.trialsFailed + summary.trialsPostponed == 0 {
            throw ExitStatus(signal: Interruption.signal)
        }
        if summary.trialsFailed + summary.trialsPostponed > 0 { throw ExitStatus.trialsFailed }
    }

    /// What came into view, and what went out of it: also where nothing else is said.
    func tell(of study: StudyRun) throws {
        var lines = try RevisionWording.lines(study.registered, study.store.store, study.layout)
        let others = try study.looksElsewhere()
        if !others.isEmpty {
            lines.append(
                RevisionWording.line(lookedAtIn: others, study.registered.sweep.name))
        }
        if study.survivors > 0 { lines.append(RevisionWording.line(survivors: study.survivors)) }
        if !study.givenUp.isEmpty { lines.append(RevisionWording.line(givenUp: study.givenUp)) }
        if let stranger = study.stranger {
            lines.append(RevisionWording.line(stranger, study.registered.sweep.name))
        }
        guard !lines.isEmpty else { return }
        let text = lines.joined(separator: "\n")
        if isQuiet { Console.error(text) } else { Console.write(text + "\n\n") }
    }

    /// Writes and prints the tables; returns what the plan is called now.
    private func showTables(of study: StudyRun) throws -> String {
        let (shown, tables) = try study.writeTables()
        guard log == .text else { return shown }
        for (kind, table) in tables {
            Console.write(
                steering: (kind == .comparison ? "" : "\n")
                    + TableFormat.terminal.text(
                        of: table, width: Console.width, usesColour: Console.usesColour))
        }
        return shown
    }

    /// Throws: `CommandError` for trials to run again that are not of the sweep.
    /// - Parameter isFirst: whether another phase follows, of which nothing is known yet.
    func limits(
        of session: SweepSession, _ registration: SweepRegistration, _ spent: Spent,
        isFirst: Bool = false
    ) throws -> StudyRun.Limits {
        let memory = MachineMemory.available
        let cores = Processors.available
        return StudyRun.Limits(
            workers: workers
                ?? StudyRun.workers(for: registration, session, cores: cores, memory: memory),
            threads: workers ?? cores, memory: memory, build: BuildName.current(session.study),
            selection: try selection(registration, spent, isFirst: isFirst),
            retries: retries, failFast: failFast, stageTime: stageTimeLimit?.seconds, part: part,
            budget: budget.map { max(1, $0.seconds - spent.time) },
            trials: maxTrials.map { max(0, $0 - spent.trials) })
    }

    /// Blocks of seeds until every row has its verdicts; then the tables.
    private func settle(
        _ study: StudyRun, _ limits: StudyRun.Limits, _ spent: Spent
    ) throws {
        let forecast = try study.forecast(limits, calibrates: true)
        if !isQuiet {
            let summary = PlanSummary(study.session, forecast: forecast, workers: limits.workers)
            Console.write(wrapping: summary.text + "\n")
        }
        let outcome = try SettlingRun(
            study: study, limits: limits, forecast: forecast, budget: budget,
            spent: spent.time, display: { display },
            write: isQuiet ? nil : { Console.write($0 + "\n") },
            note: log == .json ? { JSONDisplay().verdict($0) } : nil
        ).run()
        try showVerdicts(of: study)
        if outcome.isCancelled { throw ExitStatus(signal: Interruption.signal) }
        if outcome.hasFailures { throw ExitStatus.trialsFailed }
        if !outcome.isSettled { throw ExitStatus.undecided }
    }

    /// What is settled stays as it is: a plan that is opened has wider intervals.
    private func showSettled(_ study: StudyRun) throws {
        if !isQuiet {
            Console.write(
                "every comparison has a verdict: no seeds are added, and the plan stays as it is\n\n"
            )
        }
        try showVerdicts(of: study)
    }

    private func showVerdicts(of study: StudyRun) throws {
        let shown = try showTables(of: study)
        if log == .text {
            let verdicts = try SweepTable.verdicts(study.name, from: study.store)
            Console.write(
                steering: "\n"
                    + TableFormat.terminal.text(
                        of: verdicts, width: Console.width, usesColour: Console.usesColour))
        }
        if !isQuiet { Console.write("\n" + Self.whereFilesAre(shown, study.layout)) }
    }

    func execute(_ study: StudyRun, _ limits: StudyRun.Limits) throws -> RunSummary {
        let session = study.session
        if fresh { try requireNobodyAtWork(on: study) }
        // A budget cannot be kept without rates; otherwise nothing waits for a calibration.
        let forecast = try study.forecast(limits, calibrates: budget != nil)
        if !isQuiet {
            Console.write(
                wrapping: PlanSummary(session, forecast: forecast, workers: limits.workers).text
                    + "\n")
        }
        let choice = try study.choose(limits, forecast)
        if !isQuiet { tell(of: choice, study.registration) }
        if fresh { try beginAfresh(study) }
        let display = display
        let neighbour = ClusterNeighbour(study.layout, study.session, build: limits.build)
        if fresh || limits.selection != .needed {
            neighbour?.forget(study.registration.stages.map(\.id))
        }
        let run = try study.prepared(
            choice, limits, observer: display, wrapping: { neighbour?.sharing($0) ?? $0 })
        let timing = RunTiming(
            forecast, workers: limits.workers, threads: limits.threads, display: display)
        defer { timing.end() }
        if !timing.isComplete, !isQuiet {
            timing.complete(session) {
                try study.forecast(limits, calibrates: true, isCancelled: $0)
            }
        }
        try Interruption.watch { run.cancel() }
        let start = Date()
        let summary = try neighbour?.atWork { try run.run() } ?? run.run()
        try study.record(
            summary, of: choice, started: start, limits: limits,
            predictedSeconds: timing.predictedSeconds, program: BuildName.commit)
        return summary
    }

    /// What another run is computing would be taken from under its hands.
    ///
    /// Throws: `StoreError.inUse`.
    private func requireNobodyAtWork(on study: StudyRun) throws {
        let own = Set(study.registration.stages.map(\.id))
        let process = try study.store.store.runningStages().lazy
            .filter { own.contains($0.stage) }.compactMap(\.process).first
        guard let process, process.pid != getpid() else { return }
        throw StoreError.inUse(sweep: study.name, pid: process.pid)
    }

    /// Says what is given up, and removes what was begun, which would be gone on with.
    ///
    /// Old results do not stay until new ones are there: a run that is stopped could then be gone on with only
    /// from its beginning, and until that a table would compare rows of before with rows of after.
    private func beginAfresh(_ study: StudyRun) throws {
        study.layout.removeUnfinished(of: Set(study.registration.stages.map(\.id)))
        let statuses = try study.store.store.lookUp(study.registration.stages).statuses
        let count = statuses.count { $0 == .finished }
        guard count > 0 else { return }
        let line =
            "--fresh: the results of \(Count.text(count, "stage")) are given up now and computed again, for every "
            + "sweep that shares them; until then tables lack them"
        if isQuiet { Console.error(line) } else { Console.write(line + "\n") }
    }

    /// What the limits leave out.
    private func tell(of choice: StudyRun.Choice, _ registration: SweepRegistration) {
        if let part, choice.trials.isEmpty {
            Console.write(
                "part \(part.number) of \(part.count) has none of the "
                    + "\(Count.text(registration.trials.count, "trial")): ask for fewer parts\n")
        }
        if let budget, choice.trialsLeft > 0 {
            Console.write(
                "\(Count.text(choice.trialsLeft, "trial")) \(Count.word(choice.trialsLeft, "does", "do")) not fit into \(budget): configurations "
                    + choice.incompleteRows.map { String($0 + 1) }.joined(separator: ", ") + "\n")
        }
    }

    private var display: any RunDisplay {
        if log == .json { return JSONDisplay() }
        if quiet { return FailureDisplay() }
        return Console.isInteractive ? LiveDisplay() : PlainDisplay()
    }

    private func selection(
        _ registration: SweepRegistration, _ spent: Spent, isFirst: Bool
    ) throws -> RunSelection {
        if fresh { return .fresh }
        if rerun.isEmpty { return .needed }
        if rerun == ["failed"] { return .failed }
        let chosen = try rerun.compactMap { text -> Digest? in
            func matches(_ trials: [PlannedTrial]) -> [PlannedTrial] {
                trials.filter { $0.id.description.hasPrefix(text) }
            }
            let found = matches(registration.trials)
            // It may be a trial of the other phase.
            if found.isEmpty, isFirst || matches(spent.plan).count == 1 { return nil }
            guard let match = found.first, found.count == 1, text != "failed" else {
                throw CommandError.unknownTrial(text, matches: found.count)
            }
            return match.id
        }
        return chosen.isEmpty ? .needed : .these(chosen)
    }

    private static func whereFilesAre(_ sweep: String, _ layout: ResultsLayout) -> String {
        let folder = layout.folder(ofSweep: sweep).relativePath
        return """
            table     \(folder)/table.md, .tex, .csv, .json
            database  \(layout.database.relativePath) (view trial_results: one row a trial)

            """
    }
}
