import Foundation
import Studies
import Sweeps

// MARK: From a sweep file

extension CommandDefinition {
    /// The keys of a sweep file that define a study of programs.
    static let sections = [
        "command", "settings", "figures", "inputs", "resources", "stages", "references",
        "environment",
    ]

    private static let settingKinds = [
        "boolean", "integer", "number", "choice", "subset", "range", "text",
    ]

    /// What a stage or a reference may say.
    private static let stageKeys = [
        SettingDescriptor(
            key: "command", kind: words, defaultValue: .null, summary: "program and arguments"),
        SettingDescriptor(
            key: "needs", kind: .text, defaultValue: .null, summary: "the stage before"),
        SettingDescriptor(
            key: "settings", kind: .list(.text, count: 0...1000), defaultValue: .null,
            summary: "the settings that it reads"),
        SettingDescriptor(
            key: "leaves", kind: .text, defaultValue: .null, summary: "what others read"),
        SettingDescriptor(
            key: "inputs", kind: .list(.text, count: 0...10_000), defaultValue: .null,
            summary: "files that it alone depends on"),
        SettingDescriptor(
            key: "seeds", kind: .boolean, defaultValue: .boolean(true),
            summary: "whether the result depends on the seed"),
        SettingDescriptor(
            key: "label", kind: .text, defaultValue: .null, summary: "of a reference's row"),
    ]

    private static let words: SettingKind = .either([.list(.text, count: 1...1000), .text])

    /// Reads the sections; what is wrong is noted there.
    init(_ sections: inout StudySections) {
        settings = Self.settings(&sections)
        figures = Self.figures(&sections)
        resources = Self.resources(&sections)
        inputs = sections.value("inputs", as: .list(.text, count: 0...10_000))?.texts ?? []
        environment = sections.value("environment", as: Self.words).flatMap(Self.words)
        let count = sections.faultCount
        stages = Self.stages("stages", settings, &sections)
        if sections.has("command"), sections.has("stages") {
            sections.fault(
                "command and stages exclude each other: with stages each has its own command",
                in: "command")
        }
        if let value = sections.value("command", as: Self.words), let command = Self.words(value) {
            if let line = value.text, let fault = Self.fault(ofLine: line) {
                sections.fault(fault, in: "command")
            }
            stages = [
                Stage(
                    name: "run", command: command, settings: settings.map(\.key), usesSeed: true)
            ]
        } else if stages.isEmpty, sections.faultCount == count {
            sections.fault(
                "study: command needs a command, such as [python3, train.py], or stages",
                in: "study")
        }
        stages += Self.stages("references", settings, &sections)
        check(&sections, isWhole: sections.faultCount == count)
    }

    /// `[python3, train.py]`, or one line that is parted at blanks: no shell reads it.
    private static func words(_ value: SettingValue) -> [String]? {
        if let texts = value.texts { return texts }
        return value.text?.split(separator: " ").map(String.init)
    }

    /// Why a line that is parted at blanks is not what it looks like; nil where it is.
    private static func fault(ofLine line: String) -> String? {
        let signs: Set = ["|", "||", "&", "&&", ";", ">", ">>", "<", "<<", "2>", "2>&1", "1>&2"]
        let words = line.split(separator: " ").map(String.init)
        let sign = words.first { word in
            signs.contains(word) || word.hasSuffix(";")
                || ["\"", "'", "$", ">", "<", "1>", "2>", "`"].contains(where: word.hasPrefix)
                || word.contains("$(") || word.contains("|")
        }
        guard let sign else { return nil }
        return
            "the command has the word \(sign), but no shell reads it: write a list with a shell in it, such as "
            + "[sh, -c, \"...\"], or one of its words, such as [python3, train.py]"
    }

    /// Why a stage cannot leave a path to others; nil where it can.
    private static func fault(ofLeaves path: String) -> String? {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard path.isEmpty || path.hasPrefix("/") || parts.contains("..") || parts.contains(".")
        else { return nil }
        return
            "leaves '\(path)', which leads out of its output; name a file or folder in it, or leave "
            + "it out for the whole"
    }

    /// Names that stand for something else in commands, variables or tables.
    private static let namesOfTrials = [
        "seed", "output", "trial", "threads", "memory", "gpus", "stage",
    ]
    private static let namesOfColumns = [
        "n", "seed", "row", "kind", "remarks", "minutes", "mebibytes",
    ]

