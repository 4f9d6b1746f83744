import Foundation
import Sweeps
import Testing

@Suite("Setting value")
struct SettingValueTests {
    @Test("canonical JSON sorts keys and writes numbers in their shortest form")
    func canonicalJSON() {
        let value = SettingValue.map([
            "b": .list([.number(1), .number(0.1), .number(-0.0), .number(1e300)]),
            "a": .text("é\"\\\n\u{1}"), "c": .null, "d": .boolean(true), "e": .integer(.max),
        ])
        #expect(
            value.canonicalJSON
                == #"{"a":"é\"\\\n\u0001","b":[1,0.1,0,1e+300],"c":null,"d":true,"#
                + #""e":9223372036854775807}"#)
    }

    @Test("canonical JSON is JSON, and reads back as the same value")
    func roundTrip() throws {
        let value = SettingValue.map([
            "list": .list([.number(0.30000000000000004), .integer(3), .number(2)]),
            "text": .text("a/b \u{2028} \u{7F}"), "none": .null, "yes": .boolean(true),
        ])
        let decoded = try JSONDecoder().decode(
            SettingValue.self, from: Data(value.canonicalJSON.utf8))
        #expect(decoded == value)
        let encoded = try JSONEncoder().encode(value)
        #expect(try JSONDecoder().decode(SettingValue.self, from: encoded) == value)
    }

    @Test("a whole number equals the same number, and hashes alike")
    func numbers() {
        #expect(SettingValue.integer(1) == .number(1))
        #expect(SettingValue.integer(1) != .number(1.5))
        #expect(Set([SettingValue.integer(2), .number(2)]).count == 1)
        #expect(SettingValue.integer(.max) != .number(Double(Int.max)))
        #expect(SettingValue.boolean(true) != .integer(1))
        #expect(SettingValue.integer(1).canonicalJSON == SettingValue.number(1).canonicalJSON)
    }
}
