import AblateCommands

Ablate.main(studies: [SoftmaxStudy()])
