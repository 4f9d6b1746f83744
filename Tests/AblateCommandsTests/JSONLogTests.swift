import AblateCommands
import Analysis
import Foundation
import Orchestration
import Reports
import ResultsStore
import Synchronization
import TestSupport
import Testing

/// docs/json-log.md is what programs that read the log are written against.
@Suite("The JSON log")
struct JSONLogTests {
    /// A field as the document has it.
    private struct Field: Hashable {
        var type: String
        var isOptional: Bool
    }

    /// The events of the document: a heading `### name` and a table of fields each.
    private static func document() throws -> [String: [String: Field]] {
        var events: [String: [String: Field]] = [:]
        var event: String?
        for line in try Repository.text("docs/json-log.md").split(separator: "\n") {
            if line.hasPrefix("#") {
                event = line.hasPrefix("### `") ? String(line.dropFirst(5).dropLast()) : nil
                if let event { events[event] = [:] }
            }
            guard let event, line.hasPrefix("| `") else { continue }
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            let name = cells[0].trimmingCharacters(in: ["`"])
            events[event]?[name] = Field(
                type: cells[1], isOptional: cells[3].hasPrefix("Optional."))
        }
        return events
    }

    /// The event as the log has it.
    private static func object(_ event: RunEvent) throws -> [String: Any] {
        try object { $0.event(event) }
    }

    private static func object(_ show: (JSONDisplay) -> Void) throws -> [String: Any] {
        let lines = Mutex<[String]>([])
        show(JSONDisplay { line in lines.withLock { $0.append(line) } })
        let text = lines.withLock { $0.joined() }
        #expect(text.hasSuffix("\n") && text.split(separator: "\n").count == 1)
        return try #require(
            JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    private static func type(of value: Any) -> String {
        switch value {
        case is String: "text"
        case let number as NSNumber:
            number.doubleValue == number.doubleValue.rounded() ? "whole number" : "number"
        case is [String: Any]: "numbers by name"
        default: "\(Swift.type(of: value))"
        }
    }

    @Test("has of every event the fields that docs/json-log.md lists, and no other")
    func fields() throws {
        let document = try Self.document()
        var seen: [String: Set<String>] = [:]
        let events = try RunEvents.all.map { (RunEvents.name($0), try Self.object($0)) }
        let verdicts = try Self.verdicts.map { item in
            (item.verdict.isDecided ? "verdict" : "undecided", try Self.object { $0.verdict(item) })
        }
        for (name, object) in events + verdicts {
            let fields = try #require(document[name], "docs/json-log.md does not have \(name)")
            #expect(object["event"] as? String == name)
            let required = fields.filter { !$0.value.isOptional }.keys
            let keys = Set(object.keys).subtracting(["event"])
            #expect(keys.isSuperset(of: required) && keys.isSubset(of: fields.keys), "\(name)")
            for (key, value) in object where key != "event" {
                let (type, said) = (Self.type(of: value), fields[key]?.type)
                // A number may happen to be whole.
                #expect(
                    type == said || (type, said) == ("whole number", "number"), "\(name).\(key)")
            }
            seen[name, default: []].formUnion(keys)
        }
        // What is optional has been seen with and, above, without.
        for (name, fields) in document { #expect(seen[name] == Set(fields.keys), "\(name)") }
    }

    /// Decided, undecided, and without any pair.
    private static let verdicts: [ComparisonVerdicts.Item] = {
        func row(_ label: String, _ values: [Double]) -> ComparisonInput.Configuration {
            .init(
                label: label,
                trials: values.enumerated().map {
                    .init(seed: $0, status: .finished, metrics: ["score": $1])
                }, isBaseline: label == "none")
        }
        let input = ComparisonInput(
            name: "log",
            configurations: [
                row("none", [1, 2, 3, 2, 1, 2.5]), row("far", [9.5, 10, 12.25, 9.75, 9, 10]),
                row("near", [2, 2.5, 3.5, 2, 1.5, 2]), row("absent", []),
            ], metrics: [.init(key: "score", header: "score", unit: "%", better: .higher)])
        return ComparisonVerdicts(input).items
    }()

    @Test("says of a verdict what the table says")
    func verdict() throws {
        let objects = try Self.verdicts.map { item in try Self.object { $0.verdict(item) } }
        #expect(objects.map { $0["event"] as? String } == ["verdict", "undecided", "undecided"])
        #expect(objects[0]["verdict"] as? String == "better")
        #expect(objects[0]["row"] as? String == "far" && objects[0]["pairs"] as? Int == 6)
        #expect(objects[0]["difference"] as? Double == 49.0 / 6)
        #expect(objects[2]["difference"] == nil && objects[2]["pairs"] as? Int == 0)
    }

    @Test("writes what is no number in JSON as text")
    func notFinite() throws {
        let object = try Self.object(
            .finished(
                RunEvents.stage, worker: 0, seconds: 1,
                .init(metrics: ["a": .nan, "b": .infinity, "c": -.infinity])))
        #expect(object["metrics"] as? [String: String] == ["a": "nan", "b": "inf", "c": "-inf"])
    }
}
