public import Foundation
public import Reports
public import ResultsStore
public import Sweeps

/// What is ablated: the one thing that the orchestrator does not know.
///
/// A study says what a sweep file may vary, of which stages a configuration and a seed consist, who
/// computes them and which figures they leave. Plans, runs, tables, statistics and reports are made from
/// that, and are the same for all studies.
public protocol Study: Sendable {
    /// As a sweep file says it: `study: mcsimclr`.
    var name: String { get }
    /// What it studies, in a line of the program's help; empty for nothing.
    var summary: String { get }
    /// What whoever publishes results of it cites, as entries of BibTeX.
    var citations: [String] { get }
    /// What a sweep file may say.
    var schema: SettingsSchema { get }
    /// Every kind of stage, each after those that it needs.
    var stages: [StageDefinition] { get }
    /// What can be asked for under `evaluation`, in the order of a table's rows and columns.
    var evaluations: [EvaluationDefinition] { get }
    /// Evaluations on the validation split, by which `tune` may choose: those of the schema.
    var validations: [EvaluationDefinition] { get }
    /// The figures of merit that every evaluation leaves, in the order of a table's columns.
    var figures: [FigureDefinition] { get }

    /// What computes the stages beside this program, kept with each result so that tables can tell
    /// mixed builds apart: "x86-64-v3, OpenBLAS 0.3.21". Empty for nothing.
    var build: String { get }

    /// Whether what a stage took that was computed by such a build says how long these take: those of other versions
    /// and processors do, other programs do not.
    func isTimed(byBuild build: String) -> Bool

    /// Why this machine cannot compute the stages, in a line; asked before anything else.
    var machineFault: String? { get }

    /// Command lines of programs that a sweep file names, and that looking at its data or computing its stages
    /// starts: whoever did not write the file must have seen them before.
    var commandLines: [String] { get }

    /// Readies the process before any command runs.
    func prepareProcess()

    /// Finds what a sweep's stages need beside their settings: data, programs.
    ///
    /// Throws: whatever keeps the sweep from running, in words for the user.
    func prepare(_ plan: SweepPlan, context: StudyContext) throws -> any PreparedStudy

    /// The keys of a sweep file that belong to this study; none unless files define it.
    var sections: [String] { get }

    /// The study as a sweep file defines it, where files do; faults go into the sections.
    func defined(by sections: inout StudySections) -> any Study

    /// What the store has to keep of that definition; nil where files define nothing.
    var definition: String? { get }

    /// The study as a stored definition has it.
    ///
    /// Throws: where it cannot be read.
    func defined(byStored definition: String) throws -> any Study

    /// What a finished stage said of each item that it was tested on; nil where it left nothing.
    ///
    /// Throws: ``DamagedPredictions`` for what no stage writes.
    func predictions(
        of stage: StageRecord, in sweep: SweepRecord
    ) throws -> (any StoredPredictions)?

    /// Why a metric cannot have a value, such as a share of 120 %, in words that follow the value; nil
    /// where it can, and for metrics of others.
    func fault(ofMetric name: String, _ value: Double) -> String?

    /// What a metric is counted in that is no figure of an evaluation; nil where it has no unit, and for metrics of
    /// others.
    func unit(ofMetric name: String) -> String?

    /// What a reader must know of a table's rows and columns, a sentence each.
    ///
    /// - Parameters:
    ///   - evaluations: those that the sweep asked for.
    ///   - figures: the names of those that the table shows.
    func notes(
        on trials: [TrialRecord], evaluations: Set<String>, figures: [String]
    ) -> [String]

    /// What whoever runs the sweep must know of how its trials went, a sentence each: no matter of a paper.
    func diagnostics(on trials: [TrialRecord]) -> [String]

    /// Known ways of failing that the configurations show.
    func findings(_ sweep: SweepRecord, trials: [TrialRecord]) -> [ReportDocument.Finding]

    /// What a report draws beside the bars of its table.
    func drawings(of sweep: SweepFigures) -> [Figure]

    /// The curves whose steps are steps of training, the one that says most first; nil for all that there are.
    var trainingCurves: [String]? { get }

