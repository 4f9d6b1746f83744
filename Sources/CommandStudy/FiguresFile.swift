import Files
import Foundation
import Orchestration

/// `figures.json`: an object of names and numbers, all of them and each once.
enum FiguresFile {
    /// More is no file of figures. Units: bytes.
    private static let mostBytes = 1 << 20

    /// - Parameter expected: the names that must be there, and no other; nil where any may be, and none
    ///   must.
    /// - Parameter optional: names that may be there beside those.
    /// - Throws: `TrialFault` for what is missing, not a number, unknown or there twice.
    static func read(
        _ file: URL, expected: [String]?, optional: [String] = []
    ) throws -> [String: Double] {
        guard let data = StageFiles.content(of: file, upTo: mostBytes) else {
            if let what = StageFiles.oddity(of: file) {
                throw TrialFault(
                    reason: "figures.json is \(what), not a file; write an object of names and "
                        + "numbers")
            }
            if let expected {
                throw TrialFault(
                    reason:
                        "the program ended well, but has written no figures.json into its output "
                        + "folder; it is to have \(expected.joined(separator: ", "))")
            }
            return [:]
        }
        // Some editors put a byte-order mark before UTF-8.
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let bytes = data.starts(with: mark) ? data.dropFirst(mark.count) : data
        guard data.count <= mostBytes, let text = String(validating: bytes, as: UTF8.self) else {
            throw TrialFault(
                reason:
                    "figures.json is no text of at most 1 MB; write an object of names and numbers "
                    + "alone")
        }
        guard !text.allSatisfy(\.isWhitespace) else {
            throw TrialFault(
                reason:
                    "figures.json is empty; write an object of names and numbers, such as {\"\(expected?.first ?? "accuracy")\": 0.5}"
            )
        }
        var reader = ObjectReader(text)
        let figures: [(name: String, value: Double)]
        do {
            figures = try reader.read()
        } catch let fault as ObjectReader.Fault {
            throw TrialFault(
                reason: "figures.json: \(fault.message)".replacing("\0", with: "\u{2400}"))
        }
        var found: [String: Double] = [:]
        for (name, value) in figures {
            if let expected, !expected.contains(name), !optional.contains(name) {
                throw TrialFault(
                    reason: "figures.json has '\(name)', which the sweep file does not name under "
                        + "figures; it names \(expected.joined(separator: ", "))")
            }
            guard value.isFinite else {
                throw TrialFault(
                    reason:
                        "figures.json: \(name) is \(value), not a number\(ObjectReader.remedy)")
            }
            if found.updateValue(value, forKey: name) != nil {
                throw TrialFault(reason: "figures.json has '\(name)' twice; write it once")
            }
        }
        for name in expected ?? [] where found[name] == nil {
            throw TrialFault(
                reason:
                    "figures.json lacks '\(name)', which the sweep file names under figures; let the "
                    + "program write it, or take it out there")
        }
        return found
    }
}

/// Reads `{"name": 1.5, ...}` with all its names, also those that are there twice, and with numbers that
/// JSON has no words for (NaN, Infinity), as Python writes them.
private struct ObjectReader {
    struct Fault: Error {
        var message: String
    }

    static let remedy = "; write a finite one, or end with another exit code than 0"

    private var rest: Substring

    init(_ text: String) { rest = text[...] }

    mutating func read() throws -> [(name: String, value: Double)] {
        var entries: [(name: String, value: Double)] = []
        try take("{")
        skipBlanks()
        if rest.first != "}" {
            repeat {
                let name = try string()
                try take(":")
                entries.append((name, try number(of: name)))
            } while isNext(",")
        }
        try take("}")
        skipBlanks()
        guard rest.isEmpty else { throw Fault(message: "there is more behind its object") }
        return entries
    }

    private mutating func skipBlanks() { rest = rest.drop(while: \.isWhitespace) }

    private mutating func take(_ character: Character) throws {
        guard isNext(character) else {
            let found = rest.first.map { "'\($0)'" } ?? "its end"
            throw Fault(
                message:
                    "'\(character)' was expected, but there is \(found); write an object of names "
                    + "and numbers")
        }
    }

    private mutating func isNext(_ character: Character) -> Bool {
        skipBlanks()
        guard rest.first == character else { return false }
        rest.removeFirst()
        return true
    }

    private mutating func string() throws -> String {
        try take("\"")
        guard let end = rest.firstIndex(of: "\"") else { throw Fault(message: "a name has no end") }
        let name = String(rest[..<end])
        rest = rest[rest.index(after: end)...]
        guard !name.contains("\\") else { throw Fault(message: "'\(name)' is no name of a figure") }
        return name
    }

    private mutating func number(of name: String) throws -> Double {
        skipBlanks()
        // A text is shown whole, with the commas that it has.
        if rest.first == "\"" {
            let text = rest.dropFirst().prefix { $0 != "\"" }
            throw Fault(message: "\(name) is the text \"\(text)\", not a number\(Self.remedy)")
        }
        let word = rest.prefix { !",}".contains($0) && !$0.isWhitespace }
        rest = rest.dropFirst(word.count)
        switch word {
        case "NaN", "nan": return .nan
        case "Infinity", "inf": return .infinity
        case "-Infinity", "-inf": return -.infinity
        default:
            guard let value = Double(decimal: word) else {
                throw Fault(
                    message:
                        "\(name) is \(word.isEmpty ? "empty" : word), not a number\(Self.remedy)")
            }
            return value
        }
    }
}
