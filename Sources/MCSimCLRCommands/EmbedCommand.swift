import AblateCommands
import ArgumentParser
import AudioFeatures
import Foundation
import MCSimCLR
import MCSimCLRStudy
import NeuralNetwork
import Reports
import ResultsStore
import SoundData
import Studies

/// `ablate embed`
struct EmbedCommand: ParsableCommand, WorkingCommand {
    static let configuration = CommandConfiguration(
        commandName: "embed",
        abstract: "Write the representation of multichannel recordings as a .npy file.",
        discussion: """
            As the linear probe sees them: each recording is brought to the mean level of the \
            training, and the embeddings of up to four patches spread over it are averaged. Shape \
            [recordings, embedding], in the order given. The encoder is a file, or a sweep and a row of it.

            With --predict, prints the class and the direction (0 straight ahead, \
            counter-clockwise, in degrees) that the heads of this encoder's probe say, one for each \
            track; for each patch where the probe judged patches. The heads are in the results' \
            database.

            EXAMPLE
              ablate embed results/cache/encoders/DIGEST.safetensors a.wav -o a.npy
              ablate embed leave-one-out all a.wav --predict
            """)

    @Argument(
        help: ArgumentHelp(
            "An encoder: a file (.safetensors), or a sweep and a row of it.", valueName: "encoder"),
        completion: Completions.ofSweeps)
    var encoder: String

    @Argument(
        help: ArgumentHelp(
            "Recordings with as many channels as the encoder was trained for; before them the row, where a "
                + "sweep is named.", valueName: "recordings"))
    var words: [String]

    @Option(
        name: .long, help: "Of a sweep's row the seed (default: the first whose encoder is there).")
    var seed: Int?

    @Option(name: .shortAndLong, help: "The .npy file to write.")
    var output: String?

    @Flag(help: "Print what the linear probe says of each recording.")
    var predict = false

    @OptionGroup var results: ResultsOptions

    func validate() throws {
        guard output != nil || predict else {
            throw ValidationError("name a file to write with -o, or ask for --predict")
        }
        if clips.isEmpty {
            throw ValidationError(
                "'\(encoder)' is no .safetensors file: name a row of that sweep, then recordings")
        }
        if isFile, seed != nil {
            throw ValidationError("--seed is for a sweep's row: a file is of one seed")
        }
        try OutputFile.check(output, isKind: "npy")
    }

    private var isFile: Bool {
        encoder.hasSuffix(".safetensors") || FileManager.default.fileExists(atPath: encoder)
    }

    private var clips: [String] { isFile ? words : Array(words.dropFirst()) }

    private func checkpoint() throws -> EncoderCheckpoint {
        if isFile { return try EncoderCheckpoint(readingFrom: URL(fileURLWithPath: encoder)) }
        return try TrainedEncoder(
            row: words[0], seed: seed, of: SweepName.resolve(encoder), in: results.reading,
            results.layout
        ).checkpoint
    }

    var keepsResults: Bool { output != nil }

    func run() throws {
        try OutputFile.check(output, isNoneOf: words + [encoder])
        let checkpoint = try checkpoint()
        let heads =
            predict
            ? try StoredHeads.find(
                checkpoint, in: ResultsStore(readingFrom: results.layout.database.path)) : nil
        RecordingWarning.write(of: clips)
        let reader = ClipReader(sampleRate: checkpoint.features.sampleRate)
        var embeddings: [Float] = []
        var lines: [String] = []
        for clip in clips {
            let channels = try reader.loadChannels(URL(fileURLWithPath: clip))
            guard channels.count == checkpoint.microphones else {
                throw RecordingError.channelMismatch(
                    path: clip, channels: channels.count, microphones: checkpoint.microphones)
            }
            let samples = channels.flatMap { $0 }
            do {
                if output != nil {
                    embeddings += try checkpoint.embedding(
                        of: samples, sampleCount: channels[0].count)
                }
                if let heads {
                    lines += try checkpoint.predictions(of: samples, heads)
                        .map { Self.line(clip, $0, classes: heads.classes) }
                }
            } catch let error as MCSimCLRError {
                throw RecordingError.notEmbeddable(path: clip, reason: error.description)
            }
        }
        if let output {
            let shape = [clips.count, checkpoint.encoder.configuration.embeddingSize]
            try NumPyFile.write(embeddings, shape: shape, to: URL(fileURLWithPath: output))
            Console.write("\(output): [\(shape[0]), \(shape[1])]\n")
        }
        for line in lines { Console.write(line + "\n") }
    }

    /// `scene.wav: piano at 41.3°, speech at -120.0°`, with the time of a patch.
    private static func line(_ clip: String, _ heard: HeardSources, classes: [String]) -> String {
        let time = heard.seconds.map { String(format: ", %.2f s", $0) } ?? ""
        let sources = heard.sources.map { source in
            let degrees = (source.azimuth * 1800 / .pi).rounded() / 10
            // No minus before a zero.
            return "\(classes[source.label]) at " + String(format: "%.1f°", degrees + 0)
        }
        return "\(clip)\(time): \(sources.joined(separator: ", "))"
    }
}
