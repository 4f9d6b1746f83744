public import Analysis
import Digests
public import Foundation
import Platform
public import Reports
import ResultsStore

/// The report of a sweep: one HTML page that needs no other file, its text and tables as Markdown,
/// and its figures as files.
public enum SweepReport {
    /// What was written.
    public struct Outcome: Sendable {
        /// The page first, then its text, then figures.
        public var files: [URL] = []
        /// Figures that could not be drawn, each with the reason; the report says so in their place.
        public var undrawn: [(figure: String, reason: String)] = []
    }

    /// Writes `report.html`, `report.md` and the figures with their data.
    ///
    /// The same store gives the same bytes. A figure that cannot be drawn costs that figure alone.
    /// - Parameters:
    ///   - interval: of the differences.
    ///   - columnWidth: of the figures for a paper's column. Units: millimetres.
    ///   - files: where the stages' files lie, where that is another folder.
    /// - Throws: `StoreError` for an unknown sweep, `ReportsError` where the page cannot be written.
    @discardableResult
    public static func write(
        _ sweep: String, from store: StudyStore, to layout: ResultsLayout,
        interval: PairedDifference.IntervalMethod = .student,
        columnWidth: Double = GnuplotFigure.usualColumnWidth, files: ResultsLayout? = nil
    ) throws -> Outcome {
        try SweepFolders(layout, store.store).write(sweep) { name in
            try write(
                name, into: layout, from: store, interval: interval,
                GnuplotFigure(columnWidth: columnWidth), files: files ?? layout)
        }
    }

    private static func write(
        _ sweep: String, into layout: ResultsLayout, from store: StudyStore,
        interval: PairedDifference.IntervalMethod, _ gnuplot: GnuplotFigure, files: ResultsLayout
    ) throws -> Outcome {
        let folder = layout.figures(ofSweep: sweep)
        var outcome = Outcome()
        var drawings: [ReportDocument.Drawing] = []
        for figure in try SweepFigures(sweep, from: store).all {
            do {
                let written = try FigureWriter.write(figure, to: folder, using: gnuplot)
                let file = written.first { $0.pathExtension == "svg" }
                drawings.append(
                    .init(figure: figure, svg: try FigureWriter.inlineSVG(figure, from: file)))
                outcome.files += written
            } catch {
                outcome.undrawn.append((figure.title, "\(error)"))
            }
        }
        var document = try document(sweep, from: store, interval: interval, files: files)
        document.drawings = drawings
        document.undrawn = outcome.undrawn.map { .init($0.figure, $0.reason) }
        let page = layout.report(ofSweep: sweep)
        try AtomicFile.write(HTMLReport().text(of: document), to: page)
        let text = layout.markdownReport(ofSweep: sweep)
        try AtomicFile.write(MarkdownReport().text(of: document), to: text)
        outcome.files = [page, text] + outcome.files
        return outcome
    }

    /// What the report says, without figures.
    ///
    /// - Parameter files: whose encoders and other files of stages are named; nil for none.
    public static func document(
        _ sweep: String, from store: StudyStore,
        interval: PairedDifference.IntervalMethod = .student, files: ResultsLayout? = nil
    ) throws -> ReportDocument {
        let reading = try store.sweep(sweep)
        let record = reading.record
        let table = try SweepTable.make(sweep, from: store)
        let options = TableOptions(showsDifferences: true, interval: interval)
        let trials = try reading.store.trials(of: sweep)
        let input = try SweepTable.input(reading, options: options)
        let intervals = try ItemIntervals(of: trials, in: reading)
        let findings = reading.study.findings(record, trials: trials)
        let found = try files.map { try reading.files(in: $0) } ?? [:]
        return ReportDocument(
            title: record.name, question: record.facts["description"] ?? "",
            summary: summary(
                input, ReferenceComparisons(input), findings, trials,
                claims: try SweepTable.claimSentences(reading)),
            findings: findings,
            tables: try tables(sweep, table, store, interval),
            trials: trials.map { trial in
                var details = TrialDetails.make(
                    trial, intervals: intervals.byTrial[trial.digest] ?? [:])
                details.metrics += found[trial.digest] ?? []
                return details
            }, trialNotes: intervals.testSets == nil ? [] : intervals.explanation,
            provenance: try provenance(record, trials, store.store))
    }

    private static func summary(
        _ input: ComparisonInput, _ references: ReferenceComparisons,
        _ findings: [ReportDocument.Finding], _ trials: [TrialRecord], claims: [String]
    ) -> [String] {
        let finished = trials.count { $0.status == .finished }
        let unfinished =
            finished == trials.count
            ? []
            : [
                input.addsSeeds
                    ? "\(finished) of at most \(Count.text(trials.count, "trial")) have run: rows get as many seeds "
                        + "as their verdicts take."
                    : "\(finished) of \(Count.text(trials.count, "trial")) \(Count.word(trials.count, "is", "are")) finished; the rest is missing below."
            ]
        return unfinished + claims
            + ComparisonSummary.sentences(
                for: input, references: references, findings: findings)
    }

