import ArgumentParser
import AudioFeatures
import Foundation
import MCSimCLR
import NeuralNetwork
import SoundData

/// `ablate embed`
struct EmbedCommand: ParsableCommand, WorkingCommand {
    static let configuration = CommandConfiguration(
        commandName: "embed",
        abstract: "Write the representation of multichannel recordings as a .npy file.",
        discussion: """
            Shape [recordings, embedding], in the order given. Checkpoints lie in \
            results/cache/encoders.

            EXAMPLE
              ablate embed results/cache/encoders/DIGEST.safetensors a.wav b.wav -o embeddings.npy
            """)

    @Argument(help: "A checkpoint of a pretrained encoder (.safetensors).")
    var checkpoint: String

    @Argument(help: "Recordings with as many channels as the encoder was trained for.")
    var clips: [String]

    @Option(name: .shortAndLong, help: "The .npy file to write.")
    var output: String

    func run() throws {
        let checkpoint = try EncoderCheckpoint(
            readingFrom: URL(fileURLWithPath: checkpoint))
        let reader = ClipReader(sampleRate: checkpoint.features.sampleRate)
        var embeddings: [Float] = []
        for clip in clips {
            let channels = try reader.loadChannels(URL(fileURLWithPath: clip))
            guard channels.count == checkpoint.microphones else {
                throw CommandError.channelMismatch(
                    path: clip, channels: channels.count, microphones: checkpoint.microphones)
            }
            embeddings += try checkpoint.embedding(
                of: channels.flatMap { $0 }, sampleCount: channels[0].count)
        }
        let shape = [clips.count, checkpoint.encoder.configuration.embeddingSize]
        try NumPyFile.write(embeddings, shape: shape, to: URL(fileURLWithPath: output))
        Console.write("\(output): [\(shape[0]), \(shape[1])]\n")
    }
}
