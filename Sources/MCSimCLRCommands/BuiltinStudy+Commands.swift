public import AblateCommands
public import ArgumentParser
public import MCSimCLRStudy

/// What MC-SimCLR adds to the program: looks at its data, rooms, maps and embeddings.
extension BuiltinStudy: StudyWithCommands {
    public var commands: [any ParsableCommand.Type] {
        [
            DataCommand.self, SimulateCommand.self, FeaturesCommand.self, EmbedCommand.self,
            EncoderCommand.self, ReadRoomsCommand.self,
        ]
    }

    public var exports: [any ParsableCommand.Type] { [ExportBankCommand.self] }
}