    private static func settings(_ sections: inout StudySections) -> [Setting] {
        let found = sections.entries(
            "settings",
            of: [
                SettingDescriptor(
                    key: "kind", kind: .choice(settingKinds), defaultValue: .null,
                    summary: "what values it takes"),
                SettingDescriptor(
                    key: "options", kind: .list(.text, count: 1...1000), defaultValue: .null,
                    summary: "of a choice or a subset"),
                SettingDescriptor(
                    key: "minimum", kind: .number(-1e300...1e300), defaultValue: .null,
                    summary: "the least value"),
                SettingDescriptor(
                    key: "maximum", kind: .number(-1e300...1e300), defaultValue: .null,
                    summary: "the largest value"),
                SettingDescriptor(
                    key: "default", kind: anything, defaultValue: .null,
                    summary: "its value where nobody says"),
                SettingDescriptor(
                    key: "doc", kind: .text, defaultValue: .null, summary: "one line"),
                SettingDescriptor(
                    key: "unit", kind: .text, defaultValue: .null, summary: "as messages have it"),
            ])
        return found.compactMap { name, values in
            func fault(_ message: String, _ key: String? = nil) -> Setting? {
                sections.fault(message, in: "settings", entry: name, key: key)
                return .faulty(name)
            }
            guard isName(name) else {
                return fault("'\(name)' is no name of a setting: letters, digits and _ make one")
            }
            guard !namesOfTrials.contains(name.lowercased()) else {
                return fault(
                    "a setting cannot be called '\(name)': {\(name.lowercased())} is the trial's own"
                )
            }
            let alike = found.first { $0.name.lowercased() == name.lowercased() }?.name
            if let alike, alike != name {
                return fault(
                    "settings \(alike) and \(name) would be one variable, "
                        + "ABLATE_SETTING_\(name.uppercased()); rename one")
            }
            guard let kind = values["kind"]?.text else {
                return values.keys.contains("kind")
                    ? .faulty(name)
                    : fault(
                        "setting \(name) has no kind; give one of "
                            + settingKinds.joined(separator: ", "))
            }
            let options = values["options"]?.texts
            if ["choice", "subset"].contains(kind), options == nil {
                return fault("setting \(name) is a \(kind), but has no options; list them")
            }
            let (low, high) = (values["minimum"]?.number, values["maximum"]?.number)
            for (key, bound) in [("minimum", low), ("maximum", high)] {
                guard let bound else { continue }
                guard ["integer", "number", "range"].contains(kind) else {
                    return fault(
                        "\(key) is of numbers, and setting \(name) is of the kind \(kind); leave it out",
                        key)
                }
                if kind == "integer", bound != bound.rounded() {
                    return fault(
                        "\(key) is \(bound), but must be a whole number, as \(name) is", key)
                }
            }
            if options != nil, !["choice", "subset"].contains(kind) {
                return fault(
                    "options are of a choice or a subset, and setting \(name) is of the kind \(kind); leave them out",
                    "options")
            }
            if let low, let high, low > high {
                return fault(
                    "setting \(name) has the minimum \(SettingValue.number(low)), but the maximum \(SettingValue.number(high))",
                    "minimum")
            }
            var setting = Setting(
                key: name, kind: kind, options: options, minimum: low, maximum: high,
                defaultValue: .null, doc: values["doc"]?.text ?? "", unit: unit(values))
            guard let given = values["default"] else {
                return fault("setting \(name) has no default; give one, as 'default: ...'")
            }
            if given == .null { return setting }
            guard
                let value = sections.value(
                    "default", ofEntry: name, in: "settings", as: setting.settingKind)
            else { return .faulty(name) }
            setting.defaultValue = value
            return setting
        }
    }

    /// A default is read again by the setting's own kind.
    static let anything: SettingKind = .either([
        .boolean, .number(-1e300...1e300), .text,
        .list(.either([.number(-1e300...1e300), .text]), count: 0...1000),
    ])

    private static func figures(_ sections: inout StudySections) -> [Figure] {
        let count = sections.faultCount
        let found = sections.entries(
            "figures",
            of: [
                SettingDescriptor(key: "unit", kind: .text, defaultValue: .null, summary: "unit"),
                SettingDescriptor(
                    key: "better", kind: .choice(["higher", "lower"]), defaultValue: .null,
                    summary: "which is better"),
                SettingDescriptor(
                    key: "decimals", kind: .integer(0...9), defaultValue: .integer(1),
                    summary: "digits behind the point"),
                SettingDescriptor(
                    key: "label", kind: .text, defaultValue: .null, summary: "as a column has it"),
                SettingDescriptor(
                    key: "shown", kind: .boolean, defaultValue: .boolean(true),
                    summary: "whether tables show it where nobody chooses"),
            ])
        if found.isEmpty, sections.faultCount == count {
            sections.fault(
                "study: command needs figures, such as {accuracy: {unit: \"%\", better: higher}}",
                in: "figures")
        }
        let names = found.map(\.name)
        return found.compactMap { name, values in
            if name.hasPrefix(validationPrefix),
                names.contains(String(name.dropFirst(validationPrefix.count)))
            {
                sections.fault(
                    "a figure cannot be called '\(name)': that is what a program calls "
                        + "\(name.dropFirst(validationPrefix.count)) on the validation split; rename one",
                    in: "figures", entry: name)
                return nil
            }
            guard isName(name) else {
                sections.fault(
                    "'\(name)' is no name of a figure: letters, digits and _ make one",
                    in: "figures", entry: name)
                return nil
            }
            guard !namesOfColumns.contains(name) else {
                sections.fault(
                    "a figure cannot be called '\(name)', which is another column of the table",
                    in: "figures", entry: name)
                return nil
            }
            return Figure(
                name: name, unit: unit(values), better: values["better"]?.text,
                decimals: values["decimals"]?.integer ?? 1, label: values["label"]?.text,
                isShown: values["shown"] != .boolean(false))
        }
    }

