/// A combination of settings that a sweep leaves out.
struct ExclusionRule {
    var settings: [SettingsTable.Change]
    /// The rule as the file has it.
    var excerpt: String
    var origin: Origin

    /// Reads `exclude`: partial settings, or a list of them.
    static func read(
        _ node: SourceNode, schema: SettingsSchema, faults: inout FaultList
    ) -> [Unplaced] {
        guard !node.isNull else { return [] }
        return (node.elements ?? [node]).compactMap { element in
            let count = faults.count
            let settings = SettingChecker.settings(
                of: element, schema.trial, place: "exclude", advice: { schema.advice(on: $0) },
                faults: &faults)
            if faults.count == count, settings.isEmpty {
                faults.add(
                    .value(
                        name: "a rule of exclude", found: element.excerpt,
                        rule: "the settings of the rows to leave out", nearest: nil),
                    at: element.origin)
            }
            guard faults.count == count else { return nil }
            return Unplaced(settings: settings, excerpt: element.excerpt, origin: element.origin)
        }
    }

    /// A rule whose settings are still named by their keys.
    struct Unplaced {
        var settings: [String: SettingValue]
        var excerpt: String
        var origin: Origin

        func placed(in table: SettingsTable) -> ExclusionRule {
            ExclusionRule(
                settings: table.changes(settings), excerpt: excerpt, origin: origin)
        }
    }

    /// Whether a row has all these settings, each with an effect.
    func matches(_ changes: [SettingsTable.Change], inert: [Int], table: SettingsTable) -> Bool {
        settings.allSatisfy { wanted in
            !inert.contains(wanted.position)
                && table.value(at: wanted.position, in: changes) == wanted.value
        }
    }
}
