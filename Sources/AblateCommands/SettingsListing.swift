import Foundation
import Reports
package import Studies
import Sweeps

/// What a study's sweep files may say, for people and for programs.
package struct SettingsListing {
    private struct Entry {
        var descriptor: SettingDescriptor
        /// The section of the file: "base" stands for base and parameters.
        var section: String
        /// The evaluations whose results depend on it.
        var changes: [String]
    }

    private let study: any Study
    private let entries: [Entry]

    package init(_ study: any Study) {
        self.study = study
        let schema = study.schema
        let evaluations = study.evaluations.compactMap { evaluation in
            study.stages.first { $0.name == evaluation.stage }
        }
        entries =
            schema.trial.map { descriptor in
                Entry(
                    descriptor: descriptor, section: "base",
                    changes: evaluations.filter { $0.settings.contains(descriptor.key) }.map(\.name)
                )
            }
            + schema.data.map {
                Entry(descriptor: $0, section: "data", changes: evaluations.map(\.name))
            }
    }

    // MARK: For people

    /// A line or two for each setting, by group.
    package func overview(width: Int) -> String {
        var text = ""
        var group: String?
        let indent = (entries.map(\.descriptor.key.count).max() ?? 0) + 4
        for entry in entries {
            let heading = Self.heading(entry)
            if heading != group {
                text += (group == nil ? "" : "\n") + heading + "\n"
                group = heading
            }
            let unit = entry.descriptor.unit.map { " [\($0)]" } ?? ""
            text += Self.indented(
                "  " + entry.descriptor.key,
                entry.descriptor.summary + unit + "; default \(entry.descriptor.defaultValue)",
                indent: indent, width: width)
        }
        text += "\nUnder evaluation\n  " + study.evaluations.map(\.stage).joined(separator: ", ")
        text += "\n\nUnder metrics\n"
        for figure in study.figures {
            text += Self.indented(
                "  " + figure.name, Self.words(for: figure), indent: indent, width: width)
        }
        return text
    }

    private static func heading(_ entry: Entry) -> String {
        let group = entry.descriptor.group
        if entry.section == "data" { return "Under data" }
        return group.isEmpty ? "Under base and parameters" : "\(group) (under base and parameters)"
    }

    private static func indented(_ name: String, _ text: String, indent: Int, width: Int) -> String
    {
        let lines = DisplayWidth.wrap(text, width: max(20, width - indent))
        return lines.enumerated().map { index, line in
            (index == 0 ? name.padding(toLength: indent) : String(repeating: " ", count: indent))
                + line + "\n"
        }.joined()
    }

    private static func words(for figure: FigureDefinition) -> String {
        var words = figure.header + (figure.unit.map { " [\($0)]" } ?? "")
        switch figure.better {
        case .higher?: words += ", higher is better"
        case .lower?: words += ", lower is better"
        case nil: break
        }
        return words + (figure.display == .tables ? "" : "; shown where it is asked for")
    }

    /// All that there is to know about one setting or figure; nil for a name that is none.
    package func details(of name: String, width: Int) -> String? {
        if let entry = entries.first(where: { $0.descriptor.key == name }) {
            return details(of: entry, width: width)
        }
        if let figure = study.figures.first(where: { $0.name == name }) {
            return Self.details(
                name,
                [
                    ("is", "a figure of merit, under metrics: " + Self.words(for: figure)),
                    ("example", "metrics: [\(name)]"),
                ], width: width)
        }
        guard study.evaluations.contains(where: { $0.stage == name }) else { return nil }
        return Self.details(
            name,
            [
                ("is", "an evaluation, under evaluation"),
                (
                    "needs",
                    study.stages.first { $0.name == name }?.needs.joined(separator: ", ") ?? ""
                ),
                ("example", "evaluation: [\(name)]"),
            ], width: width)
    }

    private func details(of entry: Entry, width: Int) -> String {
        let descriptor = entry.descriptor
        let isData = entry.section == "data"
        return Self.details(
            descriptor.key,
            [
                ("is", descriptor.summary),
                ("must be", descriptor.rule),
                ("default", descriptor.defaultValue.description),
                ("stands", isData ? "under data" : "under base, or under parameters to be swept"),
                ("changes", entry.changes.joined(separator: ", ")),
                ("has effect", condition(of: entry) ?? ""),
                ("was called", descriptor.formerKey ?? ""),
                ("example", isData ? Self.dataExample(descriptor) : Self.example(descriptor)),
            ], width: width)
    }

    /// What must be written beside a setting that has no effect where all others have their defaults; nil for
    /// one that has.
    private func condition(of entry: Entry) -> String? {
        let descriptor = entry.descriptor
        let all = entries.filter { $0.section == entry.section }.map(\.descriptor)
        let defaults = Dictionary(
            all.map { ($0.key, $0.defaultValue) }, uniquingKeysWith: { first, _ in first })
        guard let applies = descriptor.appliesWhen, !applies(defaults) else { return nil }
        for other in all where other.key != descriptor.key {
            for value in Self.values(other) {
                guard applies(defaults.merging([other.key: value]) { $1 }) else { continue }
                let isList = if case .subset = other.kind { true } else { false }
                let words =
                    isList
                    ? "lists \(value.list?.first?.text ?? "")" : "is \(value.canonicalJSON)"
                return "where \(other.key) \(words), as in "
                    + "\(entry.section): {\(other.key): \(value.canonicalJSON)}"
            }
        }
        return nil
    }

    /// Values that another setting may depend on.
    private static func values(_ descriptor: SettingDescriptor) -> [SettingValue] {
        if case .subset(let options, _) = descriptor.kind {
            return options.map { .list([.text($0)]) }
        }
        return ExampleValues.of(descriptor)
    }

    private static func details(
        _ name: String, _ facts: [(String, String)], width: Int
    ) -> String {
        name + "\n"
            + facts.filter { !$0.1.isEmpty }.map { fact, text in
                indented("  " + fact, text, indent: 14, width: width)
            }.joined()
    }

    private static func dataExample(_ descriptor: SettingDescriptor) -> String {
        "data: {\(descriptor.key): "
            + (descriptor.defaultValue == .null ? "/recordings" : "\(descriptor.defaultValue)")
            + "}"
    }

    /// As a line of parameters.
    private static func example(_ descriptor: SettingDescriptor) -> String {
        let values = ExampleValues.of(descriptor).map(\.canonicalJSON)
        return "parameters: {\(descriptor.key): [\(values.joined(separator: ", "))]}"
    }

    // MARK: For programs

    /// A list of settings and figures as JSON.
    package func json(of names: [String]) -> String {
        func isWanted(_ name: String) -> Bool { names.isEmpty || names.contains(name) }
        var list = entries.filter { isWanted($0.descriptor.key) }.map(value)
        list += study.evaluations.filter { isWanted($0.stage) }.map {
            .map(["name": .text($0.stage), "section": .text("evaluation")])
        }
        list += study.figures.filter { isWanted($0.name) }.map { figure in
            .map([
                "name": .text(figure.name), "section": .text("metrics"),
                "unit": figure.unit.map { .text($0) } ?? .null,
                "better": figure.better.map { .text($0 == .higher ? "higher" : "lower") } ?? .null,
            ])
        }
        return "[\n" + list.map(\.canonicalJSON).joined(separator: ",\n") + "\n]\n"
    }

    private func value(_ entry: Entry) -> SettingValue {
        let descriptor = entry.descriptor
        return .map([
            "name": .text(descriptor.key), "section": .text(entry.section),
            "group": .text(descriptor.group), "summary": .text(descriptor.summary),
            "rule": .text(descriptor.rule), "unit": descriptor.unit.map { .text($0) } ?? .null,
            "default": descriptor.defaultValue,
            "schema": JSONSchema.value(of: descriptor),
            "examples": .list(ExampleValues.of(descriptor)),
            "changes": .list(entry.changes.map { .text($0) }),
        ])
    }
}