    /// Nil for an empty one, which is none.
    private static func unit(_ values: [String: SettingValue]) -> String? {
        values["unit"]?.text.flatMap { $0.allSatisfy(\.isWhitespace) ? nil : $0 }
    }

    private static let resourceKeys = [
        SettingDescriptor(
            key: "threads", kind: .integer(1...1024), defaultValue: .integer(1),
            summary: "threads of a stage"),
        SettingDescriptor(
            key: "memory", kind: .text, defaultValue: .text("0 MB"), summary: "memory of a stage"),
        SettingDescriptor(
            key: "gpus", kind: .number(0...64), defaultValue: .number(0),
            summary: "graphics cards of a stage"),
        SettingDescriptor(
            key: "time", kind: .text, defaultValue: .null, summary: "the most time of a stage"),
        SettingDescriptor(
            key: "grace", kind: .text, defaultValue: .text("10s"),
            summary: "time to end when asked to"),
    ]

    private static func resources(_ sections: inout StudySections) -> Resources {
        var resources = Resources()
        let values = sections.settings("resources", of: resourceKeys)
        func fault(_ key: String, _ found: String, _ rule: String) {
            sections.fault(
                "resources.\(key) is \(found), but must be \(rule)", in: "resources", entry: key)
        }
        resources.threads = values["threads"]?.integer ?? resources.threads
        resources.gpus = values["gpus"]?.number ?? resources.gpus
        if resources.gpus > 0, resources.gpus < 0.01 {
            fault("gpus", "\(resources.gpus)", "0 for none, or 0.01 of a card at least")
        }
        if resources.gpus > 1, resources.gpus != resources.gpus.rounded() {
            fault("gpus", "\(resources.gpus)", "a whole number, or a share below 1 of one")
        }
        if let text = values["memory"]?.text {
            // A number alone may be meant in megabytes.
            if let bytes = Amount.bytes(text), bytes == 0 || text.contains(where: \.isLetter) {
                resources.memory = bytes
            } else {
                fault("memory", text, "an amount with its unit, such as 500 MB or 2 GB")
            }
        }
        if let text = values["time"]?.text {
            resources.time = Amount.seconds(text)
            if resources.time.map({ $0 > 0 }) != true {
                fault("time", text, "a time above 0, such as 90s, 20m or 2h")
            }
        }
        if let text = values["grace"]?.text {
            if let grace = Amount.seconds(text) {
                resources.grace = grace
            } else {
                fault("grace", text, "a time such as 10s or 2m")
            }
        }
        return resources
    }

    private static func stages(
        _ section: String, _ settings: [Setting], _ sections: inout StudySections
    ) -> [Stage] {
        let isReference = section == "references"
        return sections.entries(section, of: stageKeys).compactMap { name, values in
            guard isName(name) else {
                sections.fault(
                    "'\(name)' is no name of a stage: letters, digits and _ make one", in: section,
                    entry: name)
                return nil
            }
            guard let command = values["command"].flatMap(Self.words) else {
                if values["command"] == nil {
                    sections.fault("\(section).\(name) has no command", in: section, entry: name)
                }
                return nil
            }
            if let fault = values["command"]?.text.flatMap(fault(ofLine:)) {
                sections.fault(
                    "\(section).\(name): " + fault, in: section, entry: name, key: "command")
            }
            let keys = settings.map(\.key)
            for key in values["settings"]?.texts ?? [] where !keys.contains(key) {
                sections.fault(
                    "\(section).\(name) reads '\(key)', which is no setting; there are "
                        + (keys.isEmpty ? "none" : keys.joined(separator: ", ")),
                    in: section, entry: name, key: "settings")
            }
            if let fault = values["leaves"]?.text.flatMap(fault(ofLeaves:)) {
                sections.fault(
                    "\(section).\(name) " + fault, in: section, entry: name, key: "leaves")
            }
            return Stage(
                name: name, command: command, needs: values["needs"]?.text,
                settings: values["settings"]?.texts ?? (isReference ? [] : keys),
                leaves: values["leaves"]?.text, usesSeed: values["seeds"] != .boolean(false),
                inputs: values["inputs"]?.texts.flatMap { $0.isEmpty ? nil : $0 },
                reference: isReference
                    ? values["label"]?.text ?? name.replacing("_", with: " ") : nil)
        }
    }

    /// What can be a word of a program, a column of a table and a variable.
    static func isName(_ text: String) -> Bool {
        text.utf8.count <= 64 && text.first?.isNumber == false
            && text.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0)
                    || (0x61...0x7A).contains($0) || $0 == 0x5F
            }
    }
}
