import Sweeps
import Testing

@Suite("Any text is a sweep or has located faults")
struct SweepFuzzTests {
    /// SplitMix64: numbers that are the same in every run.
    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    private static let seeds = [
        quickstart,
        """
        name: all_features
        base: &usual
          batch_size: 64
          pooling: {frames: 2}
          note: &n 'quoted: "text"'
        design:
        - leave_one_out
        - {kind: random, points: 4, seed: 1, parameters: {temperature: {min: 0.01, max: 1}}}
        - {kind: zip, parameters: {batch_size: [8, 16], microphones: [2, 4]}}
        - {kind: cumulative, orders: all, of: augmentations}
        - {kind: one_factor, parameters: {rt60: [0.2, [0.1, 0.5]], crop: [true, [0.1, 0.2]]}}
        baseline: {<<: *usual, augmentations: []}
        exclude:
        - {augmentations: [mixup], batch_size: 64}
        paper: {random: {accuracy: 23.6}, "- Mixup": {error: 9.4}}
        scales:
          small: {seeds: 2, base: {channels: [8, 8]}}
          full: {seeds: [0, 1, 2], evaluation: probe}
        scale: small
        """,
    ]

    private static let pieces = [
        ":", ": ", "- ", "[", "]", "{", "}", ",", "\n", "\n  ", "\t", "'", "\"", "&a ", "*a",
        "*usual",
        "<<: ", "!", "!!str ", "|", ">", "#", "?", "%", "@", "~", "null", "\u{0}", "\u{FEFF}", "é",
        "😀",
        "\r\n", "-1", "1e400", "0x1F", ".nan", "9223372036854775808", "---\n", "...", "all", "none",
        "values", "design: powerset\n", "\\", "\"\\ud800\"", "\u{2028}", "seeds: 3\n", "  ",
        "\u{85}",
    ]

    private func mutate(_ text: String, with generator: inout Generator) -> String {
        var scalars = Array(text.unicodeScalars)
        for _ in 0..<Int.random(in: 1...2, using: &generator) {
            let place = Int.random(in: 0...scalars.count, using: &generator)
            let length = Int.random(in: 0...4, using: &generator)
            let end = min(scalars.count, place + length)
            switch Int.random(in: 0..<5, using: &generator) {
            case 0: scalars.removeSubrange(place..<end)
            case 1:
                let piece = Self.pieces.randomElement(using: &generator) ?? ""
                scalars.insert(contentsOf: piece.unicodeScalars, at: place)
            case 2:
                let piece = Self.pieces.randomElement(using: &generator) ?? ""
                scalars.replaceSubrange(place..<end, with: piece.unicodeScalars)
            case 3:
                let target = Int.random(in: 0...scalars.count, using: &generator)
                let copy = Array(scalars[place..<end])
                scalars.insert(contentsOf: copy, at: target)
            default:
                let lines = text.split(separator: "\n")
                let line = lines.randomElement(using: &generator) ?? ""
                scalars.insert(contentsOf: "\n\(line)\n".unicodeScalars, at: place)
            }
        }
        return String(String.UnicodeScalarView(scalars))
    }

    @Test("the files that are changed are valid")
    func validSeeds() throws {
        for text in Self.seeds { #expect(try !parse(text).expand().rows.isEmpty) }
    }

    @Test(
        "10,000 random changes of valid files never crash, and every fault has its place in the text"
    )
    func mutations() throws {
        var generator = Generator(state: 2026)
        var (sweeps, faulty) = (0, 0)
        for index in 0..<10_000 {
            let text = mutate(Self.seeds[index % 2], with: &generator)
            do {
                let plan = try parse(text).expand()
                sweeps += 1
                #expect(Set(plan.rows.map(\.label)).count == plan.rows.count)
                #expect(Set(plan.trials.map(\.digest)).count == plan.trials.count)
                #expect(plan.trials.count == plan.rows.count * plan.seeds.count)
            } catch {
                faulty += 1
                #expect(!error.faults.isEmpty, "\(text)")
                let lines = text.unicodeScalars.split(omittingEmptySubsequences: false) {
                    ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"].contains($0)
                }
                for fault in error.faults {
                    #expect(!fault.message.isEmpty && fault.file == "sweeps/x.yaml")
                    guard let line = fault.line, let column = fault.column else { continue }
                    #expect(line >= 1 && line <= lines.count && column >= 1, "\(fault)\n\(text)")
                }
            }
        }
        // Both kinds in number, so that the test looks at both.
        #expect(sweeps > 500 && faulty > 5000, "\(sweeps) sweeps, \(faulty) faulty")
    }

    @Test("random overrides never crash, and every fault names the override")
    func overrides() {
        var generator = Generator(state: 7)
        let valid = [
            "seeds=[0,1]", "data.path=/x", "base.pooling.frames=3", "scale=full",
            "parameters.batch_size.values=[32]", "design.0=add_one_in", "pretraining_steps=50",
        ]
        for index in 0..<2000 {
            let override = mutate(valid[index % valid.count], with: &generator)
            do {
                _ = try parse(Self.seeds[0], [override])
            } catch {
                #expect(!error.faults.isEmpty)
                for fault in error.faults {
                    #expect(fault.file.hasPrefix("-S ") || fault.line != nil, "\(fault)")
                }
            }
        }
    }
}
