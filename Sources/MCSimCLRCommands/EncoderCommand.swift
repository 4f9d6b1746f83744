import AblateCommands
import ArgumentParser
import Foundation
import MCSimCLR
import MCSimCLRStudy
import NeuralNetwork
import Platform
import Reports
import ResultsStore
import Studies

/// `ablate encoder`
struct EncoderCommand: ParsableCommand, WorkingCommand {
    static let configuration = CommandConfiguration(
        commandName: "encoder",
        abstract: "Write the encoder of a row as a file that stands by itself (safetensors).",
        discussion: """
            The file has the weights, what it takes to use them (features, normalisation, level), and in its \
            metadata, under model_card, what trained it: sweep, row, seed, settings, figures. \
            docs/features.md says how recordings become what it takes; Examples/load_encoder.py loads it in Python.

            EXAMPLE
              ablate encoder leave-one-out all -o encoder.safetensors
              ablate encoder leave-one-out all --seed 3 -o encoder.safetensors
            """)

    @Argument(
        help: SweepName.help, completion: Completions.ofSweeps)
    var sweep: String

    @Argument(
        help: "A row's label, as the table has it.",
        completion: Completions.ofRows)
    var row: String

    @Option(name: .long, help: "The seed (default: the first whose encoder is there).")
    var seed: Int?

    @Option(name: .shortAndLong, help: "The .safetensors file to write.")
    var output: String

    @OptionGroup var results: ResultsOptions

    func validate() throws { try OutputFile.check(output, isKind: "safetensors") }

    func run() throws {
        try OutputFile.check(output, isNoneOf: [])
        let encoder = try TrainedEncoder(
            row: row, seed: seed, of: SweepName.resolve(sweep), in: results.reading, results.layout)
        let url = URL(fileURLWithPath: output)
        try encoder.checkpoint.write(
            to: url, stage: encoder.stage.digest, card: try encoder.card)
        let configuration = encoder.checkpoint.encoder.configuration
        Console.write(
            "\(output): \(encoder.trial.label), seed \(encoder.trial.seed); "
                + "\(Count.text(encoder.checkpoint.microphones, "microphone")), embeddings of "
                + "\(configuration.embeddingSize)\n")
    }
}
