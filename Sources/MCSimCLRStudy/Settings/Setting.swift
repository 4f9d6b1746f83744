package import Sweeps

/// One setting of a sweep file, said once: what a file may say, who reads it, and where its value goes.
///
/// The schema, ``TrialSettings``, what each stage's digest covers, what an evaluation reads and what
/// a forecast must work out anew all follow from it.
package struct Setting<Target>: Sendable {
    package private(set) var descriptor: SettingDescriptor
    /// The kinds of stage that read it themselves: those that need one of these depend on it too.
    package let readers: Set<StageKind>
    /// Puts a value, complete and checked, where it belongs.
    package let apply: @Sendable (SettingValue, inout Target) -> Void
    package private(set) var traits: SettingTraits = []
    /// The setting whose value "same" stands for.
    package private(set) var standsFor: String?
    /// Rows in which a kind of stage that reads it does not depend on it.
    private(set) var exception: ReadingException?

    init(
        _ key: String, _ kind: SettingKind, default value: SettingValue, readBy: Set<StageKind>,
        _ summary: String, unit: String? = nil,
        apply: @escaping @Sendable (SettingValue, inout Target) -> Void
    ) {
        descriptor = SettingDescriptor(
            key: key, kind: kind, defaultValue: value, summary: summary, unit: unit)
        readers = readBy
        self.apply = apply
    }

    package var key: String { descriptor.key }

    /// Whether the result of a kind of stage depends on it.
    package func reaches(_ kind: StageKind) -> Bool {
        !readers.isDisjoint(with: [kind.onTest] + kind.dependencies)
    }
}

/// What else is true of a setting.
package struct SettingTraits: OptionSet, Sendable {
    package let rawValue: Int

    package init(rawValue: Int) { self.rawValue = rawValue }

    /// No stage takes longer by it, or more memory.
    package static let free = SettingTraits(rawValue: 1)
    /// Stages take longer by it, though others of its list are ``free``.
    package static let costs = SettingTraits(rawValue: 8)
    /// The size of the banks in the cache depends on it.
    package static let sizesBanks = SettingTraits(rawValue: 2)
    /// Recordings of real rooms have no use for it: nothing is simulated, each exists once.
    package static let simulation = SettingTraits(rawValue: 4)
}

/// Rows in which a kind of stage does not depend on a setting that it otherwise reads.
struct ReadingException: Sendable {
    var kind: StageKind
    /// The keys of the settings that decide on it.
    var deciding: [String]
    /// Is given the values of those, in their order.
    var applies: @Sendable ([SettingValue]) -> Bool
}

// MARK: What only some settings have to say

extension Setting {
    private func changed(_ change: (inout Self) -> Void) -> Self {
        var copy = self
        change(&copy)
        return copy
    }

    /// Where it has an effect beside the others; elsewhere it goes back to its default.
    func when(_ applies: @escaping @Sendable ([String: SettingValue]) -> Bool) -> Self {
        changed { $0.descriptor.appliesWhen = applies }
    }

    /// The value that the others imply where it has no effect.
    func implied(
        _ value: @escaping @Sendable ([String: SettingValue]) -> SettingValue?
    ) -> Self { changed { $0.descriptor.implied = value } }

    /// How the label of a row names a value.
    func label(_ text: @escaping @Sendable (SettingValue) -> String) -> Self {
        changed { $0.descriptor.label = text }
    }

    /// For a setting that came later: while it has this value, its default for ever, all is as it was
    /// before there was the setting, and digests and stored settings are without it.
    func neutral(_ value: SettingValue) -> Self { changed { $0.descriptor.neutralValue = value } }

    /// The key of a setting of the data before it had this one.
    func formerly(_ key: String) -> Self { changed { $0.descriptor.formerKey = key } }

    func with(_ traits: SettingTraits) -> Self { changed { $0.traits.formUnion(traits) } }

    /// Its value "same" stands for that of another setting.
    func standing(for key: String) -> Self { changed { $0.standsFor = key } }

    /// Not read by a kind where values of others, in the order of their keys, have it so.
    func unread(
        by kind: StageKind, beside keys: [String],
        where applies: @escaping @Sendable ([SettingValue]) -> Bool
    ) -> Self {
        changed { $0.exception = ReadingException(kind: kind, deciding: keys, applies: applies) }
    }
}

/// A setting of a trial.
package typealias TrialSetting = Setting<TrialDraft>

/// Makes a list of settings, each checked by the compiler by itself: together they would take it minutes.
@resultBuilder
enum SettingList<Target> {
    static func buildExpression(_ setting: Setting<Target>) -> Setting<Target> { setting }

    static func buildBlock(_ settings: Setting<Target>...) -> [Setting<Target>] { settings }
}

extension Setting {
    /// - Parameters:
    ///   - group: what they are about, as a heading of lists.
    ///   - traits: of all of them; ``SettingTraits/free`` not of those that say otherwise.
    static func list(
        _ group: String, _ traits: SettingTraits = [], @SettingList<Target> _ settings: () -> [Self]
    ) -> [Self] {
        settings().map { setting in
            let own = setting.traits.contains(.costs) ? traits.subtracting(.free) : traits
            return setting.with(own).changed { $0.descriptor.group = group }
        }
    }
}

extension Array {
    /// Puts the values of all settings where they belong.
    ///
    /// - Parameter values: complete and checked, by the keys of today or by those that are stored.
    func apply<Target>(_ values: [String: SettingValue], to target: inout Target)
    where Element == Setting<Target> {
        for setting in self {
            guard let value = values[setting.key] ?? values[setting.descriptor.storedKey] else {
                preconditionFailure("no setting \(setting.key)")
            }
            setting.apply(value, &target)
        }
    }
}
