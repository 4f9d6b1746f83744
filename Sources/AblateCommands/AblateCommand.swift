import ArgumentParser
import Studies

struct AblateCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "ablate",
            abstract: "Ablation studies of self-supervised spatial sound representations.",
            discussion: """
                One file lists what to vary; ablate trains MC-SimCLR for each combination and seed, \
                keeps every figure in SQLite and prints the comparison table.

                EXAMPLE
                  ablate plan sweeps/quickstart.yaml
                  ablate run sweeps/quickstart.yaml
                """,
            version: BuildName.current(Ablate.catalogue.standard),
            subcommands: [any ParsableCommand.Type]([
                PlanCommand.self, RunCommand.self, StatusCommand.self, TableCommand.self,
                HistoryCommand.self,
                ReportCommand.self, WhyCommand.self, CompareCommand.self, DiffCommand.self,
                AdviseCommand.self,
                LogsCommand.self, MergeCommand.self, DeleteCommand.self, CollectCommand.self,
                SettingsCommand.self,
            ]) + Ablate.catalogue.studies.flatMap { ($0 as? any StudyWithCommands)?.commands ?? [] }
        )
    }
}
