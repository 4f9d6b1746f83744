import AblateCommands
import CommandStudy
import MCSimCLRCommands
import MCSimCLRStudy

Ablate.main(studies: [BuiltinStudy(), ProgramStudy()])
