import Digests
import Sweeps
import Testing

/// A version of the program that has one more setting and one more option must find what the one before
/// stored.
@Suite("Settings and options that came later")
struct SweepLaterTests {
    private static func schema(_ settings: [SettingDescriptor]) -> SettingsSchema {
        SettingsSchema(trial: settings, data: [], evaluations: ["probe"])
    }

    private static let steps = SettingDescriptor(
        key: "steps", kind: .integer(1...100), defaultValue: .integer(10), summary: ".")

    private static func views(_ later: [String]) -> SettingDescriptor {
        SettingDescriptor(
            key: "views", kind: .subset(["crop", "drop"] + later, later: Set(later)),
            defaultValue: .list([.text("crop"), .text("drop")]), summary: ".")
    }

    /// Before and behind the settings that were there, in the order of keys.
    private static let widths = ["a_width", "shift_width", "z_width"].map { key in
        SettingDescriptor(
            key: key, kind: .integer(1...9), defaultValue: .integer(4), summary: ".",
            neutralValue: .integer(4))
    }

    private static let before = schema([steps, views([])])
    private static let after = schema([steps, views(["shift"])] + widths)

    private func plan(_ text: String, _ schema: SettingsSchema) throws -> SweepPlan {
        try SweepFile.parse("name: x\n" + text, fileName: "x.yaml", overrides: [], schema: schema)
            .expand()
    }

    @Test(
        "what does not name them is what it was: rows, labels, digests",
        arguments: [
            "", "parameters: {steps: [10, 20]}", "parameters: {views: [none, all, [drop]]}",
            "design: powerset", "design: leave_one_out", "design: {kind: cumulative, orders: all}",
        ])
    func unchanged(_ text: String) throws {
        let (before, after) = (try plan(text, Self.before), try plan(text, Self.after))
        #expect(before.rows.map(\.label) == after.rows.map(\.label))
        #expect(before.rows.map(\.digest) == after.rows.map(\.digest))
        #expect(before.trials.map(\.digest) == after.trials.map(\.digest))
        for (one, other) in zip(before.rows, after.rows) {
            #expect(after.stored(other.settings) == one.settings)
        }
    }

    @Test("the neutral value said aloud, or swept, is nothing; another is another row")
    func values() throws {
        let plain = try plan("", Self.before).rows[0]
        #expect(try plan("base: {z_width: 4}", Self.after).rows[0].digest == plain.digest)
        for key in ["a_width", "shift_width", "z_width"] {
            let swept = try plan("parameters: {\(key): [4, 5, 6]}", Self.after)
            #expect(swept.rows[0].digest == plain.digest)
            #expect(Set(swept.rows.map(\.digest)).count == 3)
            #expect(
                swept.rows.map(\.label) == ["\(key) 4", "\(key) 5", "\(key) 6"])
            #expect(swept.stored(swept.rows[1].settings)[key] == .integer(5))
        }
        // Written with nothing before it, and with nothing behind it.
        var text = SettingsText(
            of: try plan("parameters: {a_width: [4, 5], z_width: [4, 6]}", Self.after),
            keys: ["a_width", "z_width"], standIns: [:])
        let rows = try plan("parameters: {a_width: [4, 5], z_width: [4, 6]}", Self.after).rows
        let written = rows.map { row in
            var bytes: [UInt8] = []
            text.write(row, to: &bytes)
            return String(decoding: bytes, as: UTF8.self)
        }
        #expect(
            written == [
                "{}", #"{"z_width":6}"#, #"{"a_width":5}"#, #"{"a_width":5,"z_width":6}"#,
            ])
    }

    @Test("an option that came later is there where it is named, and its label says so")
    func options() throws {
        let listed = try plan(
            "parameters: {views: [none, all, [shift], [crop, shift], [drop, crop, shift]]}",
            Self.after)
        #expect(
            listed.rows.map(\.label) == ["none", "all", "Shift", "Crop + Shift", "all + Shift"])
        #expect(listed.rows[1].settings["views"]?.texts == ["crop", "drop"])
        let subsets = try plan(
            "design: powerset\nparameters: {views: [crop, drop, shift]}", Self.after)
        #expect(subsets.rows.count == 8 && subsets.rows.last?.label == "all + Shift")
    }
}
