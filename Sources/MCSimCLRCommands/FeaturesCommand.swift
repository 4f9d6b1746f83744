import AblateCommands
import ArgumentParser
import AudioFeatures
import Foundation
import MCSimCLRStudy
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

            EXAMPLE
              ablate features scene.wav --plot
              ablate features scene.wav -o scene.npy
              python3 -c 'import numpy; print(numpy.load("scene.npy").shape)'
            """)

    @Argument(help: "A sound file with two channels or more.")
    var recording: String

    @Option(help: "Mel bands, and lags.")
    var bins = 64

    @Option(help: "Distance between lags, in samples at 16 kHz.")
    var lagSpacing = 0.25

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
        try OptionRange.check("--bins", bins, 8...256)
        try OptionRange.check("--lag-spacing", lagSpacing, 0.01...4)
    }

    func run() throws {
        try OutputFile.check(output, isNoneOf: [recording])
        RecordingWarning.write(of: [recording])
        var settings = FeatureSettings()
        settings.melBands = bins
        settings.lags = bins
        settings.lagSpacing = lagSpacing
        let channels = try ClipReader(sampleRate: settings.sampleRate)
            .loadChannels(URL(fileURLWithPath: recording))
        guard channels.count > 1 else {
            throw RecordingError.tooFewChannels(path: recording, channels: channels.count)
        }
        let samples = channels[0].count
        let frames = settings.frames(samples: samples)
        guard frames > 0 else {
            throw RecordingError.recordingTooShort(
                path: recording, samples: samples, needed: settings.fftLength)
        }
        let extractor = try FeatureExtractor(settings, microphones: channels.count)
        let shape = [settings.channels(microphones: channels.count), frames, settings.bins]
        let maps = extractor(channels.flatMap { $0 }, sampleCount: samples)
        if let output {
            try NumPyFile.write(maps, shape: shape, to: URL(fileURLWithPath: output))
            Console.write(
                "\(output): [\(shape.map(String.init).joined(separator: ", "))], \(channels.count) "
                    + "log-mel and \(shape[0] - channels.count) GCC-PHAT maps\n")
        }
        guard let drawing = plot?.url(output: output ?? recording, what: "maps") else { return }
        let truth = SceneTruth(beside: URL(fileURLWithPath: recording))
        let figure = FeatureFigure(
            maps, frames: frames, settings: settings, microphones: channels.count, truth: truth)
        try FigureWriter.write(figure.panels, to: drawing)
        let pairs = figure.pairs.count == 1 ? "1 pair" : "\(figure.pairs.count) pairs"
        let lines =
            truth?.microphones == channels.count ? ", with the lags of the ground truth" : ""
        Console.write("\(drawing.relativePath): \(pairs)\(lines)\n")
    }
}
