import Acoustics
import Sweeps

/// The shape of an array, where it is named and not given by its positions.
enum ArrayShape: String, CaseIterable {
    case circular
    case linear
    case tetrahedral
}

// MARK: Settings of the scenes

extension TrialSchema {
    static let scenes = arrays + rooms + sources + counts

    private static let readersOfScenes: Set<StageKind> = [.scenes, .testScenes]

    private static let arrays = TrialSetting.list("Scenes") {
        TrialSetting(
            "array",
            .either([
                .choice(ArrayShape.allCases.map(\.rawValue)),
                .map([
                    SettingDescriptor(
                        key: "positions",
                        kind: .list(
                            .list(.number(MicrophoneArray.bounds), count: 3...3), count: 2...8),
                        defaultValue: .null,
                        summary: "of each microphone: x forward, y left, z up", unit: "m")
                ]),
            ]), default: .text(ArrayShape.circular.rawValue), readBy: readersOfScenes,
            "circular, linear (sources in front alone: a line hears front and back alike), "
                + "tetrahedral, or {positions: [[x, y, z], ...]} in m"
        ) { value, draft in
            draft.positions = positions(value)
            draft.shape = value.text.flatMap(ArrayShape.init) ?? .circular
        }.with(.sizesBanks).label(arrayLabel)
        TrialSetting.integer(
            "microphones", 2...8, default: 4, \.microphones, readBy: readersOfScenes,
            "microphones of a circular or linear array (a tetrahedral one has 4)"
        ).with(.sizesBanks).when { $0["array"]?.text != nil }
            .implied { positions($0["array"]).map { .integer($0.count) } }
        TrialSetting.number(
            "array_diameter", 0.01...1, default: 0.1, \.arrayDiameter, readBy: readersOfScenes,
            "diameter of the circle, of the tetrahedron's sphere; length of the line", unit: "m"
        ).when { $0["array"]?.text != nil }
    }

    private static let rooms = TrialSetting.list("Scenes", .simulation) {
        TrialSetting.range(
            "rt60", 0.05...3, default: 0.1...1, \.scene.reverberationTime, readBy: [.scenes],
            "reverberation time of the rooms", unit: "s")
        TrialSetting.range(
            "evaluation_rt60", 0.05...3, orSameAs: "rt60", \.testReverberationTime,
            readBy: [.testScenes], "reverberation time of the test rooms", unit: "s")
        TrialSetting.choice(
            "simulation", default: .images, \.scene.method, readBy: readersOfScenes,
            "impulse responses: of all image sources, or hybrid (early ones and a tail)"
        ).label { $0.text == "hybrid" ? "hybrid responses" : "all images" }
        TrialSetting.range(
            "snr_db", -20...100, default: 30...30, \.scene.signalToNoise, readBy: [.scenes],
            "level of the sound above the noise", unit: "dB"
        ).with(.free)
        TrialSetting.range(
            "evaluation_snr_db", -20...100, orSameAs: "snr_db", \.testSignalToNoise,
            readBy: [.testScenes], "the same in the test recordings", unit: "dB"
        ).with(.free)
        TrialSetting.choice(
            "noise", default: .sensor, \.scene.noise, readBy: readersOfScenes,
            "of each microphone by itself, or diffuse: one field from all around"
        ).with(.free).label { "\($0) noise" }
    }

    private static let sources = TrialSetting.list("Scenes") {
        TrialSetting.integer(
            "overlap", 1...3, default: 1, \.scene.sourceCount, readBy: readersOfScenes,
            "sources of different classes that sound at once in every recording"
        ).label { $0 == .integer(1) ? "1 source" : "\($0) sources" }
        TrialSetting.choice(
            "source_motion", default: .still, \.scene.motion, readBy: readersOfScenes,
            "sources stay, go around the array (arc) or go straight (line)"
        ).label {
            $0.text == "still" ? "still" : "moving on \($0.text == "arc" ? "an arc" : "a line")"
        }
        TrialSetting.range(
            "source_speed", 0.01...10, default: 1...1, \.scene.sourceSpeed,
            readBy: readersOfScenes, "speed of moving sources", unit: "m/s"
        ).with(.simulation).when(moves).label { value in
            let ends = (value.list ?? []).map(\.description)
            return (ends.first == ends.last ? ends.prefix(1) : ends[...])
                .joined(separator: "-") + " m/s"
        }
    }

    private static let counts = TrialSetting.list("Scenes") {
        TrialSetting.range(
            "recording_seconds", 0.2...60, default: 2.6...2.6, \.recordingSeconds,
            readBy: readersOfScenes,
            "length of a recording: shorter clips are looped, longer ones cut", unit: "s"
        ).with(.sizesBanks)
        TrialSetting.integer(
            "spatialisations", 1...64, default: 3, \.spatialisations, readBy: [.scenes],
            "rooms and directions that each training clip is heard in"
        ).with([.sizesBanks, .simulation])
        TrialSetting.integer(
            "test_spatialisations", 1...64, default: 2, \.testSpatialisations,
            readBy: [.testScenes], "the same for each test clip"
        ).with([.sizesBanks, .simulation])
        TrialSetting.integer(
            "scene_seed", 0...Int(Int32.max), default: 0, \.sceneSeed, readBy: readersOfScenes,
            "seed of the rooms and directions: one simulation for all seeds of a trial"
        ).with([.free, .simulation])
    }

    /// Whether the sources of a trial move.
    static let moves: @Sendable ([String: SettingValue]) -> Bool = {
        $0["source_motion"]?.text != SourceMotion.still.rawValue
    }

    /// `linear array`, `array of 6 positions`.
    private static let arrayLabel: @Sendable (SettingValue) -> String = { value in
        if let shape = value.text { return "\(shape) array" }
        return "array of \(positions(value)?.count ?? 0) positions"
    }

    /// The positions that `array` gives; nil where it names a shape, or gives none. Units: metres.
    static func positions(_ array: SettingValue?) -> [SIMD3<Double>]? {
        guard case .map(let map)? = array, let rows = map["positions"]?.list else { return nil }
        return rows.map { row in
            let values = (row.list ?? []).compactMap(\.number)
            return values.count == 3 ? SIMD3(values[0], values[1], values[2]) : .zero
        }
    }
}
