import AblateCommands
import ArgumentParser
import AudioFeatures
import Foundation
import MCSimCLR
import MCSimCLRStudy
import Platform
import Reports
import SoundData
import Studies

/// `ablate features`
struct FeaturesCommand: ParsableCommand, WorkingCommand {
    static let configuration = CommandConfiguration(
        commandName: "features",
        abstract:
            "Write the feature maps of a multichannel recording as a .npy file, or draw them.",
        discussion: """
            Shape [channels, frames, bins]: a log-mel map (dB) for each microphone, then a GCC-PHAT \
            map for each pair of microphones, 64 lags of a quarter sample about zero. Not normalised.

            With --checkpoint, or --sweep and --row, the maps are those that this encoder sees: its bands, lags and \
            pooling, at the level of its training, normalised (those that are drawn are in their own units).

            EXAMPLE
              ablate features scene.wav --plot
              ablate features scene.wav -o scene.npy
              ablate features scene.wav --sweep quickstart --row all -o seen.npy
              python3 -c 'import numpy; print(numpy.load("scene.npy").shape)'
            """)

    @Argument(help: "A sound file with two channels or more.")
    var recording: String

    @Option(help: "Mel bands, and lags (default: 64).")
    var bins: Int?

    @Option(help: "Distance between lags, in samples at 16 kHz (default: 0.25).")
    var lagSpacing: Double?

    @Option(help: "An encoder (.safetensors) whose maps are wanted.", completion: .file())
    var checkpoint: String?

    @Option(
        help: "A sweep that has trained the encoder whose maps are wanted.",
        completion: Completions.ofSweeps)
    var sweep: String?

    @Option(help: "Its row.", completion: Completions.ofRows)
    var row: String?

    @OptionGroup var results: ResultsOptions

    @Option(name: .shortAndLong, help: "The .npy file to write.")
    var output: String?

    @Option(
        defaultAsFlag: PlotFile.besideOutput,
        help:
            "Draw the maps (.svg, .pdf, .png), with the lags of the ground truth beside RECORDING.")
    var plot: PlotFile?

    func validate() throws {
        guard output != nil || plot != nil else {
            throw ValidationError("name a file to write with -o, or draw the maps with --plot")
        }
        try plot?.validate()
        // The bounds of a sweep's mel_bands and lag_spacing.
        if let bins { try OptionRange.check("--bins", bins, 8...256) }
        if let lagSpacing { try OptionRange.check("--lag-spacing", lagSpacing, 0.01...4) }
        guard (sweep == nil) == (row == nil), sweep == nil || checkpoint == nil else {
            throw ValidationError(
                "an encoder is named by --checkpoint FILE, or by --sweep NAME and --row LABEL")
        }
        if checkpoint != nil || sweep != nil, bins != nil || lagSpacing != nil {
            throw ValidationError(
                "an encoder has bands and lags of its own: leave --bins and --lag-spacing out")
        }
        try OutputFile.check(output, isKind: "npy")
    }

    private func encoder() throws -> EncoderCheckpoint? {
        if let checkpoint {
            return try EncoderCheckpoint(readingFrom: URL(fileURLWithPath: checkpoint))
        }
        guard let sweep, let row else { return nil }
        return try TrainedEncoder(
            row: row, seed: nil, of: SweepName.resolve(sweep), in: results.reading, results.layout
        ).checkpoint
    }

    func run() throws {
        try OutputFile.check(output, isNoneOf: [recording, checkpoint].compactMap(\.self))
        let encoder = try encoder()
        RecordingWarning.write(of: [recording])
        var settings = encoder?.features ?? FeatureSettings()
        if let bins { (settings.melBands, settings.lags) = (bins, bins) }
        if let lagSpacing { settings.lagSpacing = lagSpacing }
        let channels = try ClipReader(sampleRate: settings.sampleRate)
            .loadChannels(URL(fileURLWithPath: recording))
        guard channels.count > 1 else {
            throw RecordingError.tooFewChannels(path: recording, channels: channels.count)
        }
        if let encoder, encoder.microphones != channels.count {
            throw RecordingError.channelMismatch(
                path: recording, channels: channels.count, microphones: encoder.microphones)
        }
        let samples = channels[0].count
        let frames = settings.frames(samples: samples)
        guard frames > 0 else {
            throw RecordingError.recordingTooShort(
                path: recording, samples: samples, needed: settings.fftLength)
        }
        let extractor = try FeatureExtractor(settings, microphones: channels.count)
        let shape = [settings.channels(microphones: channels.count), frames, settings.bins]
        let planar = channels.flatMap { $0 }
        let maps = extractor(planar, sampleCount: samples)
        if let output {
            try NumPyFile.write(
                try encoder?.maps(of: planar) ?? maps, shape: shape,
                to: URL(fileURLWithPath: output))
            Console.write(
                "\(output): [\(shape.map(String.init).joined(separator: ", "))], \(channels.count) "
                    + "log-mel and \(shape[0] - channels.count) GCC-PHAT maps"
                    + (encoder == nil ? "" : ", as the encoder sees them") + "\n")
        }
        guard let drawing = plot?.url(output: output ?? recording, what: "maps") else { return }
        let truth = SceneTruth(beside: URL(fileURLWithPath: recording))
        let figure = FeatureFigure(
            maps, frames: frames, settings: settings, microphones: channels.count, truth: truth)
        try FigureWriter.write(figure.panels, to: drawing)
        let pairs = Count.text(figure.pairs.count, "pair")
        let lines =
            truth?.microphones == channels.count ? ", with the lags of the ground truth" : ""
        Console.write("\(drawing.relativePath): \(pairs)\(lines)\n")
    }
}
