import Acoustics
import AudioFeatures
import Digests
import Foundation
import Randomness
import ResultsStore
import SoundData
import Studies
import Sweeps
import Synchronization

/// A recording of a sweep's banks: where it was made, what the microphones heard, what the network sees.
struct ClipExhibition {
    static let name = "clip"
    private let sweep: ExhibitedSweep

    init(_ sweep: ExhibitedSweep) { self.sweep = sweep }

    /// Recordings that a person may choose from.
    private static let mostRecordings = 5000
    /// GCC maps that are drawn.
    private static let mostPairs = 6
    /// Log-mel maps that are drawn.
    private static let mostMicrophones = 8

    /// Nil where no bank is there.
    func exhibition() throws -> Exhibition? {
        let trials = try sweep.firstTrials()
        guard let first = trials.first, let bank = try? bank(.testScenes, of: first.digest) else {
            return nil
        }
        let recordings = bank.recordings.indices.prefix(Self.mostRecordings).map { number in
            Exhibition.Choice.Option(
                "\(number)", "\(number + 1): \(Self.names(number, bank).joined(separator: " + "))")
        }
        let rows = trials.map { Exhibition.Choice.Option("\($0.row)", $0.label) }
        return Exhibition(
            Self.name, title: "A recording",
            choices: [
                .init("row", "rooms of", rows),
                .init("split", "from", [.init("test", "the test"), .init("training", "training")]),
                .init("recording", "number", recordings),
            ])
    }

    func exhibits(_ request: ExhibitRequest) throws -> [Exhibit] {
        let (bank, number, stage) = try chosen(request)
        let recording = bank.recordings[number]
        // The bank's array: that of a file of rooms is in no setting.
        let payload = try StagePayload(decoding: stage.payload, kind: stage.kind)
        let settings = TrialSettings(
            TrialSchema.schema.completeTrial(payload.settings), array: bank.settings.array)
        return [
            Exhibit("Recording \(number + 1)", .facts(facts(number, bank))),
            plan(recording, bank),
            Exhibit(
                "What the microphones heard",
                caption: "Brought to full scale. With earphones the first is heard from its place.",
                .sounds(sounds(bank))),
        ] + (try maps(number, bank, settings.features))
    }

    func sound(_ number: Int, _ request: ExhibitRequest) throws -> Data? {
        let (bank, recording, _) = try chosen(request)
        let count = bank.recordings[recording].sampleCount
        let samples = bank.read(recording)
        let pair = Self.opposite(bank.microphones)
        let channels = number == 0 ? [pair.0, pair.1] : [number - 1]
        guard channels.allSatisfy((0..<bank.microphones).contains) else { return nil }
        return WaveFile.data(
            channels.map { Array(samples[$0 * count..<($0 + 1) * count]) },
            sampleRate: bank.sampleRate)
    }

    // MARK: What is chosen

    private func chosen(
        _ request: ExhibitRequest
    ) throws -> (bank: RecordingBank, recording: Int, stage: StageRecord) {
        let kind: StageKind = request.choices["split"] == "training" ? .scenes : .testScenes
        let number = request.choices["recording"].flatMap { Int($0) } ?? 0
        guard let trial = try sweep.trial(row: request.choices["row"]),
            let stage = try sweep.stage(kind, of: trial)
        else { throw StudiesError.nothingToShow(sweep: sweep.record.name) }
        let bank = try bank(kind, of: trial)
        guard !bank.recordings.isEmpty else {
            throw StudiesError.nothingToShow(sweep: sweep.record.name)
        }
        return (bank, max(0, min(number, bank.recordings.count - 1)), stage)
    }

    private func bank(_ kind: StageKind, of trial: Digest) throws -> RecordingBank {
        guard let stage = try sweep.stage(kind, of: trial) else {
            throw StudiesError.nothingToShow(sweep: sweep.record.name)
        }
        return try RecordingBank.open(
            sweep.layout.bank(stage.digest), expecting: nil, verifyingSamples: false)
    }

    private static func names(_ recording: Int, _ bank: RecordingBank) -> [String] {
        bank.recordings[recording].sources.map {
            bank.classes.indices.contains($0.label) ? bank.classes[$0.label] : "\($0.label)"
        }
    }

    private func facts(_ number: Int, _ bank: RecordingBank) -> [Exhibit.Fact] {
        let recording = bank.recordings[number]
        var facts = zip(Self.names(number, bank), recording.sources).map { name, source in
            Exhibit.Fact(
                name,
                String(
                    format: "azimuth %.1f°, elevation %.1f°, %.2f m",
                    Angle.degrees(radians: source.azimuth),
                    Angle.degrees(radians: source.elevation), source.distance))
        }
        if let time = recording.reverberationTime {
            facts.append(.init("reverberation time", String(format: "%.2f s", time)))
        }
        if let noise = recording.signalToNoise {
            facts.append(.init("signal to noise", String(format: "%.1f dB", noise)))
        }
        facts.append(.init("split", recording.split.rawValue))
        let seconds = Double(recording.sampleCount) / Double(bank.sampleRate)
        facts.append(.init("length", String(format: "%.2f s", seconds)))
        return facts
    }

    // MARK: Where it was made

