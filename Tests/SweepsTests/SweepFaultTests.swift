import Foundation
import Sweeps
import Testing

@Suite("Faults of a sweep file")
struct SweepFaultTests {
    @Test("all faults come at once, with place, value, rule and nearest name")
    func everyFault() throws {
        let folder = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
        let path = folder.appending(path: "every-fault.yaml").path
        let expected = try String(
            contentsOf: folder.appending(path: "every-fault.txt"), encoding: .utf8)
        let error = #expect(throws: SweepFaults.self) {
            try SweepFile.load(path: path, schema: exampleSchema)
        }
        let found = error?.description.replacing(path, with: "every-fault.yaml")
        #expect(found == expected.trimmingCharacters(in: .newlines))
    }

    @Test("keys given twice are all found, at the later one, along with other faults")
    func duplicateKeys() {
        let text = """
            name: a
            base: {batch_size: 64, temperature: 3, batch_size: 32}
            "seeds": 3
            name: b
            base:
              temperature: 20
            'seeds': 4
            évaluation: 3
            seeds: [x]
            """
        #expect(
            faults(text) == [
                "2:40: 'batch_size' is given twice, first in line 2; remove one",
                "4:1: 'name' is given twice, first in line 1; remove one",
                "5:1: 'base' is given twice, first in line 2; remove one",
                "7:1: 'seeds' is given twice, first in line 3; remove one",
                "8:1: unknown key 'évaluation' in the sweep file; did you mean 'evaluation'?",
                "9:1: 'seeds' is given twice, first in line 3; remove one",
            ])
    }

    @Test(
        "text that is not a YAML map has a fault with its place",
        arguments: [
            ("", "says nothing: a sweep needs at least 'parameters' or 'base'"),
            ("# only a comment", "says nothing: a sweep needs at least 'parameters' or 'base'"),
            ("- a", "1:1: the sweep file is [a], but must be a map of keys and values"),
            (
                "base:\n  temperature: 1\n\tbatch_size: 3\n",
                "3:1: a tab in the indentation: YAML indents with spaces alone"
            ),
            ("a: b: c", "1:5: is not YAML: mapping values are not allowed in this context"),
            (
                "base:\n  batch_size: [1, 2\n\n",
                "2:20: is not YAML: did not find expected ',' or ']' "
                    + "(while parsing a flow sequence, from line 2)"
            ),
            ("base: *none", "1:7: is not YAML: found undefined alias"),
            ("name: x\u{1}", "1:8: character U+0001 has no place in YAML; remove it"),
            (
                "base: {batch_size: !foo 3}",
                "1:20: the tag '!foo' has no meaning here; remove it"
            ),
            ("? [a]\n: b", "1:3: a key is a list or a map, but must be a text"),
            ("base: {<<: 3}", "1:12: << is 3, but must be an alias of a map"),
            (
                "name: x\n---\nname: y",
                "2:1: is not YAML: but found another document "
                    + "(expected a single document in the stream, from line 1)"
            ),
        ])
    func notYAML(text: String, expected: String) {
        #expect(faults(text).map { $0.trimmingCharacters(in: .whitespaces) } == [expected])
    }

    @Test("a file that is absent, a folder, or not UTF-8 is a fault of the whole file")
    func unreadable() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "sweeps-\(ProcessInfo.processInfo.globallyUniqueString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "latin.yaml")
        try Data([0x6E, 0x3A, 0x20, 0xC3, 0xA9, 0xE9]).write(to: file)
        func message(_ path: String) -> String? {
            let error = #expect(throws: SweepFaults.self) {
                try SweepFile.load(path: path, schema: exampleSchema)
            }
            return error?.faults.first?.message
        }
        #expect(message("/nowhere/x.yaml") == "cannot be read: there is no such file")
        #expect(message(folder.path) == "cannot be read: it is a folder")
        #expect(
            message(file.path)
                == "is not UTF-8 text: byte 6 fits no character; save it as UTF-8")
    }

    @Test("more trials than a slip of the hand explains are refused")
    func tooManyTrials() {
        let values = "[" + (2...301).map(String.init).joined(separator: ", ") + "]"
        #expect(
            faults("parameters: {batch_size: \(values), pretraining_steps: \(values)}\nseeds: 20")
                == ["1:14: the sweep has 1800000 trials, but at most 1000000 are allowed"])
    }

    @Test("aliases that grow without bound are refused")
    func growingAliases() {
        var text = "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
        for (previous, next) in zip("abcdefghi", "bcdefghij") {
            let aliases = Array(repeating: "*\(previous)", count: 10).joined(separator: ", ")
            text += "\(next): &\(next) [\(aliases)]\n"
        }
        #expect(faults(text).count == 1)
        #expect(faults(text)[0].contains("too much for a sweep file"))
        let deep = "a: " + String(repeating: "[", count: 500) + String(repeating: "]", count: 500)
        #expect(faults(deep)[0].contains("too much for a sweep file"))
    }
}
