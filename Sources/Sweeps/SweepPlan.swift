public import Digests

/// What a sweep runs: its rows, and their trials, one for each seed.
public struct SweepPlan: Sendable {
    /// More than this is taken for a slip.
    public static let maximumTrials = 1_000_000

    /// The configurations, in the order of the file.
    public let rows: [SweepRow]
    /// Row by row, in each row by seed.
    public let trials: [SweepTrial]
    /// Combinations that turned out to be a row that was there already.
    public let collapsed: [CollapsedRow]
    /// Combinations that a rule of `exclude` left out.
    public let excluded: [ExcludedRow]
    /// The keys of the settings that differ between rows, in the order of the file.
    public let variedKeys: [String]
    public let seeds: [Int]
    /// The settings of the data, complete.
    public let data: [String: SettingValue]
    /// The same by the keys that they had first: as it is stored.
    public let storedData: [String: SettingValue]
    public let evaluation: [String]
    /// What the file says and nothing reads.
    public let remarks: [SweepRemark]
    /// The keys of settings that no evaluation of this sweep reads.
    let unread: Set<String>
    let table: SettingsTable
    /// Positions of the settings in which some row differs from what all start from.
    let changing: Set<Int>
    let origins: SettingOrigins

    /// The first row that others are compared with.
    public var baseline: SweepRow? { rows.first(where: \.isBaseline) }
}

/// One configuration: the settings of its trials, whatever the seed.
public struct SweepRow: Sendable {
    public let index: Int
    /// As a person would write it, unlike that of any other row: `all`, `batch_size 64`.
    public let label: String
    /// Whether other rows are compared with it.
    public let isBaseline: Bool
    /// The index of the row that this one is compared with: the baseline, or, of several in a
    /// crossed sweep, the one that is like this row in everything else. A baseline's is its own.
    public let baseline: Int?
    /// The settings that differ between the rows of the sweep and have an effect in this one.
    public let varied: [(key: String, value: SettingValue)]
    /// Of the complete settings and the data; the seed is no part of it.
    public let digest: Digest
    let shared: SettingsTable
    let changes: [SettingsTable.Change]

    /// Complete and canonical; made at each call, so keep it where it is needed twice.
    public var settings: [String: SettingValue] { shared.settings(with: changes) }
}

/// One thing to be run: a row with a seed.
public struct SweepTrial: Sendable {
    /// The index of the row in its plan.
    public let row: Int
    public let seed: Int
    /// Of the complete settings, the data and the seed: the same in every sweep and on every machine.
    public let digest: Digest
    let shared: SettingsTable
    let changes: [SettingsTable.Change]

    /// Complete and canonical; made at each call, so keep it where it is needed twice.
    public var settings: [String: SettingValue] { shared.settings(with: changes) }
}

/// A combination that makes no row of its own.
public struct CollapsedRow: Sendable, Hashable {
    /// The combination: `none, channel_drop_probability 0.3`.
    public let what: String
    /// The label of the row that it is the same as.
    public let into: String
    /// Why they are the same.
    public let why: String
}

/// A combination that a rule of `exclude` left out.
public struct ExcludedRow: Sendable, Hashable {
    /// The combination, as a label would have it.
    public let what: String
    /// The rule, as the file has it.
    public let rule: String
}

/// The settings that all rows of a sweep start from; a row holds only what it changes.
final class SettingsTable: Sendable {
    struct Change: Sendable {
        var position: Int
        var value: SettingValue
    }

    /// By key, sorted.
    let descriptors: [SettingDescriptor]
    let values: [SettingValue]
    let settings: [String: SettingValue]
    /// By key, of the settings that came later.
    let neutralValues: [String: SettingValue]

    init(descriptors: [SettingDescriptor], base: [String: SettingValue]) {
        let descriptors = descriptors.sorted { $0.key < $1.key }
        self.descriptors = descriptors
        values = descriptors.map { base[$0.key] ?? $0.defaultValue }
        settings = Dictionary(
            uniqueKeysWithValues: zip(descriptors.map(\.key), values).map { ($0, $1) })
        neutralValues = Dictionary(
            uniqueKeysWithValues: descriptors.compactMap { descriptor in
                descriptor.neutralValue.map { (descriptor.key, $0) }
            })
    }

    func position(of key: String) -> Int? {
        descriptors.firstIndex { $0.key == key }
    }

    /// Settings by position, in the order of their keys.
    func changes(_ settings: [String: SettingValue]) -> [Change] {
        descriptors.indices.compactMap { position in
            settings[descriptors[position].key].map { Change(position: position, value: $0) }
        }
    }

    func value(at position: Int, in changes: [Change]) -> SettingValue {
        changes.first { $0.position == position }?.value ?? values[position]
    }

    func settings(with changes: [Change]) -> [String: SettingValue] {
        var settings = settings
        for change in changes { settings[descriptors[change.position].key] = change.value }
        return settings
    }
}
