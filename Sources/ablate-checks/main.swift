import AblateChecks
import NeuralNetwork

NumericBackend.chooseKernels()
Checks.main()