    /// The room from above where it is known, else the array and the directions.
    private func plan(_ recording: Recording, _ bank: RecordingBank) -> Exhibit {
        if let scene = scene(recording, bank) { return Self.room(scene) }
        // Forward is up, as azimuths are counted.
        let places = recording.sources.map { source -> SIMD2<Double> in
            let length = source.distance * cos(source.elevation)
            return SIMD2(-sin(source.azimuth) * length, cos(source.azimuth) * length)
        }
        let reach = places.map { max(abs($0.x), abs($0.y)) }.max() ?? 1
        var sketch = Sketch(
            marks: [
                Sketch.Mark(.microphone, "array", x: 0, y: 0),
                Sketch.Mark(.reference, "0°", x: 0, y: reach),
            ], lines: [])
        for place in places { Self.add(place, heardAt: SIMD2(0, 0), "source", to: &sketch) }
        return Exhibit(
            "The array and its sources from above", caption: "Forward is up.", .sketch(sketch))
    }

    private static func room(_ scene: Scene) -> Exhibit {
        let size = scene.room.size
        let centre = SIMD2(scene.arrayPosition.x, scene.arrayPosition.y)
        let zero = centre + SIMD2(cos(scene.arrayOrientation), sin(scene.arrayOrientation)) * 0.6
        let corners: [SIMD2<Double>] = [
            SIMD2(0, 0), SIMD2(size.x, 0), SIMD2(size.x, size.y), SIMD2(0, size.y), SIMD2(0, 0),
        ]
        var sketch = Sketch(
            marks: [
                Sketch.Mark(.microphone, "array", x: centre.x, y: centre.y),
                Sketch.Mark(.reference, "0°", x: zero.x, y: zero.y),
            ],
            lines: [Sketch.Line(corners), Sketch.Line([centre, zero], isDashed: true)])
        for (index, source) in scene.sources.enumerated() {
            let name = scene.sources.count == 1 ? "source" : "source \(index + 1)"
            let place = SIMD2(source.position.x, source.position.y)
            add(place, heardAt: centre, name, to: &sketch)
        }
        return Exhibit(
            "The room from above",
            caption: String(format: "%.1f × %.1f × %.1f m.", size.x, size.y, size.z),
            .sketch(sketch))
    }

    private static func add(
        _ place: SIMD2<Double>, heardAt centre: SIMD2<Double>, _ name: String,
        to sketch: inout Sketch
    ) {
        sketch.marks.append(Sketch.Mark(.source, name, x: place.x, y: place.y))
        sketch.lines.append(Sketch.Line([centre, place], isDashed: true))
    }

    private static let dataSets = Mutex<[String: SoundDataSet]>([:])

    /// The scene as it was drawn, from the clip's name; nil for real rooms, and where the data are gone or
    /// other ones.
    private func scene(_ recording: Recording, _ bank: RecordingBank) -> Scene? {
        guard recording.reverberationTime != nil, let data = dataSet(),
            data.clips.indices.contains(recording.clip)
        else { return nil }
        var stream = Randomness.Stream(
            bank.settings.seed, "scene/\(data.clips[recording.clip].identifier)",
            recording.spatialisation)
        let scene = try? Scene.draw(
            bank.settings.scene, array: bank.settings.array, using: &stream)
        guard let scene, abs(scene.azimuth(ofSource: 0) - recording.azimuth) < 1e-9 else {
            return nil
        }
        return scene
    }

    private func dataSet() -> SoundDataSet? {
        let facts = sweep.record.facts
        guard let digest = facts["data_digest"], let text = facts["data_settings"] else {
            return nil
        }
        if let known = Self.dataSets.withLock({ $0[digest] }) { return known }
        guard
            let values = try? JSONDecoder().decode(
                [String: SettingValue].self, from: Data(text.utf8)),
            let data = try? SoundDataSet.load(DataSettings(values)),
            data.digest.description == digest
        else { return nil }
        Self.dataSets.withLock { $0 = [digest: data] }
        return data
    }

    // MARK: What is heard and seen

    /// Two microphones that are far apart.
    private static func opposite(_ microphones: Int) -> (Int, Int) {
        (0, microphones == 2 ? 1 : microphones / 2)
    }

    private func sounds(_ bank: RecordingBank) -> [String] {
        let pair = Self.opposite(bank.microphones)
        return ["\(pair.0 + 1) and \(pair.1 + 1), stereo"]
            + (1...bank.microphones).map { "microphone \($0)" }
    }

    private func maps(
        _ number: Int, _ bank: RecordingBank, _ features: FeatureSettings
    ) throws -> [Exhibit] {
        let count = bank.recordings[number].sampleCount
        let frames = features.frames(samples: count)
        guard frames > 0 else { return [] }
        let maps = try FeatureExtractor(features, microphones: bank.microphones)(
            bank.read(number), sampleCount: count)
        let bins = features.bins
        func values(_ channel: Int) -> [[Float]] {
            (0..<bins).map { bin in
                (0..<frames).map { maps[(channel * frames + $0) * bins + bin] }
            }
        }
        let seconds = Double(count) / Double(bank.sampleRate)
        let mels = (0..<min(bank.microphones, Self.mostMicrophones)).map { microphone in
            Exhibit(
                "Log-mel map, microphone \(microphone + 1)",
                .map(
                    HeatMap(
                        values(microphone), unit: "dB", x: ("time (s)", 0...seconds),
                        y: ("band", 1...Double(bins)))))
        }
        let lag = features.lagValues.last ?? 0
        let pairs = MicrophonePairs.all(bank.microphones).prefix(Self.mostPairs).enumerated().map {
            index, pair in
            Exhibit(
                "GCC-PHAT map, microphones \(pair.0 + 1) and \(pair.1 + 1)",
                .map(
                    HeatMap(
                        values(bank.microphones + index), unit: "",
                        x: ("time (s)", 0...seconds), y: ("lag (samples)", -lag...lag))))
        }
        return mels + pairs
    }
}
