package import ArgumentParser
import Reports
import Studies

package struct AblateCommand: ParsableCommand {
    package init() {}

    package static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: Ablate.catalogue.program,
            abstract: "Ablation studies: what helps, with what certainty.",
            discussion: """
                One file lists what to vary; each combination runs with each seed, every figure is kept \
                in SQLite, and the comparison table is printed.

                EXAMPLE
                  \(Ablate.catalogue.program) plan sweeps/quickstart.yaml
                  \(Ablate.catalogue.program) run sweeps/quickstart.yaml

                STUDIES
                \(studies)
                """,
            version: BuildName.current(Ablate.catalogue.standard),
            subcommands: [any ParsableCommand.Type]([
                InitCommand.self, PlanCommand.self, RunCommand.self, StatusCommand.self,
                TableCommand.self,
                HistoryCommand.self, ServeCommand.self,
                ReportCommand.self, WhyCommand.self, CompareCommand.self, DiffCommand.self,
                AdviseCommand.self,
                SubmitCommand.self, StageCommand.self, CollectResultsCommand.self,
                CancelCommand.self,
                ExportCommand.self, ImportCommand.self, BundleCommand.self, ReproduceCommand.self,
                LogsCommand.self, MergeCommand.self, DeleteCommand.self, CollectCommand.self,
                SettingsCommand.self, SchemaCommand.self, CiteCommand.self, ManualCommand.self,
            ]) + Ablate.catalogue.studies.flatMap { ($0 as? any StudyWithCommands)?.commands ?? [] }
        )
    }

    /// Those that a sweep file may name, a line each.
    private static var studies: String {
        let studies = Ablate.catalogue.studies
        let width = studies.map(\.name.count).max() ?? 0
        return studies.map {
            "  \($0.name.padding(toLength: width))  \($0.summary)"
        }.joined(separator: "\n")
    }
}
