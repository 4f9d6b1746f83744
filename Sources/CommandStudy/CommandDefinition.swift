import Analysis
import Foundation
import Reports
import Studies
import Sweeps

/// A study as a sweep file defines it: programs, their settings, the figures that they leave.
struct CommandDefinition: Codable, Sendable, Hashable {
    /// A setting of the programs.
    struct Setting: Codable, Sendable, Hashable {
        var key: String
        var kind: String
        var options: [String]?
        var minimum: Double?
        var maximum: Double?
        var defaultValue: SettingValue
        var doc: String
        var unit: String?
    }

    /// A figure of merit.
    struct Figure: Codable, Sendable, Hashable {
        var name: String
        var unit: String?
        var better: String?
        var decimals: Int
        var label: String?
        /// Whether tables show it where nobody chooses.
        var isShown: Bool
    }

    /// A program that is run once for all trials that share what it depends on.
    struct Stage: Codable, Sendable, Hashable {
        var name: String
        var command: [String]
        /// The stage that must be there before.
        var needs: String?
        /// The keys of the settings that it reads itself.
        var settings: [String]
        /// A file or folder in its output that other stages read.
        var leaves: String?
        var usesSeed: Bool
        /// Files that this stage alone depends on, beside those of the study; nil as in files of before.
        var inputs: [String]?
        /// Set where it is a row of its own, not a part of the trials.
        var reference: String?
    }

    /// What one stage may take.
    struct Resources: Codable, Sendable, Hashable {
        var threads = 1
        /// Units: bytes.
        var memory = 0
        /// Graphics cards: a whole number, or a share of one.
        var gpus = 0.0
        /// Units: seconds; nil for no limit.
        var time: Double?
        /// How long a program that was asked to end may take. Units: seconds.
        var grace = 10.0
    }

    var settings: [Setting] = []
    var figures: [Figure] = []
    var stages: [Stage] = []
    var inputs: [String] = []
    var environment: [String]?
    var resources = Resources()
}

extension CommandDefinition {
    /// The stages that no other one needs, and that are no references: they leave the figures.
    var finalStages: [Stage] {
        stages.filter { stage in
            stage.reference == nil && !stages.contains { $0.needs == stage.name }
        }
    }

    /// Those that leave figures, references included.
    var evaluatedStages: [Stage] { stages.filter { $0.reference != nil } + finalStages }

    func stage(_ name: String) -> Stage? { stages.first { $0.name == name } }

    /// The stages that leave figures, judged on the validation split, with their names there: for tuning.
    /// None where a stage of the file has that name.
    var validations: [(name: String, stage: Stage)] {
        finalStages.map { ($0.name + Self.validationEnding, $0) }
            .filter { stage($0.name) == nil }
    }

    static let validationEnding = "_validation"

    /// What figures of the validation split begin with, in a program's files and in metrics.
    static let validationPrefix = "validation_"

    /// The stage that one on the validation split stands for; nil for other names.
    func stageValidated(by name: String) -> Stage? {
        validations.first { $0.name == name }?.stage
    }

    /// The names of the figures whose unit is percent.
    var sharesInPercent: Set<String> { Set(figures.filter { $0.unit == "%" }.map(\.name)) }

    /// The settings that a stage's result depends on, those of the stages that it needs included.
    func allSettings(of stage: Stage) -> Set<String> {
        var settings = Set(stage.settings)
        var seen = [stage.name]
        // A faulty file may let stages need each other in a circle.
        while let need = stages.first(where: { $0.name == seen.last })?.needs, !seen.contains(need),
            let needed = self.stage(need)
        {
            seen.append(need)
            settings.formUnion(needed.settings)
        }
        return settings
    }
}

extension CommandDefinition.Setting {
    private static let faulty = ""

    /// Stands for a setting that was refused: what else the file says of it is no further fault.
    static func faulty(_ key: String) -> Self {
        Self(key: key, kind: faulty, defaultValue: .null, doc: "")
    }

    var descriptor: SettingDescriptor {
        SettingDescriptor(
            key: key, kind: settingKind, defaultValue: defaultValue, summary: doc, unit: unit)
    }

    var settingKind: SettingKind {
        let numbers = (minimum ?? -1e300)...(maximum ?? 1e300)
        func whole(_ value: Double) -> Int {
            value <= -0x1p62 ? -(1 << 62) : value >= 0x1p62 ? 1 << 62 : Int(value.rounded())
        }
        return switch kind {
        case "boolean": .boolean
        case "integer": .integer(whole(numbers.lowerBound)...whole(numbers.upperBound))
        case "number": .number(numbers)
        case "range": .range(numbers)
        case "choice": .choice(options ?? [])
        case "subset": .subset(options ?? [])
        case Self.faulty: CommandDefinition.anything
        default: .text
        }
    }
}

extension CommandDefinition.Figure {
    var definition: FigureDefinition {
        let direction: Direction? =
            switch better {
            case "higher": .higher
            case "lower": .lower
            default: nil
            }
        return FigureDefinition(
            name: name, header: label, unit: unit, better: direction, decimals: decimals,
            display: isShown ? .tables : .reports)
    }
}
