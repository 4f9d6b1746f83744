import Acoustics
import AudioFeatures
import Foundation
import MCSimCLRStudy
import Randomness
import Reports
import Studies
import TestSupport
import Testing

@Suite("Drawings of scenes and features")
struct SceneFigureTests {
    static let array = MicrophoneArray.circular(count: 4, diameter: 0.1)

    static func scene(azimuth: Double, seed: UInt64 = 5) throws -> Scene {
        var settings = SceneSettings()
        settings.reverberationTime = 0.2...0.2
        var stream = Stream(seed, "scene figure")
        var scene = try Scene.draw(settings, array: array, using: &stream)
        scene.arrayOrientation += scene.azimuth(ofSource: 0) - azimuth * .pi / 180
        return scene
    }

    /// Maps of a second of noise in a scene.
    static func maps(_ scene: Scene) throws -> (values: [Float], frames: Int) {
        var noise = Stream(6, "scene figure noise")
        let dry = (0..<16_000).map { _ in Float(noise.normal()) }
        let recording = try SceneRenderer(array: array, sampleRate: 16_000)
            .render([dry], scene: scene, sampleCount: 16_000, noise: &noise)
        let settings = FeatureSettings()
        let extractor = try FeatureExtractor(settings, microphones: 4)
        return (
            extractor(recording.samples, sampleCount: 16_000), settings.frames(samples: 16_000)
        )
    }

    @Test(
        "the ridge of each pair lies at the lag that the ground truth says, within half a sample",
        arguments: [0.0, 60, 135, -100])
    func ridges(azimuth: Double) throws {
        let scene = try Self.scene(azimuth: azimuth)
        let truth = SceneTruth(scene, array: Self.array, gain: 1)
        #expect(abs(truth.azimuthDegrees - azimuth) < 1e-9)
        let (maps, frames) = try Self.maps(scene)
        let settings = FeatureSettings()
        for (index, pair) in MicrophonePairs.all(4).enumerated() {
            var means = [Double](repeating: 0, count: settings.bins)
            for frame in 0..<frames {
                for bin in 0..<settings.bins {
                    means[bin] += Double(maps[((4 + index) * frames + frame) * settings.bins + bin])
                }
            }
            let best = means.indices.max { means[$0] < means[$1] }!
            let expected = truth.lags(pair, source: 0, times: [0], sampleRate: 16_000)[0].y
            #expect(abs(settings.lagValues[best] - expected) < 0.5, "pair \(pair)")
        }
    }

