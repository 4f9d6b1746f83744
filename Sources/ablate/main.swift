import AblateCommands
import CommandStudy
import MCSimCLRCommands
import MCSimCLRStudy
import NeuralNetwork

NumericBackend.chooseKernels()
Ablate.main(studies: [BuiltinStudy(), ProgramStudy()])
