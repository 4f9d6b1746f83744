import Analysis
import Cluster
import Foundation
import Orchestration
import Platform
import Reports
import ResultsStore
import Studies
import Synchronization

/// `ablate run --until-settled`: blocks of seeds, a look after each, until every row has its verdicts.
struct SettlingRun {
    let study: StudyRun
    let limits: StudyRun.Limits
    let forecast: RunForecast
    /// Units: seconds; nil for any time.
    let budget: TimeBudget?
    /// Of the budget, before. Units: seconds.
    let spent: Double
    let display: () -> any RunDisplay
    /// Takes lines for the user; nil where nobody reads them.
    let write: ((String) -> Void)?
    /// Takes verdicts as they fall, and at the end what has none; nil where no program reads them.
    let note: ((ComparisonVerdicts.Item) -> Void)?

    struct Outcome {
        var isSettled: Bool
        var isCancelled = false
        var hasFailures = false
    }

    /// Throws: ``CommandError`` for a sweep without a baseline, or without a figure that can be better.
    static func check(_ registration: SweepRegistration, _ study: any Study) throws {
        guard registration.testedMetrics > 0 else {
            throw CommandError.nothingIsBetter(
                sweep: registration.name, figures: study.figures.map(\.name))
        }
        guard registration.rows.contains(where: { $0.isBaseline || $0.baseline != nil }),
            registration.rows.count > 1
        else { throw CommandError.nothingToSettle(sweep: registration.name) }
    }

    /// Throws: ``CommandError/nothingToSettle(sweep:)`` for a sweep without a baseline.
    func run() throws -> Outcome {
        let start = ContinuousClock.now
        var settling = try Settling(study)
        guard !settling.verdicts.items.isEmpty else {
            throw CommandError.nothingToSettle(sweep: study.registration.name)
        }
        try announce(settling)
        var outcome = Outcome(isSettled: false)
        let box = CancelBox()
        try Interruption.watch { box.cancel() }
        while var block = settling.next, !box.isCancelled {
            if let budget {
                let left = budget.seconds - spent - (ContinuousClock.now - start) / .seconds(1)
                guard let fitting = try fit(block, into: left, of: budget) else { break }
                block = fitting
            }
            write?(
                "block: up to \(Count.text(block.seeds, "seed")) for \(names(block.rows)) and what they are "
                    + "compared with, \(Count.text(block.trials.count, "trial"))")
            let neighbour = ClusterNeighbour(study.layout, study.session, build: limits.build)
            let run = try study.prepared(
                StudyRun.Choice(block.trials), limits, observer: display(),
                wrapping: { neighbour?.sharing($0) ?? $0 })
            box.adopt(run)
            let began = Date()
            let summary = try neighbour?.atWork { try run.run() } ?? run.run()
            try study.record(
                summary, of: StudyRun.Choice(block.trials), started: began, limits: limits,
                predictedSeconds: nil, program: BuildName.commit)
            outcome.isCancelled = summary.isCancelled
            outcome.hasFailures =
                outcome.hasFailures || summary.trialsFailed + summary.trialsPostponed > 0
            // What the machine puts off would be tried for ever.
            if summary.isCancelled || summary.trialsPostponed > 0 { break }
            let before = settling.undecided
            settling = try Settling(study)
            tell(of: settling, after: before)
        }
        outcome.isCancelled = outcome.isCancelled || box.isCancelled
        outcome.isSettled = settling.undecided.isEmpty
        conclude(settling)
        return outcome
    }

    /// The block, or as many trials of it as there are workers where nobody knows yet how long they take; nil
    /// where it does not fit into what is left.
    ///
    /// - Parameter left: units: seconds.
    private func fit(
        _ block: Settling.Block, into left: Double, of budget: TimeBudget
    ) throws -> Settling.Block? {
        guard left > 0 else {
            write?("\(budget) are over")
            return nil
        }
        guard let seconds = try predicted(block) else {
            var first = block
            first.trials = Array(block.trials.prefix(max(1, limits.workers)))
            return first
        }
        guard seconds <= left else {
            write?(
                "the next block, \(Count.text(block.trials.count, "trial")), takes about "
                    + "\(QuantityText.duration(seconds)) and does not fit into \(budget)")
            return nil
        }
        return block
    }

    // MARK: Words