    /// Copies files that finished stages left from another results folder, where they are missing here;
    /// returns how many, and how many there are unfit for use.
    func takeOverFiles(
        of other: ResultsLayout, to own: ResultsLayout
    ) throws -> (copied: Int, leftOut: Int)
}

/// What a study is prepared with.
public struct StudyContext: Sendable {
    /// Of the sweep file: what it names lies below it.
    public var folder: URL
    /// The graphics cards that the run may use, by their numbers or names; nil for all that there are.
    public var gpus: [String]?
    /// The folder that a run writes into, where it is known.
    public var results: URL?
    /// Whether anything is to run; where not, nothing is missed that only a run needs.
    public var runs: Bool
    /// Takes lines for the user's eye.
    public var notice: @Sendable (String) -> Void

    public init(
        folder: URL, gpus: [String]? = nil, results: URL? = nil,
        runs: Bool = true, notice: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.folder = folder
        self.gpus = gpus
        self.results = results
        self.runs = runs
        self.notice = notice
    }
}

extension Study {
    /// The kinds of stage whose time is that of processors (`StageDefinition/isTimedByProcessor`).
    package var kindsTimedByProcessor: Set<String> {
        Set(stages.filter(\.isTimedByProcessor).map(\.name))
    }

    public var summary: String { "" }

    public var citations: [String] { [] }

    public var validations: [EvaluationDefinition] { [] }

    public var sections: [String] { [] }

    public func defined(by sections: inout StudySections) -> any Study { self }

    public var definition: String? { nil }

    public func defined(byStored definition: String) throws -> any Study { self }

    public var build: String { "" }

    public func isTimed(byBuild build: String) -> Bool { true }

    public var machineFault: String? { nil }

    public var commandLines: [String] { [] }

    public func prepareProcess() {}

    public func predictions(
        of stage: StageRecord, in sweep: SweepRecord
    ) throws -> (any StoredPredictions)? { nil }

    public func fault(ofMetric name: String, _ value: Double) -> String? { nil }

    public func unit(ofMetric name: String) -> String? { nil }

    public func notes(
        on trials: [TrialRecord], evaluations: Set<String>, figures: [String]
    ) -> [String] { [] }

    public func diagnostics(on trials: [TrialRecord]) -> [String] { [] }

    public func findings(
        _ sweep: SweepRecord, trials: [TrialRecord]
    ) -> [ReportDocument.Finding] { [] }

    public func drawings(of sweep: SweepFigures) -> [Figure] {
        sweep.figuresByParameter + sweep.curveFigures
    }

    public var trainingCurves: [String]? { nil }

    /// Those of a stage's curves whose steps are steps of training, in the study's order, or in that of their names.
    package func curvesOfTraining(
        among curves: [String: [CurvePoint]]
    ) -> [(name: String, points: [CurvePoint])] {
        (trainingCurves ?? curves.keys.sorted()).compactMap { name in
            curves[name].map { (name, $0) }
        }
    }

    public func takeOverFiles(
        of other: ResultsLayout, to own: ResultsLayout
    ) throws -> (copied: Int, leftOut: Int) { (0, 0) }
}

extension Study {
    /// Those on the test split, then those on the validation split.
    package var allEvaluations: [EvaluationDefinition] { evaluations + validations }

    /// The evaluations that configurations have columns of, in the order of the columns.
    package var groups: [EvaluationDefinition] { allEvaluations.filter { $0.reference == nil } }

    /// The evaluations that are rows of their own below the table's.
    var references: [EvaluationDefinition] { allEvaluations.filter { $0.reference != nil } }

    /// The figures that a table shows where nobody chooses.
    package var defaultFigures: [String] { figures.filter { $0.display == .tables }.map(\.name) }

    package func stage(_ name: String) -> StageDefinition? { stages.first { $0.name == name } }

    package func figure(_ name: String) -> FigureDefinition? { figures.first { $0.name == name } }

    /// Those named, in the order given.
    ///
    /// Throws: ``StudiesError/unknownMetric(_:known:)``.
    package func checkedFigures(_ names: [String]) throws -> [String] {
        for name in names where figure(name) == nil {
            throw StudiesError.unknownMetric(name, known: figures.map(\.name))
        }
        return names
    }
}
