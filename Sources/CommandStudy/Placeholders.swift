import Foundation
import Sweeps

/// `{seed}`, `{output}`, `{batch_size}` in the words of a command.
enum Placeholders {
    /// What a stage's command may have in braces.
    static func names(
        for stage: CommandDefinition.Stage, _ definition: CommandDefinition
    ) -> [String] {
        (stage.usesSeed ? ["seed"] : []) + ["output", "trial", "threads", "memory", "gpus"]
            + (stage.needs.map { ["needs.\($0)"] } ?? [])
            + definition.allSettings(of: stage).sorted()
    }

    /// The first name in braces that stands for nothing.
    static func unknown(
        in text: String, stage: CommandDefinition.Stage, _ definition: CommandDefinition
    ) -> String? {
        let names = names(for: stage, definition)
        var unknown: String?
        _ = filled(text) { name in
            if !names.contains(name) { unknown = unknown ?? name }
            return ""
        }
        return unknown
    }

    /// The text with names in braces replaced; `{{` and `}}` stand for braces. A brace that is not closed
    /// stays.
    static func filled(_ text: String, _ value: (String) -> String) -> String {
        var result = ""
        var rest = text[...]
        while let brace = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
            result += rest[..<brace]
            let next = rest.index(after: brace)
            if next < rest.endIndex, rest[next] == rest[brace] {
                result.append(rest[brace])
                rest = rest[rest.index(after: next)...]
            } else if rest[brace] == "{", let end = rest[next...].firstIndex(of: "}"),
                isPlaceholder(rest[next..<end])
            {
                result += value(String(rest[next..<end]))
                rest = rest[rest.index(after: end)...]
            } else {
                result.append(rest[brace])
                rest = rest[next...]
            }
        }
        return result + rest
    }

    /// JSON and code in braces are none.
    private static func isPlaceholder(_ text: Substring) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0)
                    || (0x61...0x7A).contains($0) || $0 == 0x5F || $0 == 0x2E
            }
    }

    /// A setting's value as a word of a command line: lists with commas between.
    static func word(_ value: SettingValue) -> String {
        if let text = value.text { return text }
        if let list = value.list { return list.map(word).joined(separator: ",") }
        if case .boolean(let boolean) = value { return boolean ? "true" : "false" }
        return value.description
    }
}