    @Test("the truth comes back from its file, and a file that says something else is no truth")
    func truthFile() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "ablate-truth-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let recording = folder.appending(path: "scene.wav")
        #expect(SceneTruth(beside: recording) == nil)
        var scene = try Self.scene(azimuth: 60)
        scene.sources[0].trajectory = .line(velocity: SIMD3(0.1, 0, 0), duration: 1)
        let truth = SceneTruth(scene, array: Self.array, gain: 0.5)
        try truth.write(to: SceneTruth.file(beside: recording))
        #expect(SceneTruth(beside: recording) == truth)
        try Data("{\"label\": 3}".utf8).write(to: SceneTruth.file(beside: recording))
        #expect(SceneTruth(beside: recording) == nil)
    }

    @Test("a moving source has a lag that moves")
    func movingLag() throws {
        var scene = try Self.scene(azimuth: 90)
        let centre = SIMD3(scene.arrayPosition.x, scene.arrayPosition.y, 0)
        scene.sources[0].trajectory = .arc(centre: centre, angularSpeed: .pi, duration: 1)
        let lags = SceneTruth(scene, array: Self.array, gain: 1)
            .lags((1, 3), source: 0, times: [0, 0.5, 1], sampleRate: 16_000).map(\.y)
        // Microphone 2 is at the source's side first, microphone 4 in the end.
        #expect(lags[0] < -0.5 && lags[2] > 0.5 && abs(lags[0] + lags[2]) < 1e-6)
    }

    @Test("room, array and decay are drawn inside their axes, with the time read off")
    func sceneFigure() throws {
        for seed in UInt64(1)...6 {
            let scene = try Self.scene(azimuth: 60, seed: seed)
            let response = try SceneRenderer(array: Self.array, sampleRate: 16_000)
                .impulseResponses(scene, source: 0)
            let figure = SceneFigure(scene, array: Self.array)
                .panels(response: response.channel(0), sampleRate: 16_000)
            #expect(figure.panels.count == 3)
            let title = figure.panels[2].title
            #expect(title.contains("RT60 0.20 s asked for") && title.contains("read off"))
            let room = figure.panels[0]
            // The plan is to scale.
            let across = room.xAxis.range.upperBound / room.frame.width
            #expect(abs(across - room.yAxis.range.upperBound / room.frame.height) < 1e-9)
            for case .text(let text, let place, _, _) in room.layers where text != "0°" {
                let isInside =
                    room.xAxis.range.contains(place.x) && room.yAxis.range.contains(place.y)
                #expect(isInside, "\(text) with seed \(seed)")
            }
        }
    }

    @Test(
        "in a drawing of a scene or of features no text lies upon another, or beyond the page",
        arguments: [60.0, -20, 100, 180, 5])
    func drawnTexts(azimuth: Double) throws {
        let folder = try TemporaryFolder()
        for seed in UInt64(1)...3 {
            let scene = try Self.scene(azimuth: azimuth, seed: seed)
            let response = try SceneRenderer(array: Self.array, sampleRate: 16_000)
                .impulseResponses(scene, source: 0)
            let (maps, frames) = try Self.maps(scene)
            let drawings = [
                SceneFigure(scene, array: Self.array)
                    .panels(response: response.channel(0), sampleRate: 16_000),
                FeatureFigure(
                    maps, frames: frames, settings: FeatureSettings(), microphones: 4,
                    truth: SceneTruth(scene, array: Self.array, gain: 1)
                ).panels,
            ]
            for (index, drawing) in drawings.enumerated() {
                let file = folder.url.appending(path: "drawing.svg")
                try FigureWriter.write(drawing, to: file)
                let svg = try String(contentsOf: file, encoding: .utf8)
                #expect(DrawnText.all(in: svg).count > 20)
                #expect(
                    DrawnText.faults(in: svg) == [],
                    "drawing \(index), azimuth \(azimuth), seed \(seed)")
            }
        }
    }

    @Test("features have a map for one microphone, and a map and its mean for each pair")
    func featureFigure() throws {
        let scene = try Self.scene(azimuth: 60)
        let (maps, frames) = try Self.maps(scene)
        let truth = SceneTruth(scene, array: Self.array, gain: 1)
        func figure(_ truth: SceneTruth?) -> PanelFigure {
            FeatureFigure(
                maps, frames: frames, settings: FeatureSettings(), microphones: 4, truth: truth
            ).panels
        }
        #expect(figure(truth).panels.count == 1 + 2 * 6)
        // A map, then the line; without the truth, or with that of another array, the map alone.
        #expect(figure(truth).panels[1].layers.count == 2)
        #expect(figure(nil).panels[1].layers.count == 1)
        var other = truth
        other.microphonePositions.removeLast()
        #expect(figure(other).panels[1].layers.count == 1)
        for panel in figure(truth).panels {
            #expect(panel.frame.x + panel.frame.width < 640)
        }
    }

    @Test("long recordings are averaged to as many columns as can be seen")
    func longRecording() {
        let frames = 5000
        let settings = FeatureSettings()
        let maps = [Float](repeating: 1, count: 3 * frames * settings.bins)
        let figure = FeatureFigure(maps, frames: frames, settings: settings, microphones: 2)
        guard case .map(let map)? = figure.panels.panels[0].layers.first else {
            Issue.record("no map")
            return
        }
        #expect(map.columns == 1000)
        #expect(map.values.allSatisfy { abs($0 - 1) < 1e-5 })
    }

    @Test("arrays with too many pairs show those of the first microphone")
    func manyPairs() {
        let settings = FeatureSettings()
        func pairs(_ microphones: Int) -> [(Int, Int)] {
            let channels = settings.channels(microphones: microphones)
            return FeatureFigure(
                [Float](repeating: 0, count: channels * settings.bins), frames: 1,
                settings: settings, microphones: microphones
            ).pairs
        }
        #expect(pairs(8).count == 28)
        #expect(pairs(16).count == 15 && pairs(16).allSatisfy { $0.0 == 0 })
    }
}