    /// What it may cost.
    private func announce(_ settling: Settling) throws {
        guard let write else { return }
        let seeds = Set(study.registration.trials.map(\.seed)).count
        let count = settling.verdicts.items.count
        var text =
            "until settled: \(Count.text(count, "comparison")) with a baseline, at "
            + "most \(Count.text(seeds, "seed")) a row"
        if let block = settling.next, let seconds = try predicted(block) {
            text +=
                "; the first block, \(Count.text(block.trials.count, "trial")), takes about "
                + "\(QuantityText.duration(seconds)), all \(Count.text(study.registration.trials.count, "trial")) "
                + "\(QuantityText.duration(forecast.times.seconds))"
        }
        write(text)
        if settling.verdicts.items.contains(where: { $0.metric.smallestEffect == nil }) {
            write(
                "without a smallest effect (section 'smallest_effect' of the file) rows without an "
                    + "effect are never settled and get all seeds")
        }
    }

    /// Units: seconds; nil where rates are not known.
    private func predicted(_ block: Settling.Block) throws -> Double? {
        let stages = study.registration.stages
        let plan = try RunPlan(
            stages: stages, trials: block.trials, store: study.store.store,
            hasArtifact: study.session.prepared.executor(study.layout).hasArtifact)
        // Blocks that have run say more than what was known before them.
        let rates = forecast.rates.merging(
            try study.store.store.measuredRates(
                build: limits.build, builds: study.session.study.isTimed,
                timedByProcessor: study.session.study.kindsTimedByProcessor)
        ) { $1.largestWork < $0.largestWork ? $0 : $1 }
        let isKnown = stages.indices.allSatisfy { index in
            switch plan.intents[index] {
            case .run, .rebuild:
                forecast.isCalibrated
                    || stages[index].work <= 10 * (rates[stages[index].kind]?.largestWork ?? 0)
            default: true
            }
        }
        guard isKnown else { return nil }
        return PlanForecast(
            plan, rates: rates, workers: limits.workers, threads: limits.threads,
            memoryLimit: limits.memory
        ).seconds
    }

    /// The verdicts that a block has brought.
    private func tell(of settling: Settling, after before: [ComparisonVerdicts.Item]) {
        let open = Set(before.map { "\($0.row)\n\($0.metric.key)" })
        for item in settling.verdicts.items
        where item.verdict.isDecided && open.contains("\(item.row)\n\(item.metric.key)") {
            write?("verdict: \(Self.text(item))")
            note?(item)
        }
        for item in settling.undecided where !open.contains("\(item.row)\n\(item.metric.key)") {
            write?("undecided again: \(Self.text(item))")
            note?(item)
        }
        write?(
            "\(settling.verdicts.items.count - settling.undecided.count) of "
                + "\(settling.verdicts.items.count) settled")
    }

    private func conclude(_ settling: Settling) {
        for item in settling.undecided {
            var needed =
                item.pairsNeeded().map {
                    $0 > item.pairs ? ", about \($0) pairs in all would settle it" : ""
                } ?? ""
            if item.isConstant {
                needed = ", the same in all of them: more seeds would not settle it"
            }
            write?("undecided: \(Self.text(item))\(needed)")
            note?(item)
        }
        if settling.undecided.isEmpty { write?("every comparison has a verdict") }
        write?("")
    }

    private static func text(_ item: ComparisonVerdicts.Item) -> String {
        let metric = item.metric.group.map { "\($0): \(item.metric.header)" } ?? item.metric.header
        return "“\(item.row)”, \(metric): \(VerdictText.words(item.verdict, item.metric)) "
            + "(\(VerdictText.figures(item)))"
    }

    private func names(_ rows: [String]) -> String {
        rows.count <= 4
            ? rows.map { "“\($0)”" }.joined(separator: ", ") : "\(rows.count) rows"
    }
}

/// Hands a signal to the run of the moment.
private final class CancelBox: Sendable {
    private let state = Mutex<(run: SweepRun?, isCancelled: Bool)>((nil, false))

    var isCancelled: Bool { state.withLock { $0.isCancelled } }

    func adopt(_ run: SweepRun) {
        let isCancelled = state.withLock { state in
            state.run = run
            return state.isCancelled
        }
        if isCancelled { run.cancel() }
    }

    func cancel() {
        let run = state.withLock { state in
            state.isCancelled = true
            return state.run
        }
        run?.cancel()
    }
}
