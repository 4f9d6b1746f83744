/// `smallest_effect`: the smallest difference that matters, by figure (`accuracy`: in every evaluation) or
/// by a metric of one evaluation (`probe_accuracy`).
enum SmallestEffects {
    /// Units: of the figures. Faults are added for names that no table has, and for what is no size.
    static func read(
        _ node: SourceNode, schema: SettingsSchema, faults: inout FaultList
    ) -> [String: Double] {
        guard let entries = node.entries else {
            faults.add(.notAMap(place: "smallest_effect", found: node.excerpt), at: node.origin)
            return [:]
        }
        // A study with one evaluation may call its metrics as its figures.
        let allowed =
            schema.figures + (schema.metrics ?? []).filter { !schema.figures.contains($0) }
        var sizes: [String: Double] = [:]
        for entry in entries {
            guard allowed.contains(entry.key) else {
                faults.add(
                    .unknownName(entry.key, what: "metric", allowed: allowed), at: entry.keyOrigin)
                continue
            }
            sizes[entry.key] =
                SettingChecker.value(
                    of: entry.value, as: .number(1e-12...1e12),
                    name: "smallest_effect.\(entry.key)", faults: &faults)?.number
        }
        return sizes
    }
}
