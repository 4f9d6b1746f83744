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

    private static let arrays: [SettingDescriptor] = [
        SettingDescriptor(
            key: "array",
            kind: .either([
                .choice(ArrayShape.allCases.map(\.rawValue)),
                .map([
                    SettingDescriptor(
                        key: "positions",
                        kind: .list(.list(.number(-1...1), count: 3...3), count: 2...8),
                        defaultValue: .null,
                        summary: "of each microphone: x forward, y left, z up", unit: "m")
                ]),
            ]), defaultValue: .text(ArrayShape.circular.rawValue),
            summary:
                "circular, linear (sources in front alone: a line hears front and back alike), "
                + "tetrahedral, or {positions: [[x, y, z], ...]} in m",
            label: arrayLabel),
        SettingDescriptor(
            key: "microphones", kind: .integer(2...8), defaultValue: .integer(4),
            summary: "microphones of a circular or linear array (a tetrahedral one has 4)",
            appliesWhen: { $0["array"]?.text != nil },
            implied: { positions($0["array"]).map { .integer($0.count) } }),
        SettingDescriptor(
            key: "array_diameter", kind: .number(0.01...1), defaultValue: .number(0.1),
            summary: "diameter of the circle, of the tetrahedron's sphere; length of the line",
            unit: "m", appliesWhen: { $0["array"]?.text != nil }),
    ]

    private static let rooms: [SettingDescriptor] = [
        SettingDescriptor(
            key: "rt60", kind: .range(0.05...3), defaultValue: range(0.1, 1),
            summary: "reverberation time of the rooms", unit: "s"),
        SettingDescriptor(
            key: "evaluation_rt60", kind: .either([.choice(["same"]), .range(0.05...3)]),
            defaultValue: .text("same"),
            summary: "reverberation time of the test rooms", unit: "s"),
        SettingDescriptor(
            key: "simulation", kind: .choice(SimulationMethod.allCases.map(\.rawValue)),
            defaultValue: .text(SimulationMethod.images.rawValue),
            summary: "impulse responses: of all image sources, or hybrid (early ones and a tail)",
            label: { $0.text == "hybrid" ? "hybrid responses" : "all images" }),
        SettingDescriptor(
            key: "snr_db", kind: .range(-20...100), defaultValue: range(30, 30),
            summary: "level of the sound above the noise", unit: "dB"),
        SettingDescriptor(
            key: "evaluation_snr_db", kind: .either([.choice(["same"]), .range(-20...100)]),
            defaultValue: .text("same"),
            summary: "the same in the test recordings", unit: "dB"),
        SettingDescriptor(
            key: "noise", kind: .choice(NoiseKind.allCases.map(\.rawValue)),
            defaultValue: .text(NoiseKind.sensor.rawValue),
            summary: "of each microphone by itself, or diffuse: one field from all around",
            label: { "\($0) noise" }),
    ]

    private static let sources: [SettingDescriptor] = [
        SettingDescriptor(
            key: "overlap", kind: .integer(1...3), defaultValue: .integer(1),
            summary: "sources of different classes that sound at once in every recording",
            label: { $0 == .integer(1) ? "1 source" : "\($0) sources" }),
        SettingDescriptor(
            key: "source_motion", kind: .choice(SourceMotion.allCases.map(\.rawValue)),
            defaultValue: .text(SourceMotion.still.rawValue),
            summary: "sources stay, go around the array (arc) or go straight (line)",
            label: {
                $0.text == "still" ? "still" : "moving on \($0.text == "arc" ? "an arc" : "a line")"
            }),
        SettingDescriptor(
            key: "source_speed", kind: .range(0.01...10), defaultValue: range(1, 1),
            summary: "speed of moving sources", unit: "m/s", appliesWhen: moves,
            label: { value in
                let ends = (value.list ?? []).map(\.description)
                return (ends.first == ends.last ? ends.prefix(1) : ends[...])
                    .joined(separator: "-") + " m/s"
            }),
    ]

    private static let counts: [SettingDescriptor] = [
        SettingDescriptor(
            key: "recording_seconds", kind: .range(0.2...60), defaultValue: range(2.6, 2.6),
            summary: "length of a recording: shorter clips are looped, longer ones cut", unit: "s"),
        SettingDescriptor(
            key: "spatialisations", kind: .integer(1...64), defaultValue: .integer(3),
            summary: "rooms and directions that each training clip is heard in"),
        SettingDescriptor(
            key: "test_spatialisations", kind: .integer(1...64), defaultValue: .integer(2),
            summary: "the same for each test clip"),
        SettingDescriptor(
            key: "scene_seed", kind: .integer(0...Int(Int32.max)), defaultValue: .integer(0),
            summary: "seed of the rooms and directions: one simulation for all seeds of a trial"),
    ]

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
