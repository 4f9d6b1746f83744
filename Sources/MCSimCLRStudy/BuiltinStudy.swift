import Analysis
import Digests
import Files
import Foundation
import MCSimCLR
import NeuralNetwork
public import Reports
public import ResultsStore
import RoomFiles
import SoundData
public import Studies
public import Sweeps

/// The study that is built in: MC-SimCLR, contrastive learning of spatial sound events
/// (arXiv:2309.15938), with its probes, its fine-tuning and its baselines.
public struct BuiltinStudy: Study {
    public let name = "mcsimclr"
    public let summary = "MC-SimCLR: contrastive learning of spatial sound (arXiv:2309.15938)"

    public var citations: [String] {
        [
            """
            @inproceedings{mcsimclr,
              title = {Exploring Self-Supervised Contrastive Learning of Spatial Sound Event Representation},
              author = {Jiang, Xilin and Han, Cong and Li, Yinghao Aaron and Mesgarani, Nima},
              booktitle = {ICASSP},
              year = {2024},
              note = {arXiv:2309.15938},
            }
            """
        ]
    }

    /// Embeddings of other programs that the file names.
    private let embeddings: [NamedEmbeddings]
    /// Rooms that are not simulated, which the file names.
    private let rooms: RoomSections

    public init() { self.init([], RoomSections()) }

    private init(_ embeddings: [NamedEmbeddings], _ rooms: RoomSections) {
        self.embeddings = embeddings
        self.rooms = rooms
    }

    public var schema: SettingsSchema {
        TrialSchema.schema(implying: embeddings.map(\.stage), rooms: rooms)
    }

    public var stages: [StageDefinition] {
        StageKind.allCases.map(\.definition) + embeddings.map(\.stageDefinition)
    }

    public var sections: [String] { [NamedEmbeddings.section] + RoomSections.sections }

    public func defined(by sections: inout StudySections) -> any Study {
        BuiltinStudy(NamedEmbeddings.read(&sections), RoomSections.read(&sections))
    }

    /// What the store keeps of files that name rooms; of those that name embeddings alone the list of these.
    private struct Definition: Codable {
        var embeddings: [NamedEmbeddings]
        var rooms: RoomSections
    }

    /// Files that name neither are the study itself.
    public var definition: String? {
        guard rooms.isEmpty else {
            return try? SortedJSON.text(of: Definition(embeddings: embeddings, rooms: rooms))
        }
        return embeddings.isEmpty ? nil : try? SortedJSON.text(of: embeddings)
    }

    public func defined(byStored definition: String) throws -> any Study {
        let data = Data(definition.utf8)
        if let embeddings = try? JSONDecoder().decode([NamedEmbeddings].self, from: data) {
            return BuiltinStudy(embeddings, RoomSections())
        }
        guard let stored = try? JSONDecoder().decode(Definition.self, from: data) else {
            throw BuiltinStudyError.unreadableDefinition
        }
        return BuiltinStudy(stored.embeddings, stored.rooms)
    }

    public var evaluations: [EvaluationDefinition] {
        let own: [EvaluationDefinition] = [
            .init(
                stage: "mean",
                reference: .init(label: "training mean, no features", column: "probe")),
            .init(
                stage: "raw",
                reference: .init(label: "raw features, no encoder", column: "probe")),
            .init(stage: "random", reference: .init(label: "random encoder", column: "probe")),
            .init(stage: "probe", header: "Linear probe"),
            .init(stage: "finetune", header: "Fine-tuned"),
            .init(
                stage: "scratch",
                reference: .init(
                    label: "supervised from scratch", shortLabel: "from scratch",
                    column: "finetune")),
        ]
        return own.map(withItsFigures) + embeddings.map(\.evaluation)
    }

    private func withItsFigures(_ evaluation: EvaluationDefinition) -> EvaluationDefinition {
        var evaluation = evaluation
        evaluation.figures = StageKind(rawValue: evaluation.stage).map {
            Set($0.figures.map(\.name))
        }
        return evaluation
    }

    public var validations: [EvaluationDefinition] {
        let headers = ["probe_validation": "Linear probe", "finetune_validation": "Fine-tuned"]
        return StageKind.allCases.filter(\.isOnValidation).map { kind -> EvaluationDefinition in
            let name = kind.rawValue
            guard let header = headers[name] else {
                return .init(
                    stage: name,
                    reference: .init(
                        label: "supervised from scratch", shortLabel: "from scratch",
                        column: StageKind.finetuneValidation.rawValue))
            }
            return .init(stage: name, header: header + ", validation")
        }.map(withItsFigures)
    }

    public var figures: [FigureDefinition] { EventFigure.all.map(\.definition) }

    public var build: String {
        let backend = NumericBackend.description
        return "\(backend.processor), OpenBLAS \(backend.openBLAS), \(backend.compiledFor)"
    }

    public func isTimed(byBuild build: String) -> Bool { build.contains(", OpenBLAS ") }

    /// A build for another processor would end in a signal.
    public var machineFault: String? { NumericBackend.unsupportedInstructions() }

    public func prepareProcess() {
        NumericBackend.prepare()
        // In a process of its own: see ``RoomFileReader``.
        RoomFileReader.read(with: URL(filePath: "/proc/self/exe").resolvingSymlinksInPath())
    }

