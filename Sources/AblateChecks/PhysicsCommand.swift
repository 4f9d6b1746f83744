import AblateCommands
import Acoustics
import ArgumentParser
import Foundation

/// `ablate-checks physics`: what `make check-physics` needs computed here.
struct PhysicsCommand: ParsableCommand, WorkingCommand {
    static let configuration = CommandConfiguration(
        commandName: "physics", abstract: "Measure rooms, features and directions against physics.",
        shouldDisplay: false, subcommands: [Measure.self, Responses.self])

    /// Figures with their bounds, as JSON.
    struct Measure: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print figures and bounds as JSON.")

        @Option(help: "Scenes for each figure.")
        var scenes = 200

        @Option(help: "Head-related impulse responses: two channels for each of 360 degrees.")
        var head: String?

        @Option(help: "The same head as a SOFA file.")
        var headSofa: String?

        func validate() throws {
            try OptionRange.check("--scenes", scenes, 10...100_000)
        }

        func run() throws {
            var figures = try head.map { try PhysicsReport.head(URL(fileURLWithPath: $0)) } ?? []
            if let head, let headSofa {
                figures += try PhysicsReport.head(
                    URL(fileURLWithPath: head), asSOFA: URL(fileURLWithPath: headSofa))
            }
            figures += try PhysicsReport.rooms(scenes: scenes)
            figures += try PhysicsReport.hybrid(scenes: scenes)
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            Console.write(String(decoding: try encoder.encode(figures), as: UTF8.self) + "\n")
        }
    }

    /// The impulse responses of scenes that another program has drawn, for the same images.
    struct Responses: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write impulse responses of given scenes as 32-bit floats.")

        @Argument(help: "Scenes: size, absorption, order, source, centre, microphones, samples.")
        var scenes: String

        @Argument(help: "The file to write: scene by scene, microphone by microphone.")
        var output: String

        private struct GivenScene: Decodable {
            var size: SIMD3<Double>
            var absorption: Double
            var order: Int
            var source: SIMD3<Double>
            var centre: SIMD3<Double>
            var microphones: [SIMD3<Double>]
            var samples: Int
        }

        func run() throws {
            let data = try Data(contentsOf: URL(fileURLWithPath: scenes))
            var bytes = Data()
            for given in try JSONDecoder().decode([GivenScene].self, from: data) {
                let array = MicrophoneArray(positions: given.microphones.map { $0 - given.centre })
                let scene = Scene(
                    room: try ShoeboxRoom(size: given.size, absorption: given.absorption),
                    arrayPosition: given.centre, sources: [PlacedSource(position: given.source)])
                let responses = try SceneRenderer(array: array, sampleRate: 16_000, highPass: nil)
                    .impulseResponses(scene, at: given.source, set: .order(given.order))
                for channel in array.positions.indices {
                    var samples = Array(responses.channel(channel).prefix(given.samples))
                    samples += [Float](repeating: 0, count: given.samples - samples.count)
                    samples.withUnsafeBytes { bytes.append(contentsOf: $0) }
                }
            }
            try bytes.write(to: URL(fileURLWithPath: output), options: .atomic)
        }
    }
}
