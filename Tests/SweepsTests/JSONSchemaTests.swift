import Sweeps
import Testing

@Suite("The JSON Schema of sweep files")
struct JSONSchemaTests {
    private func schema(_ kind: SettingKind, _ value: SettingValue, unit: String? = nil) -> String {
        JSONSchema.value(
            of: SettingDescriptor(
                key: "x", kind: kind, defaultValue: value, summary: "what it is", unit: unit)
        ).canonicalJSON
    }

    @Test("has each kind of setting with its limits, default, unit and line of help")
    func kinds() {
        #expect(
            schema(.integer(2...8), .integer(4), unit: "m")
                == #"{"default":4,"description":"what it is (m)","maximum":8,"minimum":2,"#
                + #""type":"integer"}"#)
        #expect(
            schema(.choice(["a", "b"]), .text("a"))
                == #"{"default":"a","description":"what it is","enum":["a","b"]}"#)
        #expect(
            schema(.number(0...Double.greatestFiniteMagnitude), .null)
                == #"{"anyOf":[{"minimum":0,"type":"number"},{"type":"null"}],"default":null,"#
                + #""description":"what it is"}"#)
        #expect(
            schema(.range(0...1), .list([.number(0), .number(1)])).contains(
                #"{"items":{"maximum":1,"minimum":0,"type":"number"},"maxItems":2,"minItems":2,"#
                    + #""type":"array"}"#))
        #expect(
            schema(.subset(["a", "b"]), .list([])).contains(
                #""uniqueItems":true},{"enum":["all","none"]}"#))
    }

    @Test("refuses keys that a file may not have, and leaves files of other studies alone")
    func sections() throws {
        let document = JSONSchema.document(exampleSchema, study: "mcsimclr", others: ["command"])
        let map = try #require(document.map)
        let strict = try #require(map["else"]?.map)
        #expect(strict["additionalProperties"] == .boolean(false))
        let keys = try #require(strict["properties"]?.map)
        #expect(
            Set(keys.keys).isSuperset(of: [
                "name", "description", "study", "data", "base", "parameters", "seeds", "evaluation",
                "metrics", "baseline", "design", "designs", "exclude", "paper", "scales", "scale",
            ]))
        #expect(map["if"]?.canonicalJSON.contains(#"{"enum":["command"]}"#) == true)
    }

    @Test("examples are values that a setting allows, different, its default first")
    func examples() {
        let values = ExampleValues.of(
            SettingDescriptor(
                key: "x", kind: .integer(2...8), defaultValue: .integer(4), summary: ""))
        #expect(values == [.integer(4), .integer(2), .integer(8)])
        for descriptor in exampleSchema.trial {
            let values = ExampleValues.of(descriptor)
            #expect(Set(values.map(\.canonicalJSON)).count == values.count)
        }
    }
}
