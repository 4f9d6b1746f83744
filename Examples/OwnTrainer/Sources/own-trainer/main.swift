import AblateCommands
import SoftmaxTrainer

Ablate.main(studies: [SoftmaxStudy()])
