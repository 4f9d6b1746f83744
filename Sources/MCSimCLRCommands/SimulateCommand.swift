import AblateCommands
public import Acoustics
public import ArgumentParser
import Foundation
import MCSimCLRStudy
import Platform
import Randomness
import Reports
import SoundData
import Studies

/// `ablate simulate`
struct SimulateCommand: ParsableCommand, WorkingCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Place a clip in a simulated room and write what the microphones hear.",
        discussion: """
            Writes the array's channels and, beside them, a JSON file with the ground truth. \
            Azimuth: 0 straight ahead (x), counter-clockwise, in degrees.

            EXAMPLE
              ablate simulate clip.wav --azimuth 60 --rt60 0.6 -o scene.wav --plot
            """)

    @Argument(help: "A sound file (wav, flac, ogg).")
    var clip: String

    @Option(parsing: .unconditional, help: "Direction of the source, in degrees.")
    var azimuth = 0.0

    @Option(
        parsing: .unconditional,
        help: "Height of the source as an angle above the array, in degrees (default: drawn).")
    var elevation: Double?

    @Option(help: "Reverberation time of the room, in seconds.")
    var rt60 = 0.3

    @Option(help: "Microphones on the circle.")
    var microphones = 4

    @Option(help: "Diameter of the circle, in metres.")
    var diameter = 0.1

    @Option(parsing: .unconditional, help: "Level of the sound above the sensor noise, in dB.")
    var snr = 30.0

    @Option(help: "Distance of the source, in metres (default: drawn between 0.5 and 3).")
    var distance: Double?

    @Option(help: "images: every image source; hybrid: early images and a diffuse tail.")
    var method: SimulationMethod = .images

    @Option(help: "Length of the recording, in seconds (default: the clip's, with the decay).")
    var seconds: Double?

    @Option(help: "Seed of room, place and noise.")
    var seed: UInt64 = 0

    @Option(name: .shortAndLong, help: "The file to write (.wav, .flac).")
    var output: String

    @Option(
        defaultAsFlag: PlotFile.besideOutput,
        help: "Draw room, array and impulse response (.svg, .pdf, .png).")
    var plot: PlotFile?

    func validate() throws {
        guard SoundFile.canWrite(output) else {
            throw ValidationError(
                "--output is '\(output)', but must end in "
                    + SoundFile.endings.map { ".\($0)" }.joined(separator: ", "))
        }
        try plot?.validate()
        try OptionRange.check("--azimuth", azimuth, -3600...3600)
        try OptionRange.check("--elevation", elevation, -90...90)
        try OptionRange.check("--rt60", rt60, 0.01...10)
        try OptionRange.check("--microphones", microphones, 1...64)
        try OptionRange.check("--diameter", diameter, 0...10)
        try OptionRange.check("--snr", snr, -60...200)
        try OptionRange.check("--distance", distance, 0.05...100)
        guard seconds.map({ $0 * 16_000 >= 1 && $0 <= 3600 }) ?? true else {
            throw ValidationError(
                "--seconds is \(seconds ?? 0), but must be one sample (1/16000) at least, and at most "
                    + "3600")
        }
    }

    func run() throws {
        try OutputFile.check(output, isNoneOf: [clip])
        RecordingWarning.write(of: [clip])
        let sampleRate = 16_000
        let dry = try ClipReader(sampleRate: sampleRate).load(URL(fileURLWithPath: clip))
        let array = MicrophoneArray.circular(count: microphones, diameter: diameter)
        let scene = try makeScene(array)
        let sampleCount = Int((seconds ?? Double(dry.count) / 16_000 + rt60) * Double(sampleRate))
        var noise = Stream(seed, "simulate noise")
        let renderer = SceneRenderer(array: array, sampleRate: sampleRate)
        let signal = try renderer.render(
            [dry], scene: scene, sampleCount: sampleCount, noise: &noise)
        let peak = signal.samples.reduce(0) { max($0, abs($1)) }
        // Written at full scale less 1 dB: rooms make sounds louder or softer by tens of decibels.
        let gain = peak > 0 ? 0.89 / peak : 1
        let file = URL(fileURLWithPath: output)
        try SoundFile.write(
            signal.samples.map { $0 * gain }, channels: microphones, sampleRate: sampleRate,
            to: file)
        let truth = SceneTruth.file(beside: file)
        try SceneTruth(scene, array: array, gain: gain).write(to: truth)
        Console.write(
            "\(file.relativePath): \(Count.text(microphones, "channel")), \(Count.text(sampleCount, "sample"))\n"
        )
        Console.write("\(truth.relativePath): ground truth (\(Self.place(of: scene)))\n")
        guard let drawing = plot?.url(output: output, what: "room") else { return }
        let response = try renderer.impulseResponses(scene, source: 0)
        let figure = SceneFigure(scene, array: array)
            .panels(response: response.channel(0), sampleRate: sampleRate)
        try FigureWriter.write(figure, to: drawing)
        Console.write("\(drawing.relativePath): room, array, impulse response\n")
    }

    private func makeScene(_ array: MicrophoneArray) throws -> Scene {
        var settings = SceneSettings()
        settings.reverberationTime = rt60...rt60
        settings.signalToNoise = snr...snr
        settings.method = method
        if let distance { settings.sourceDistance = distance...distance }
        var stream = Stream(seed, "simulate scene")
        var scene = try Scene.draw(settings, array: array, using: &stream)
        // The drawn direction becomes the one asked for by turning the array, not by moving the source.
        scene.arrayOrientation += scene.azimuth(ofSource: 0) - azimuth * .pi / 180
        if let elevation {
            scene.sources[0].position = scene.position(
                elevation: elevation * .pi / 180, ofSource: 0)
            guard scene.room.contains(scene.sources[0].position) else {
                throw RecordingError.sourceOutsideRoom(
                    elevation: elevation, distance: scene.distance(ofSource: 0),
                    height: scene.room.size.z, arrayHeight: scene.arrayPosition.z)
            }
        }
        return scene
    }

    /// Where the source is, for a person.
    private static func place(of scene: Scene) -> String {
        String(
            format: "azimuth %.1f°, elevation %.1f°, distance %.2f m",
            Angle.degrees(radians: scene.azimuth(ofSource: 0)),
            Angle.degrees(radians: scene.elevation(ofSource: 0)), scene.distance(ofSource: 0))
    }
}

extension SimulationMethod: ExpressibleByArgument {}

extension Scene {
    /// Where a source would be at another elevation, as far from the array and in the same azimuth.
    ///
    /// Units: radians; metres from the room's corner.
    fileprivate func position(elevation: Double, ofSource source: Int) -> SIMD3<Double> {
        let azimuth = azimuth(ofSource: source) + arrayOrientation
        let distance = distance(ofSource: source)
        let level = SIMD3(cos(azimuth), sin(azimuth), 0) * cos(elevation)
        return arrayPosition + (level + SIMD3(0, 0, sin(elevation))) * distance
    }
}