    public func prepare(
        _ plan: SweepPlan, context: StudyContext
    ) throws -> any PreparedStudy {
        let look = LookNotice.look(context.notice)
        let dataSet = try SoundDataSet.load(DataSettings(plan.data), look: look)
        try dataSet.requireTraining()
        do {
            let files = try embeddings.map { try EmbeddingFile.read($0, in: context.folder).file }
            let prepared = PreparedSounds(
                dataSet, embeddings: files, rooms: try SweepRooms(rooms, in: context.folder),
                companions: try companions(in: context.folder))
            try prepared.requireOwnRecordings(plan)
            return prepared
        } catch let error as RoomsError {
            throw SectionFault("\(error)", section: error.section, entry: "path")
        } catch let error as EmbeddingError {
            throw SectionFault("\(error)", section: NamedEmbeddings.section, entry: error.name)
        }
    }

    /// The files of rooms, by their paths as the sweep has them.
    private func companions(in folder: URL) throws -> [String] {
        try [rooms.rooms, rooms.evaluationRooms].compactMap { $0 }.flatMap { named in
            let url = named.url(in: folder)
            let files = try RoomResponses.files(at: url)
            return files == [url]
                ? [named.path] : files.map { named.path + "/" + $0.lastPathComponent }
        }
    }

    public func predictions(
        of stage: StageRecord, in sweep: SweepRecord
    ) throws -> (any StoredPredictions)? { try EventPredictions(of: stage, facts: sweep.facts) }

    public func fault(ofMetric name: String, _ value: Double) -> String? {
        MetricRange.fault(name, value)
    }

    public func notes(
        on trials: [TrialRecord], evaluations: Set<String>, figures: [String]
    ) -> [String] {
        EventNotes.make(
            on: trials, evaluations: evaluations, figures: figures,
            knowsArray: rooms.rooms == nil)
            + rooms.notes
            + embeddings.map {
                "\($0.name): the heads of a linear probe on embeddings that another program made "
                    + "(\($0.path)); they are of one encoder, and with all labels one run stands for all seeds: "
                    + "what other seeds of its training would give is not known"
            }
    }

    public func diagnostics(on trials: [TrialRecord]) -> [String] { PenaltyNotes.make(trials) }

    public func unit(ofMetric name: String) -> String? {
        name.hasPrefix("scenes_") || name.hasPrefix("test_scenes_") ? "recordings" : nil
    }

    public func findings(
        _ sweep: SweepRecord, trials: [TrialRecord]
    ) -> [ReportDocument.Finding] { EventFindings.make(sweep, trials: trials, study: self) }

    public func drawings(of sweep: SweepFigures) -> [Figure] { sweep.drawingsOfEvents }

    /// Beside the losses what looks at the validation split found; similarities of pairs are histograms.
    public var trainingCurves: [String]? {
        let supervised: [StageKind] = [
            .finetune, .scratch, .finetuneValidation, .scratchValidation,
        ]
        return ["pretrain_loss"]
            + supervised.flatMap { kind in
                ["loss", "checked_accuracy", "checked_error"].map { "\(kind.rawValue)_\($0)" }
            }
    }

    public func takeOverFiles(
        of other: ResultsLayout, to own: ResultsLayout
    ) throws -> (copied: Int, leftOut: Int) { try own.takeOverEncoders(of: other) }
}

extension StageKind {
    var definition: StageDefinition {
        StageDefinition(
            name: rawValue, version: version, needs: dependencies.map(\.rawValue),
            usesSeed: usesSeed, seedless: seedless, leavesFile: producesArtifact,
            threads: makesScenes || isOfNetwork ? 64 : 1, borrowsThreads: isOfNetwork,
            serialShare: serialShare, isTimedByProcessor: true, settings: settings,
            standIns: Self.standIns,
            exception: exception)
    }

    /// From `ablate-checks bench` with one thread and two, on two processors with AVX-512 (docs/performance.md): training a
    /// factor of 1.69, embedding one of 1.77 to 1.98. By Amdahl's law (doi:10.1145/1465482.1465560) a factor f on two threads
    /// is a share of 2/f - 1. Scenes of quickstart had 5.5 s of two processors in 3.4 s: 1.63.
    private var serialShare: Double {
        switch self {
        case .probe, .random, .probeValidation: 2 / 1.87 - 1
        case .scenes, .testScenes: 2 / 1.63 - 1
        default: 2 / 1.69 - 1
        }
    }

    /// Where it does not after all: without a network nothing but the clips is drawn.
    var seedless: SettingCondition? { isOfNetwork ? nil : Self.allLabels }

    /// Every clip has its label.
    static let allLabels = SettingCondition(keys: TrialSchema.keysOfLabels) { values in
        (values[0].number ?? 1) == 1 && values[1].integer == nil
    }

    static let standIns = Dictionary(
        uniqueKeysWithValues: TrialSchema.trial.compactMap { setting in
            setting.standsFor.map { (setting.key, $0) }
        })
}

extension EventFigure {
    var definition: FigureDefinition {
        var isShare = false
        if case .share = statistic { isShare = true }
        return FigureDefinition(
            name: name, header: header, unit: unit, better: isShare ? .higher : .lower,
            decimals: decimals, display: display,
            absence: target.map {
                "name \($0.rawValue) among probe_targets, which says what probes are asked for"
            })
    }

    private var display: FigureDefinition.Display {
        switch name {
        case "accuracy", "error": .tables
        case "median_error", "within_10", "within_20": .reports
        default: .nowhere
        }
    }
}
