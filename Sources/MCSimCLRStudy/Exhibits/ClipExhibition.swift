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
    private static let mostRecordings = 200
    /// GCC maps that are drawn.
    private static let mostPairs = 6

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
        let settings = try StagePayload(decoding: stage.payload, kind: stage.kind).trialSettings
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
        if let scene = scene(recording, bank) {
            let size = scene.room.size
            let corners = [(0, 0), (size.x, 0), (size.x, size.y), (0, size.y), (0, 0)]
            let centre = SIMD2(scene.arrayPosition.x, scene.arrayPosition.y)
            let forward = SIMD2(cos(scene.arrayOrientation), sin(scene.arrayOrientation)) * 0.6
            let places = scene.sources.map { SIMD2($0.position.x, $0.position.y) }
            let marks =
                [Sketch.Mark(.microphone, "array", x: centre.x, y: centre.y)]
                + [.init(.reference, "0°", x: (centre + forward).x, y: (centre + forward).y)]
                + places.enumerated().map { index, place in
                    .init(
                        .source, places.count == 1 ? "source" : "source \(index + 1)", x: place.x,
                        y: place.y)
                }
            return Exhibit(
                "The room from above",
                caption: String(format: "%.1f × %.1f × %.1f m.", size.x, size.y, size.z),
                .sketch(
                    Sketch(
                        marks: marks,
                        lines: [.init(corners.map { SIMD2($0.0, $0.1) })]
                            + [.init([centre, centre + forward], isDashed: true)]
                            + places.map { .init([centre, $0], isDashed: true) })))
        }
        let places = recording.sources.map { source in
            SIMD2(cos(source.azimuth), sin(source.azimuth))
                * (source.distance * cos(source.elevation))
        }
        let reach = places.map { max(abs($0.x), abs($0.y)) }.max() ?? 1
        // Forward is up, as azimuths are counted.
        func turned(_ place: SIMD2<Double>) -> SIMD2<Double> { SIMD2(-place.y, place.x) }
        return Exhibit(
            "The array and its sources from above", caption: "Forward is up.",
            .sketch(
                Sketch(
                    marks: [
                        .init(.microphone, "array", x: 0, y: 0),
                        .init(.reference, "0°", x: 0, y: reach),
                    ]
                        + places.map {
                            .init(.source, "source", x: turned($0).x, y: turned($0).y)
                        },
                    lines: places.map { .init([SIMD2(0, 0), turned($0)], isDashed: true) })))
    }

    private static let dataSets = Mutex<[String: SoundDataSet]>([:])

    /// The scene as it was drawn, from the clip's name; nil for real rooms, and where the data are gone or
    /// other ones.
    private func scene(_ recording: Recording, _ bank: RecordingBank) -> Scene? {
        guard recording.reverberationTime != nil, let data = dataSet(),
            data.clips.indices.contains(recording.clip)
        else { return nil }
        var stream = Stream(
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
        let mel = Exhibit(
            "Log-mel map, microphone 1",
            .map(
                HeatMap(
                    values(0), unit: "dB", x: ("time (s)", 0...seconds),
                    y: ("band", 1...Double(bins)))))
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
        return [mel] + pairs
    }
}

/// Sounds for browsers: 16-bit samples, the loudest at full scale.
enum WaveFile {
    /// Shape: [channels][samples], each channel as long as the others.
    static func data(_ channels: [[Float]], sampleRate: Int) -> Data {
        let peak = channels.lazy.joined().reduce(Float(0)) { max($0, abs($1)) }
        let gain = peak > 0 ? 32_000 / peak : 0
        let samples = channels.first?.count ?? 0
        let bytes = samples * channels.count * 2
        var data = Data()
        func add(_ value: some FixedWidthInteger) {
            withUnsafeBytes(of: value.littleEndian) { data.append(contentsOf: $0) }
        }
        data.append(contentsOf: "RIFF".utf8)
        add(UInt32(36 + bytes))
        data.append(contentsOf: "WAVEfmt ".utf8)
        add(UInt32(16))
        add(UInt16(1))
        add(UInt16(channels.count))
        add(UInt32(sampleRate))
        add(UInt32(sampleRate * channels.count * 2))
        add(UInt16(channels.count * 2))
        add(UInt16(16))
        data.append(contentsOf: "data".utf8)
        add(UInt32(bytes))
        for sample in 0..<samples {
            for channel in channels {
                let value = channel[sample] * gain
                add(Int16(value.isFinite ? value : 0))
            }
        }
        return data
    }
}
