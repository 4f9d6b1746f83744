import MCSimCLR
import Studies
import Sweeps

/// Embeddings that another program made of a sweep's own recordings, as the section `embeddings` names
/// them: `{NAME: FILE}`. Each is a row of its own below the table, probed as our encoders are.
package struct NamedEmbeddings: Sendable, Codable, Hashable {
    package static let section = "embeddings"

    /// What the row is called.
    package var name: String
    /// Relative to the folder of the sweep file.
    package var path: String

    package init(name: String, path: String) {
        self.name = name
        self.path = path
    }

    /// The stage that probes them, whose name their figures begin with too.
    package var stage: String { Self.prefix + name }

    private static let prefix = "embedding_"

    /// The name that a stage of this kind has for its row; nil for all other stages.
    package static func name(ofStage kind: String) -> String? {
        kind.hasPrefix(prefix) ? String(kind.dropFirst(prefix.count)) : nil
    }

    /// What the probes' results depend on: the scenes, what probes are asked for, and how many labels there are.
    static let settings = StageKind.scenes.settings.union(StageKind.testScenes.settings)
        .union(TrialSchema.keys { $0.readers == StageKind.probes })
        .union(TrialSchema.keysOfLabels)

    /// Those of a file's section.
    static func read(_ sections: inout StudySections) -> [NamedEmbeddings] {
        sections.entries(section, as: .text).compactMap { name, value in
            guard let path = value.text else { return nil }
            if name.isEmpty {
                sections.fault(
                    "an entry of embeddings has no name; write embeddings: {NAME: FILE}",
                    in: section)
                return nil
            }
            // Tables and commands would not tell such a row from the other one.
            guard StageKind(rawValue: name) == nil else {
                sections.fault(
                    "embeddings.\(name) is called as an evaluation is; write another name",
                    in: section, entry: name)
                return nil
            }
            guard name.utf8.count <= 64, SweepNameRule.allows(name) else {
                sections.fault(
                    "embeddings.\(name) has a name that is none; write up to 64 letters, digits, '-', "
                        + "'_' and '.'", in: section, entry: name)
                return nil
            }
            return NamedEmbeddings(name: name, path: path)
        }
    }

    var stageDefinition: StageDefinition {
        StageDefinition(
            name: stage, version: StageKind.probe.version,
            needs: [StageKind.scenes, .testScenes].map(\.rawValue), seedless: StageKind.allLabels,
            settings: Self.settings, standIns: StageKind.standIns)
    }

    var evaluation: EvaluationDefinition {
        EvaluationDefinition(
            stage: stage,
            reference: .init(label: name, column: StageKind.probe.rawValue),
            figures: Set(StageKind.probe.figures.map(\.name)))
    }
}
