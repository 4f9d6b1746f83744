/// Where a sweep's settings are said.
struct SettingOrigins: Sendable {
    private let base: [String: Origin]
    /// By key: the places of the values that are swept, and of the parameter itself.
    private var swept: [String: (values: [(value: SettingValue, origin: Origin)], key: Origin)] =
        [:]

    init(_ sections: SweepSections, _ designs: [ResolvedDesign]) {
        base = sections.baseOrigins
        let parameters = designs.flatMap(\.parameters) + (sections.tune?.parameters ?? [])
        for parameter in parameters where swept[parameter.key] == nil {
            swept[parameter.key] = (
                parameter.candidates.map { ($0.value, $0.origin) }, parameter.origin
            )
        }
    }

    /// Where the settings of a row say what conflicts; the whole file where only defaults do.
    func origin(of conflict: SettingConflict, settings: [String: SettingValue]) -> Origin {
        for key in [conflict.key] + conflict.others {
            if let (values, origin) = swept[key] {
                return values.first { $0.value == settings[key] }?.origin ?? origin
            }
            if let origin = base[key] { return origin }
        }
        return .wholeFile
    }
}

extension SweepFile {
    /// Conflicts of rows with what a sweep file cannot know, as faults of the file.
    package func faults(
        of conflicts: [(conflict: SettingConflict, row: SweepRow)]
    ) -> SweepFaults {
        var faults = FaultList(fileName: fileName, overrides: overrides)
        for (conflict, row) in conflicts {
            let origin = plan.origins.origin(of: conflict, settings: row.settings)
            faults.add(.conflict(conflict.message), at: origin)
        }
        return faults.faults
    }
}
