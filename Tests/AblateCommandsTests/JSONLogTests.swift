import AblateCommands
import Foundation
import Orchestration
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
        let lines = Mutex<[String]>([])
        JSONDisplay { line in lines.withLock { $0.append(line) } }.event(event)
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
        for event in RunEvents.all {
            let name = RunEvents.name(event)
            let object = try Self.object(event)
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

    @Test("writes what is no number in JSON as text")
    func notFinite() throws {
        let object = try Self.object(
            .finished(
                RunEvents.stage, worker: 0, seconds: 1,
                .init(metrics: ["a": .nan, "b": .infinity, "c": -.infinity])))
        #expect(object["metrics"] as? [String: String] == ["a": "nan", "b": "inf", "c": "-inf"])
    }
}
