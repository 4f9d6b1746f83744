import ArgumentParser

struct AblateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ablate",
        abstract: "Ablation studies of self-supervised spatial sound representations.",
        discussion: """
            One file lists what to vary; ablate trains MC-SimCLR for each combination and seed, \
            keeps every figure in SQLite and prints the comparison table.

            EXAMPLE
              ablate plan sweeps/quickstart.yaml
              ablate run sweeps/quickstart.yaml
            """,
        version: BuildName.current,
        subcommands: [
            PlanCommand.self, RunCommand.self, StatusCommand.self, TableCommand.self,
            HistoryCommand.self,
            ReportCommand.self, WhyCommand.self, CompareCommand.self, DiffCommand.self,
            AdviseCommand.self,
            LogsCommand.self, MergeCommand.self, DeleteCommand.self, CollectCommand.self,
            SettingsCommand.self,
            DataCommand.self, SimulateCommand.self, FeaturesCommand.self, EmbedCommand.self,
            BenchCommand.self, TortureCommand.self, TortureWorkerCommand.self,
            FuzzCommand.self, FuzzWorkerCommand.self, PhysicsCommand.self,
        ])
}