    private static func tables(
        _ sweep: String, _ table: Table, _ store: StudyStore,
        _ interval: PairedDifference.IntervalMethod
    ) throws -> [Table] {
        var tables = [table]
        if let paper = try SweepTable.besidePaper(sweep, from: store) { tables.append(paper) }
        if try store.sweep(sweep).facts.tuning != nil {
            var tuned = try SweepTable.tuned(sweep, from: store)
            (tuned.title, tuned.identifier) = ("Default and tuned", "tuned")
            tables.append(tuned)
        }
        if var claims = try SweepTable.claimsIfAny(sweep, from: store) {
            (claims.title, claims.identifier) = ("Claims", "claims")
            tables.append(claims)
        }
        func add(_ options: TableOptions, _ title: String, _ identifier: String) throws {
            var more = try SweepTable.make(sweep, from: store, options: options)
            more.title = title
            more.identifier = identifier
            tables.append(more)
        }
        if table.rows.contains(where: \.isBaseline),
            table.rows.count(where: { !$0.isReference }) > 1
        {
            try add(
                TableOptions(showsDifferences: true, interval: interval),
                "Differences against the baseline",
                "differences")
            var verdicts = try SweepTable.verdicts(sweep, from: store)
            (verdicts.title, verdicts.identifier) = ("Verdicts", "verdicts")
            tables.append(verdicts)
            tables.append(try SweepTable.advice(sweep, from: store))
        }
        let reading = try store.sweep(sweep)
        let chosen = reading.figures
        let further = reading.study.figures
            .filter { $0.display != .nowhere && !chosen.contains($0.name) }.map(\.name)
        if !further.isEmpty {
            try add(TableOptions(metrics: further), "Further metrics", "further-metrics")
        }
        return try tables + SweepTable.attributions(sweep, from: store, order: 2)
    }

    private static func provenance(
        _ sweep: SweepRecord, _ trials: [TrialRecord], _ store: ResultsStore
    ) throws -> [ReportDocument.Fact] {
        let facts = sweep.facts
        var result: [ReportDocument.Fact] = []
        func add(_ name: String, _ value: String?) {
            if let value, !value.isEmpty { result.append(.init(name, value)) }
        }
        let revisions = (try? store.revisions(of: sweep.revision.reference.name)) ?? []
        if revisions.count > 1 {
            add("plan", "\(sweep.revision.reference), of \(revisions.count) plans of this name")
        }
        add("command", facts["command"])
        for build in Set(trials.flatMap(\.builds)).sorted() { add("build", build) }
        add("data", facts["data"])
        add("digest of the data", facts["data_digest"])
        add("sounds", facts["synthetic"].map { $0 == "yes" ? "made by the program" : "recorded" })
        add("clips", facts["clips"])
        add("classes", facts["classes"])
        add("evaluation", facts["evaluation"])
        add("seeds", Set(trials.map(\.seed)).sorted().map(String.init).joined(separator: ", "))
        add("scale", facts["scale"])
        add("varied", sweep.parameters.joined(separator: ", "))
        var hasher = DigestHasher()
        hasher.update(sweep.sourceText)
        add("digest of the sweep file", "\(hasher.finalize())")
        return result + (try SweepProvenance(sweep.name, from: store).facts)
    }
}

extension SweepReading {
    /// The files that stages of each trial have left for people, an encoder above all: title, and path from the folder
    /// that holds the results.
    fileprivate func files(
        in layout: ResultsLayout
    ) throws -> [Digest: [ReportDocument.Fact]] {
        guard let study = study as? any StudyWithExhibits else { return [:] }
        let root = layout.root.standardizedFileURL
        let above = root.deletingLastPathComponent().path
        var known: [Digest: [ReportDocument.Fact]] = [:]
        return try store.stageOutlines(of: record.name).mapValues { stages in
            try stages.filter { study.stage($0.kind)?.leavesFile ?? false }.flatMap { outline in
                if let facts = known[outline.digest] { return facts }
                let facts = study.files(of: try store.stage(outline.digest), in: layout).map {
                    let path = $0.url.standardizedFileURL.path
                    return ReportDocument.Fact(
                        $0.title,
                        path.hasPrefix(above + "/") ? String(path.dropFirst(above.count + 1)) : path
                    )
                }
                known[outline.digest] = facts
                return facts
            }
        }
    }
}
