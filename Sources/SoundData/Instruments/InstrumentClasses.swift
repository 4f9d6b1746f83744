/// Which class a sampled sound belongs to.
enum InstrumentClasses {
    /// The class of a General MIDI program (0 to 127); nil for synthesisers and effects.
    static func ofProgram(_ program: Int) -> String? {
        switch program {
        case 0, 1, 3: "piano"
        case 2, 4, 5, 7: "electric_piano"
        case 8...14, 108: "mallets"
        case 6, 15, 45, 46, 104...107: "plucked_strings"
        case 16...23: "organ_freereed"
        case 24...31: "guitar"
        case 32...37: "bass"
        case 40...44, 48, 49, 110: "bowed_strings"
        case 47, 116, 117: "tom"
        case 52, 53: "choir"
        case 56...61: "brass"
        case 64...67: "sax"
        case 68...71, 109, 111: "woodwind_reed"
        case 72...79: "flute"
        case 112...115: "small_percussion"
        default: nil
        }
    }

    /// The class of a key of General MIDI's percussion map.
    static func ofPercussionKey(_ key: Int) -> String? {
        switch key {
        case 35, 36: "kick"
        case 38, 40: "snare"
        case 41, 43, 45, 47, 48, 50: "tom"
        case 42, 44, 46: "hihat"
        case 49, 51, 52, 53, 55, 57, 59: "cymbal"
        case 37, 39, 54, 56, 58, 60...81: "small_percussion"
        default: nil
        }
    }

    /// The class of a sampled drum by its name, as in "42-SabianRockHatClos" or "Tom1-Hard".
    static func ofDrumName(_ name: String) -> String {
        let name = name.lowercased()
        let words: [(String, String)] = [
            ("hat", "hihat"), ("kick", "kick"), ("snare", "snare"), ("tom", "tom"),
            ("crash", "cymbal"), ("ride", "cymbal"), ("splash", "cymbal"), ("sabian", "cymbal"),
            ("zildjian", "cymbal"), ("paiste", "cymbal"), ("bell", "cymbal"),
        ]
        // "Cowbell" holds "bell".
        if name.contains("cowbell") { return "small_percussion" }
        return words.first { name.contains($0.0) }?.1 ?? "small_percussion"
    }

    /// Programs of percussion kits whose sounds are made by machines.
    static let electronicKits = [24, 25]
}
