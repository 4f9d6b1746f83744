import Digests
import MCSimCLRStudy
import ResultsStore
import Studies
import Sweeps
import Testing

/// What holds of every declared setting, the next one too.
@Suite("Declared settings")
struct SettingDeclarationTests {
    /// Rows in which settings have an effect; the first that will do is taken. The test's scenes have
    /// values of their own, so that those of the training's reach the training alone.
    private static let rows: [[String: SettingValue]] = [
        [:], ["source_motion": .text("arc")],
        ["augmentations": .list(allAugmentations)],
        ["evaluation_unit": .text("patch")],
    ].map { row in
        row.merging([
            "evaluation_rt60": .list([.number(0.2), .number(0.4)]),
            "evaluation_snr_db": .list([.number(10), .number(12)]),
        ]) { own, _ in own }
    }

    private static var allAugmentations: [SettingValue] {
        let kind = TrialSchema.schema.trial.first { $0.key == "augmentations" }?.kind
        guard case .subset(let names, _)? = kind else { return [] }
        return names.map { .text($0) }
    }

    /// Another value that a kind allows, close by: checks beyond the kind should let it pass.
    private static func other(than value: SettingValue, _ kind: SettingKind) -> SettingValue? {
        switch kind {
        case .boolean: return .boolean(value != .boolean(true))
        case .integer(let bounds):
            let next = (value.integer ?? bounds.lowerBound) + 1
            return .integer(bounds.contains(next) ? next : next - 2)
        case .number(let bounds):
            return .number(((value.number ?? bounds.upperBound / 4) + bounds.lowerBound) / 2)
        case .choice(let options): return options.first { .text($0) != value }.map { .text($0) }
        case .subset(let options, _):
            let fewer = options.dropLast().map { SettingValue.text($0) }
            return .list(value == .list(fewer) ? Array(fewer.dropLast()) : fewer)
        case .range(let bounds):
            let low = value.range?.lowerBound ?? bounds.upperBound / 4
            let point = (low + bounds.lowerBound) / 2
            return .list([.number(point), .number(point)])
        case .list(let element, _):
            guard let list = value.list, let first = list.first,
                let changed = other(than: first, element)
            else { return nil }
            return .list([changed] + list.dropFirst())
        case .either(let kinds):
            return kinds.lazy.compactMap { other(than: value, $0) }.first { $0 != value }
        case .map, .text: return nil
        }
    }

    private func complete(_ settings: [String: SettingValue]) -> [String: SettingValue] {
        TrialSchema.schema.completeTrial(settings)
    }

    /// A row, and the same with another value of the setting.
    private func pair(
        _ setting: Setting<TrialDraft>
    ) throws -> (plain: [String: SettingValue], changed: [String: SettingValue]) {
        for row in Self.rows {
            let plain = complete(row)
            guard let value = plain[setting.key],
                setting.descriptor.appliesWhen?(plain) ?? true,
                let other = Self.other(than: value, setting.descriptor.kind)
            else { continue }
            return (plain, complete(row.merging([setting.key: other]) { $1 }))
        }
        throw NoRow(setting: setting.key)
    }

    private struct NoRow: Error { var setting: String }

    private func digests(_ settings: [String: SettingValue]) throws -> [StageKind: Digest] {
        let lines = settings.filter { TrialSchema.schema.completeTrial([:])[$0.key] != $0.value }
            .map { "  \($0.key): \($0.value.canonicalJSON)\n" }.sorted().joined()
        let plan = try SweepFile.parse(
            "name: x\nevaluation: [\(TrialSchema.evaluations.joined(separator: ", "))]\nbase:\n\(lines)",
            fileName: "x.yaml", overrides: [],
            schema: TrialSchema.schema
        ).expand()
        let stages = StagePlan(
            plan, study: BuiltinStudy(), prepared: StandIn(Digest(of: "data"), clips: [:]))
        return Dictionary(
            uniqueKeysWithValues: stages.trials[0].stages.compactMap { digest in
                stages[digest].flatMap { StageKind(rawValue: $0.kind) }.map { ($0, digest) }
            })
    }

    @Test("another value of a setting changes the typed settings", arguments: TrialSchema.trial)
    func typed(_ setting: Setting<TrialDraft>) throws {
        let (plain, changed) = try pair(setting)
        #expect(plain != changed)
        #expect(TrialSettings(plain) != TrialSettings(changed))
    }

    @Test(
        "and the digests of the stages that read it, of those that need these, and of no others",
        arguments: TrialSchema.trial)
    func stages(_ setting: Setting<TrialDraft>) throws {
        let (plain, changed) = try pair(setting)
        let (one, other) = (try digests(plain), try digests(changed))
        try #require(Set(one.keys) == Set(StageKind.onTest))
        var expected = setting.readers
        for definition in BuiltinStudy().stages {
            guard let kind = StageKind(rawValue: definition.name) else { continue }
            let needs = definition.needs.compactMap(StageKind.init)
            if !expected.isDisjoint(with: needs) { expected.insert(kind) }
            // What the declaration excepts, the stage excepts.
            if let exception = definition.exception, exception.settings.contains(setting.key),
                exception.applies(exception.deciding.map { plain[$0] ?? .null })
            {
                expected.remove(kind)
            }
        }
        expected.formIntersection(StageKind.onTest)
        #expect(Set(StageKind.onTest.filter { one[$0] != other[$0] }) == expected)
    }

    @Test("every setting has readers, and a line that says what it is")
    func complete() {
        for setting in TrialSchema.trial {
            #expect(!setting.readers.isEmpty, "\(setting.key)")
            #expect(!setting.descriptor.summary.isEmpty, "\(setting.key)")
            if let other = setting.standsFor {
                #expect(TrialSchema.trial.contains { $0.key == other }, "\(setting.key)")
            }
        }
    }
}

extension Setting: CustomTestStringConvertible {
    public var testDescription: String { key }
}
