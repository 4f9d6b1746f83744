import Foundation
import Sweeps
import TestSupport
import Testing

@Suite("Files that would take for ever")
struct SweepHostileTests {
    /// The faults of a text, and that they came within seconds.
    private func quickFaults(_ text: String) -> [String] {
        var found: [String] = []
        let time = threadTime { found = lines(text) }
        #expect(time < 5)
        return found
    }

    private func lines(_ text: String) -> [String] {
        do {
            _ = try parse(text)
            return []
        } catch {
            return error.description.components(separatedBy: "\n")
        }
    }

    @Test("aliases of aliases are refused where they stand, as values, as keys and in merges")
    func aliasBombs() {
        var text = "x0: &a0 [lol]\n"
        for level in 1...40 { text += "x\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
        let tooMuch = ": more than 100 levels or 2000000 values: too much for a sweep file"
        #expect(quickFaults(text) == ["sweeps/x.yaml:20:12\(tooMuch)"])
        // Below the limit a key is no text, whatever it would grow to.
        let lines = text.split(separator: "\n").prefix(15).joined(separator: "\n")
        #expect(
            quickFaults(lines + "\n? *a14\n: 1").contains(
                "sweeps/x.yaml:16:3: a key is a list or a map, but must be a text"))
        #expect(
            quickFaults(lines + "\n? [*a14, *a14, *a14]\n: 1\n? {<<: *a14}\n: 1").contains(
                "sweeps/x.yaml:16:3: a key is a list or a map, but must be a text"))
    }

    @Test("a hundred thousand keys given twice, unknown or merged are counted, the first listed")
    func manyKeys() {
        let twice = quickFaults(
            "base: {" + Array(repeating: "rt60: 1", count: 100_000).joined(separator: ", ") + "}")
        #expect(twice.count == 51)
        #expect(
            twice[0] == "sweeps/x.yaml:1:17: 'rt60' is given twice, first in line 1; remove one")
        #expect(twice[50] == "and 99949 more faults")
        let keys = (0..<100_000).map { "k\($0): 1" }.joined(separator: ", ")
        #expect(quickFaults("base: {\(keys)}").count == 51)
        let merged = quickFaults("x: &a {\(keys)}\nbase: {<<: *a}")
        #expect(merged.count == 51 && merged[0].contains("unknown key 'x' in the sweep file"))
    }

    @Test("nesting without end, huge words and control characters end in a short message")
    func depthAndSize() {
        let tooMuch = "more than 100 levels or 2000000 values: too much for a sweep file"
        for text in [
            "a: " + String(repeating: "[", count: 200_000),
            String(repeating: "{a: ", count: 100_000),
            (0..<300).map { String(repeating: " ", count: $0) + "a:" }.joined(separator: "\n"),
        ] {
            let found = quickFaults(text)
            #expect(found.count == 1 && found[0].hasSuffix(tooMuch), "\(found)")
        }
        let word = String(repeating: "x", count: 2_000_000)
        for text in [
            "\(word): 1", "name: \(word)", "base: {temperature: \(word)}", "scale: \(word)",
        ] {
            let found = quickFaults(text)
            #expect(!found.isEmpty && found.allSatisfy { $0.count < 2500 })
        }
        let control = quickFaults("name: x\n" + String(repeating: "\u{1}", count: 1_000_000))
        #expect(control.count == 51 && control[50] == "and 999950 more faults")
    }

    @Test("control characters of a key or a value do not reach the terminal")
    func escapes() {
        #expect(
            faults("\"\\e[31mred\": 1")[0].hasPrefix("1:1: unknown key '\\u{1B}[31mred' in"))
        #expect(
            faults("base: {batch_size: \"\\e[2J\"}") == [
                "1:20: batch_size is '\\u{1B}[2J', but must be a whole number from 2 to 4096"
            ])
    }

    @Test("what is no regular file is not waited for, and a file of many megabytes is not read")
    func files() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "sweeps-\(ProcessInfo.processInfo.globallyUniqueString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func message(_ path: String) -> String? {
            let error = #expect(throws: SweepFaults.self) {
                try SweepFile.load(path: path, schema: exampleSchema)
            }
            return error?.faults.first?.message
        }
        let pipe = folder.appending(path: "pipe.yaml").path
        #expect(mkfifo(pipe, 0o600) == 0)
        #expect(
            message(pipe)
                == "cannot be read: it is a pipe, not a regular file; write the sweep to a file")
        #expect(message("/dev/zero") == "cannot be read: it is not a regular file")
        let large = folder.appending(path: "large.yaml")
        try Data(repeating: 0x23, count: 8_000_001).write(to: large)
        #expect(message(large.path) == "has more than 8 MB: too much for a sweep file")
    }

    @Test("two texts that look alike and are not the same are told, and not taken for one")
    func twoSpellings() {
        let (composed, decomposed) = ("caf\u{E9}", "cafe\u{301}")
        #expect(composed == decomposed)
        #expect(
            faults("name: x\ndescription: \(composed)\nmetrics: [\(decomposed)]").first
                == "3:11: '\(decomposed)' looks like a text before it, but is written with other characters (an "
                + "accented letter in one, or as letter and accent): write both alike")
        let alike = faults("name: x\ndescription: \(composed)\nmetrics: [\(composed)]")
        #expect(!alike.contains { $0.contains("looks like") })
    }

    @Test(
        "a blank that is missing behind a colon is named, at the key",
        arguments: [
            ("base: {pooling: {frames:2}}", "1:18", "frames: 2"),
            ("base: {channels:[5,9,13], batch_size: 8}", "1:8", "channels: [5,9,13]"),
            ("base: {pooling: {frames:{a: 1}}}", "1:18", "frames: {a: 1}"),
            ("base:\n  batch_size:64\n  temperature: 1\n", "2:3", "batch_size: 64"),
            ("designs:\n- kind:random\n  points: 3", "2:3", "kind: random"),
            ("base: {pooling: frames:2}", "1:17", "frames: 2"),
        ])
    func missingBlank(text: String, place: String, remedy: String) {
        #expect(
            faults(text).first
                == "\(place): a blank is missing after the colon: write '\(remedy)'")
    }

    @Test("a map that is one word for want of a blank says so")
    func missingBlankOfMaps() {
        let blank = "; a blank is missing after the colon: write 'batch_size: 64'"
        #expect(
            faults("base:\n  batch_size:64") == [
                "2:3: base is batch_size:64, but must be a map of keys and values\(blank)"
            ])
        #expect(
            faults("seeds: 2", ["pooling={frames:2}"]) == [
                "-S pooling={frames:2}: a blank is missing after the colon: write 'frames: 2'"
            ])
        #expect(
            faults("seeds: 2", ["channels=[5,9"]).first?.contains("blank") == false)
    }
}
