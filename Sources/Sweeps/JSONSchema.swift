/// What a sweep file may say as JSON Schema (draft 7), for editors that complete and check YAML by it.
///
/// It allows what the reader allows, value by value; what several settings say together is checked by
/// the reader alone.
public enum JSONSchema {
    /// - Parameters:
    ///   - schema: of the study of files that name none.
    ///   - study: its name.
    ///   - others: the names of studies whose files define their own settings.
    public static func document(
        _ schema: SettingsSchema, study: String, others: [String] = []
    ) -> SettingValue {
        let sections = sections(schema, study: study)
        return .map([
            "$schema": .text("http://json-schema.org/draft-07/schema#"),
            "title": .text("A sweep file of ablate"),
            "type": .text("object"),
            "definitions": .map([
                "trial": settings(schema.trial), "data": settings(schema.data),
                "parameters": parameters(schema),
            ]),
            "if": .map([
                "properties": .map(["study": .map(["enum": texts(others)])]),
                "required": texts(["study"]),
            ]),
            // Their settings are what the file says that they are.
            "then": .map(["properties": .map(["name": text, "study": text])]),
            "else": .map([
                "properties": .map(sections), "additionalProperties": .boolean(false),
            ]),
        ])
    }

    /// Of one setting's value.
    public static func value(of descriptor: SettingDescriptor) -> SettingValue {
        let rule = kind(descriptor.kind)
        var entries = descriptor.defaultValue == .null ? anyOf([rule, null]) : rule
        let unit = descriptor.unit.map { " (\($0))" } ?? ""
        entries["description"] = .text(descriptor.summary + unit)
        entries["default"] = descriptor.defaultValue
        return .map(entries)
    }

    // MARK: Sections

