import Files
import Foundation
import Orchestration
public import ResultsStore
public import Studies
public import Sweeps

/// The study of programs in any language: a sweep file says which, what their settings are and which
/// figures they leave. See docs/own-trainer.md for what a program is given and what it leaves.
public struct ProgramStudy: Study {
    public let name = "command"
    public let summary = "programs in any language, defined by the file (docs/own-trainer.md)"
    private let programs: CommandDefinition

    public init() { programs = CommandDefinition() }

    private init(_ programs: CommandDefinition) { self.programs = programs }

    public var sections: [String] { CommandDefinition.sections }

    public var schema: SettingsSchema {
        let evaluated = programs.evaluatedStages
        let programs = programs
        return SettingsSchema(
            trial: programs.settings.map(\.descriptor), data: [],
            evaluations: evaluated.map(\.name),
            metrics: evaluations.flatMap { evaluation in
                programs.figures.map { evaluation.key($0.name) }
            },
            figures: programs.figures.map(\.name),
            validations: zip(programs.validations, validations).map { validation, evaluation in
                ValidationEvaluation(
                    name: validation.name, evaluation: validation.stage.name,
                    metrics: programs.figures.filter { $0.better != nil }.map {
                        evaluation.key($0.name)
                    })
            }, sections: sections
        ) { evaluations, _, _ in
            let stages = evaluations.compactMap { name in
                programs.stage(name) ?? programs.stageValidated(by: name)
            }
            return stages.reduce(into: []) { $0.formUnion(programs.allSettings(of: $1)) }
        }
    }

    public var stages: [StageDefinition] {
        let own = programs.stages.map { stage in
            let needed = programs.stages.contains { $0.needs == stage.name }
            return definition(stage, stage.name, leavesFile: needed, content: stage.content)
        }
        return own
            + programs.validations.map { name, stage in
                definition(
                    stage, name, leavesFile: false, content: stage.content + "on validation\n")
            }
    }

    private func definition(
        _ stage: CommandDefinition.Stage, _ name: String, leavesFile: Bool, content: String
    ) -> StageDefinition {
        StageDefinition(
            name: name, needs: stage.needs.map { [$0] } ?? [], usesSeed: stage.usesSeed,
            leavesFile: leavesFile, settings: programs.allSettings(of: stage), content: content)
    }

    public var evaluations: [EvaluationDefinition] {
        let finals = programs.finalStages
        let isOne = finals.count == 1
        let own = finals.map { stage in
            EvaluationDefinition(
                stage: stage.name, prefix: isOne ? "" : nil,
                header: isOne ? nil : stage.name.replacing("_", with: " "))
        }
        let references = programs.stages.compactMap { stage -> EvaluationDefinition? in
            guard let label = stage.reference, let column = finals.first else { return nil }
            return EvaluationDefinition(
                stage: stage.name, reference: .init(label: label, column: column.name))
        }
        return own + references
    }

    public var validations: [EvaluationDefinition] {
        let isOne = programs.finalStages.count == 1
        return programs.validations.map { name, stage in
            EvaluationDefinition(
                stage: name, prefix: isOne ? "validation" : name,
                header: isOne
                    ? "validation" : stage.name.replacing("_", with: " ") + ", validation")
        }
    }

    public var figures: [FigureDefinition] { programs.figures.map(\.definition) }

    public var build: String {
        programs.stages.map { $0.command.joined(separator: " ") }.joined(separator: "; ")
    }

    public func isTimed(byBuild build: String) -> Bool { build.hasSuffix(", " + self.build) }

    public var commandLines: [String] {
        [programs.environment].compactMap { $0?.joined(separator: " ") }
            + programs.stages.map { $0.command.joined(separator: " ") }
    }

    public func defined(by sections: inout StudySections) -> any Study {
        ProgramStudy(CommandDefinition(&sections))
    }

    public var definition: String? { try? SortedJSON.text(of: programs) }

    public func defined(byStored definition: String) throws -> any Study {
        guard
            let programs = try? JSONDecoder().decode(
                CommandDefinition.self, from: Data(definition.utf8))
        else { throw CommandStudyError.unreadableDefinition }
        return ProgramStudy(programs)
    }

    public func prepare(_ plan: SweepPlan, context: StudyContext) throws -> any PreparedStudy {
        do {
            return try prepared(plan, context)
        } catch let error as CommandStudyError {
            throw error.sectionFault() ?? error
        }
    }

    private func prepared(
        _ plan: SweepPlan, _ context: StudyContext
    ) throws -> PreparedPrograms {
        // One result that is counted n times makes any difference significant.
        if plan.seeds.count > 1,
            let stage = programs.finalStages.first(where: {
                plan.evaluation.contains($0.name) && !$0.usesSeed
            })
        {
            throw CommandStudyError.sameForAllSeeds(stage: stage.name, seeds: plan.seeds.count)
        }
        return try PreparedPrograms(programs, labels: plan.rows.map(\.label), context)
    }

    public func predictions(
        of stage: StageRecord, in sweep: SweepRecord
    ) throws -> (any StoredPredictions)? {
        try ItemPredictions(of: stage, percent: programs.sharesInPercent)
    }
}

extension CommandDefinition.Stage {
    /// What its results depend on beside settings, inputs and seed.
    var content: String {
        let words = (try? SortedJSON.text(of: command)) ?? ""
        return "command \(words) leaves \(leaves ?? "")"
    }
}
