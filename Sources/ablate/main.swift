import AblateCommands
import MCSimCLRCommands
import MCSimCLRStudy

Ablate.main(studies: [BuiltinStudy()])