    private static func sections(_ schema: SettingsSchema, study: String) -> [String: SettingValue]
    {
        let trial = reference("trial")
        let seeds: SettingValue = .map(
            anyOf([
                ["type": .text("integer"), "minimum": .integer(1)],
                [
                    "type": .text("array"),
                    "items": .map(["type": .text("integer"), "minimum": .integer(0)]),
                ],
            ]))
        var rows: [String: SettingValue] = [
            "data": .map(reference("data")), "base": .map(trial),
            "parameters": .map(reference("parameters")), "seeds": seeds,
            "evaluation": names(schema.evaluations), "design": design(schema),
            "designs": design(schema),
            "baseline": .map(anyOf([["type": .text("string")], trial])),
            "exclude": .map(
                anyOf([trial, ["type": .text("array"), "items": .map(trial)], null])),
            "claims": .map(claims(schema)),
        ]
        let scale: SettingValue = .map([
            "type": .text("object"), "properties": .map(rows),
            "additionalProperties": .boolean(false),
        ])
        rows["name"] = .map(["type": .text("string"), "pattern": .text(#"^[A-Za-z0-9._-]+$"#)])
        rows["description"] = .map(["type": texts(["string", "null"])])
        rows["study"] = .map(anyOf([["const": .text(study)], null]))
        rows["metrics"] = names(schema.figures)
        rows["paper"] = .map([
            "type": texts(["object", "null"]),
            "additionalProperties": .map([
                "type": .text("object"),
                "additionalProperties": .map(["type": .text("number")]),
            ]),
        ])
        rows["tune"] = .map(tune(schema))
        rows["scales"] = .map(["type": texts(["object", "null"]), "additionalProperties": scale])
        rows["scale"] = .map(["type": texts(["string", "null"])])
        rows[ClusterSection.key] = cluster
        for section in SweepSections.keys + schema.sections where rows[section] == nil {
            rows[section] = .map([:])
        }
        return rows
    }

    private static var cluster: SettingValue {
        func count(_ minimum: Int) -> SettingValue {
            .map(["type": .text("integer"), "minimum": .integer(minimum)])
        }
        let amount: SettingValue = .map(["type": texts(["string", "number"])])
        return .map([
            "type": texts(["object", "null"]), "additionalProperties": .boolean(false),
            "properties": .map([
                "slurm": .map(["type": .text("object")]), "time": amount, "task_time": amount,
                "memory": amount, "cpus": count(1), "gpus": count(0), "most": count(1),
                "setup": .map(
                    anyOf([text.map ?? [:], ["type": .text("array"), "items": text]])),
            ]),
        ])
    }

    private static func settings(_ descriptors: [SettingDescriptor]) -> SettingValue {
        var properties: [String: SettingValue] = [:]
        for descriptor in descriptors {
            properties[descriptor.key] = value(of: descriptor)
            if let former = descriptor.formerKey { properties[former] = value(of: descriptor) }
        }
        return .map([
            "type": texts(["object", "null"]), "properties": .map(properties),
            "additionalProperties": .boolean(false),
        ])
    }

    private static func parameters(_ schema: SettingsSchema) -> SettingValue {
        var properties: [String: SettingValue] = [:]
        for descriptor in schema.trial {
            var one = [reference("trial/properties/\(descriptor.key)")]
            if case .subset(let options, _) = descriptor.kind {
                one.append(["enum": texts(options)])
            }
            let value: SettingValue = .map(anyOf(one))
            let list: SettingValue = .map(["type": .text("array"), "items": value])
            var spellings: [[String: SettingValue]] =
                one + [
                    list.map ?? [:], object(["values": list], required: ["values"]),
                    object(["value": value], required: ["value"]),
                ]
            switch descriptor.kind {
            case .integer, .number:
                let number: SettingValue = .map(["type": .text("number")])
                let distribution: SettingValue = .map([
                    "enum": texts(["uniform", "log_uniform_values"])
                ])
                spellings.append(
                    object(
                        ["min": number, "max": number, "distribution": distribution],
                        required: ["min", "max"]))
            default: break
            }
            var entries = anyOf(spellings)
            entries["description"] = .text(descriptor.summary)
            properties[descriptor.key] = .map(entries)
        }
        return .map([
            "type": texts(["object", "null"]), "properties": .map(properties),
            "additionalProperties": .boolean(false),
        ])
    }

    private static func design(_ schema: SettingsSchema) -> SettingValue {
        let kinds: [String: SettingValue] = [
            "enum": texts(SweepDesign.Kind.allCases.map(\.rawValue))
        ]
        let maps = SweepDesign.Kind.allCases.map { kind in
            var properties: [String: SettingValue] = [:]
            for key in kind.keys {
                switch key {
                case "kind": properties[key] = .map(["const": .text(kind.rawValue)])
                case "parameters": properties[key] = .map(reference("parameters"))
                case "of":
                    properties[key] = .map([
                        "enum": texts(schema.trial.filter(\.kind.isSubset).map(\.key))
                    ])
                case "orders": properties[key] = .map(["enum": texts(["listed", "all"])])
                case "points":
                    properties[key] = .map([
                        "type": .text("integer"), "minimum": .integer(1),
                        "maximum": .integer(DesignSection.maximumPoints),
                    ])
                case "seed":
                    properties[key] = .map(["type": .text("integer"), "minimum": .integer(0)])
                default:
                    properties[key] = .map(
                        anyOf([
                            ["type": .text("string")],
                            ["type": .text("array"), "items": .map(["type": .text("string")])],
                        ]))
                }
            }
            return object(properties, required: kind == .random ? ["kind", "points"] : ["kind"])
        }
        let one: SettingValue = .map(anyOf([kinds] + maps))
        return .map(anyOf([kinds] + maps + [["type": .text("array"), "items": one]]))
    }

    private static func tune(_ schema: SettingsSchema) -> [String: SettingValue] {
        func whole(_ bounds: ClosedRange<Int>) -> SettingValue { .map(kind(.integer(bounds))) }
        return anyOf([
            object(
                [
                    "parameters": .map(reference("parameters")),
                    "points": .map(
                        anyOf([
                            kind(.integer(1...TuneSection.maximumPoints)),
                            ["const": .text(TuneSection.everyPoint)],
                        ])),
                    "metric": .map(["enum": texts(schema.validations.flatMap(\.metrics))]),
                    "seeds": whole(1...TuneSection.maximumSeeds), "seed": whole(0...Int.max),
                ], required: ["parameters", "metric"]), null,
        ])
    }

    private static func claims(_ schema: SettingsSchema) -> [String: SettingValue] {
        let side: SettingValue = .map(
            object(
                ["row": text, "evaluation": .map(["enum": texts(schema.evaluations)])],
                required: []))
        let contrast = ["better": side, "than": side]
        let more: [String: SettingValue] = [
            "beyond": .map(anyOf([object(contrast, required: ["better", "than"]), null])),
            "metrics": names(schema.figures),
        ]
        let claim = object(contrast.merging(more) { $1 }, required: ["better", "than"])
        return ["type": texts(["object", "null"]), "additionalProperties": .map(claim)]
    }

    private static func names(_ names: [String]) -> SettingValue {
        let one: [String: SettingValue] = ["enum": texts(names)]
        return .map(
            anyOf([
                one,
                [
                    "type": .text("array"), "items": .map(one), "minItems": .integer(1),
                    "uniqueItems": .boolean(true),
                ],
            ]))
    }

    private static func reference(_ name: String) -> [String: SettingValue] {
        ["$ref": .text("#/definitions/\(name)")]
    }

    // MARK: Values

    private static func kind(_ kind: SettingKind) -> [String: SettingValue] {
        switch kind {
        case .boolean: return ["type": .text("boolean")]
        case .integer(let bounds):
            var entries: [String: SettingValue] = ["type": .text("integer")]
            if bounds.lowerBound > .min { entries["minimum"] = .integer(bounds.lowerBound) }
            if bounds.upperBound < .max { entries["maximum"] = .integer(bounds.upperBound) }
            return entries
        case .number(let bounds): return number(bounds)
        case .choice(let options): return ["enum": texts(options)]
        case .text:
            // A path or a name may look like a number.
            return ["type": texts(["string", "number", "boolean"])]
        case .subset(let options, _):
            return anyOf([
                [
                    "type": .text("array"), "items": .map(["enum": texts(options)]),
                    "uniqueItems": .boolean(true),
                ], ["enum": texts(["all", "none"])],
            ])
        case .range(let bounds):
            let end = number(bounds)
            return anyOf([
                end,
                [
                    "type": .text("array"), "items": .map(end), "minItems": .integer(2),
                    "maxItems": .integer(2),
                ],
            ])
        case .list(let element, let count):
            var entries: [String: SettingValue] = [
                "type": .text("array"), "items": .map(self.kind(element)),
                "minItems": .integer(count.lowerBound),
            ]
            if count.upperBound < .max { entries["maxItems"] = .integer(count.upperBound) }
            return entries
        case .map(let descriptors):
            var properties: [String: SettingValue] = [:]
            for descriptor in descriptors { properties[descriptor.key] = value(of: descriptor) }
            return object(properties, required: [])
        case .either(let kinds): return anyOf(kinds.map(self.kind))
        }
    }

    private static func number(_ bounds: ClosedRange<Double>) -> [String: SettingValue] {
        var entries: [String: SettingValue] = ["type": .text("number")]
        if bounds.lowerBound > -.greatestFiniteMagnitude {
            entries["minimum"] = .number(bounds.lowerBound)
        }
        if bounds.upperBound < .greatestFiniteMagnitude {
            entries["maximum"] = .number(bounds.upperBound)
        }
        return entries
    }

    private static let null: [String: SettingValue] = ["type": .text("null")]
    private static let text: SettingValue = .map(["type": .text("string")])

    private static func texts(_ texts: [String]) -> SettingValue { .list(texts.map { .text($0) }) }

    private static func anyOf(_ choices: [[String: SettingValue]]) -> [String: SettingValue] {
        choices.count == 1 ? choices[0] : ["anyOf": .list(choices.map { .map($0) })]
    }

    private static func object(
        _ properties: [String: SettingValue], required: [String]
    ) -> [String: SettingValue] {
        var entries: [String: SettingValue] = [
            "type": .text("object"), "properties": .map(properties),
            "additionalProperties": .boolean(false),
        ]
        if !required.isEmpty { entries["required"] = texts(required) }
        return entries
    }
}
