import Bridges
import Sweeps
import Testing

@Suite("Settings as others spell them")
struct SettingSpellingTests {
    private let tricks = SettingSpelling(.subset(["flip", "crop", "random erase"]))
    private static let none = SettingValue.list([])
    private static let flip = SettingValue.list([.text("flip")])
    private static let both = SettingValue.list([.text("flip"), .text("crop")])
    private static let three = SettingValue.list([
        .text("flip"), .text("crop"), .text("random erase"),
    ])

    private func set(_ text: String) -> SettingSpelling.Match {
        tricks.match(.text(text), among: [Self.none, Self.flip, Self.both, Self.three])
    }

    @Test(
        "a set of one: YAML, JSON, Python, as a word",
        arguments: [
            "flip", "[flip]", "[\"flip\"]", "['flip']", "{flip}", "{'flip'}", "('flip',)",
            "frozenset({'flip'})", "\"flip\"", "Flip", " flip ",
        ])
    func one(text: String) { #expect(set(text) == .value(Self.flip)) }

    @Test(
        "a set of several, in any order",
        arguments: [
            "[crop, flip]", "[\"flip\",\"crop\"]", "['crop', 'flip']", "flip+crop", "crop + flip",
            "flip, crop", "flip;crop", "flip|crop", "flip crop", "flip/crop", "{'crop', 'flip'}",
            "('flip', 'crop')",
        ])
    func several(text: String) { #expect(set(text) == .value(Self.both)) }

    @Test("a set of none, and of all")
    func noneAndAll() {
        for text in ["[]", "none", "None", "()", "{}", "set()", "[ ]"] {
            #expect(set(text) == .value(Self.none), "\(text)")
        }
        for text in ["all", "[flip, crop, random erase]", "random erase + flip + crop"] {
            #expect(set(text) == .value(Self.three), "\(text)")
        }
    }

    @Test(
        "what is no set, or an option twice, or nothing at all, is none",
        arguments: [
            "flop", "flip+flop", "[flip, flip]", "", "null", "nan", "flip-crop", "erase", "0",
        ])
    func noSet(text: String) { #expect(set(text) == .none) }

    @Test("what may be two values is told; as we write it ourselves it is one")
    func ambiguous() {
        let odd = SettingSpelling(.subset(["a", "b", "a+b", "none"]))
        let pair = SettingValue.list([.text("a"), .text("b")])
        let single = SettingValue.list([.text("a+b")])
        #expect(odd.match(.text("a+b"), among: [pair, single]) == .ambiguous([pair, single]))
        #expect(odd.match(.text("[a+b]"), among: [pair, single]) == .value(single))
        #expect(odd.match(.text("[a, b]"), among: [pair, single]) == .value(pair))
        #expect(odd.match(.text("a+b"), among: [pair]) == .value(pair))
        let choice = SettingSpelling(.choice(["Adam", "adam", "16"]))
        let adams = [SettingValue.text("Adam"), .text("adam")]
        #expect(choice.match(.text("ADAM"), among: adams) == .ambiguous(adams))
        #expect(choice.match(.text("adam"), among: adams) == .value(adams[1]))
        #expect(choice.match(.text("16.0"), among: [.text("16")]) == .value(.text("16")))
        #expect(choice.match(.number(16), among: [.text("16")]) == .value(.text("16")))
    }

    @Test("truth values and numbers, also as texts")
    func plain() {
        let truths = [SettingValue.boolean(true), .boolean(false)]
        for text in ["true", "True", "TRUE", "yes", "on", "1", "1.0"] {
            #expect(
                SettingSpelling(.boolean).match(.text(text), among: truths) == .value(truths[0]))
        }
        for written in [SettingValue.integer(0), .number(0), .boolean(false), .text("False")] {
            #expect(SettingSpelling(.boolean).match(written, among: truths) == .value(truths[1]))
        }
        #expect(SettingSpelling(.boolean).match(.integer(16), among: truths) == .none)
        let sizes = [SettingValue.integer(32), .integer(64), .null]
        for written in [
            SettingValue.text("64"), .text("64.0"), .text("6.4e1"), .text("'64'"), .number(64),
        ] {
            #expect(
                SettingSpelling(.integer(1...100)).match(written, among: sizes) == .value(sizes[1]))
        }
        for text in ["64.5", "0x40", "64\u{0}1", "64 px"] {
            #expect(SettingSpelling(.integer(1...100)).match(.text(text), among: sizes) == .none)
        }
        for text in ["", "null", "None", "nan", "~"] {
            #expect(
                SettingSpelling(.integer(1...100)).match(.text(text), among: sizes) == .value(.null)
            )
        }
        #expect(
            SettingSpelling(.number(0...1)).match(.text(".5"), among: [.number(0.5)])
                == .value(.number(0.5)))
    }

    @Test(
        "ranges",
        arguments: ["[0.1, 0.5]", "[0.1,0.5]", "(0.1, 0.5)", "0.1,0.5", "0.1..0.5", "0.1 to 0.5"])
    func ranges(text: String) {
        let rooms = [
            SettingValue.list([.number(0.1), .number(0.5)]), .list([.number(0.3), .number(0.3)]),
        ]
        let spelling = SettingSpelling(.range(0...1))
        #expect(spelling.match(.text(text), among: rooms) == .value(rooms[0]))
        #expect(spelling.match(.text("0.3"), among: rooms) == .value(rooms[1]))
        #expect(spelling.match(.text("0.1,0.5,0.7"), among: rooms) == .none)
    }
}
