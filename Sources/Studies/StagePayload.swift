import Foundation
public import Sweeps

/// What a stage needs to know to run, as it is kept in the store: the settings that it depends on, the
/// data and the seed.
public struct StagePayload: Codable, Sendable {
    /// The stage's name.
    public var kind: String
    public var settings: [String: SettingValue]
    public var data: [String: SettingValue]
    /// Nil for a stage that does not depend on it.
    public var seed: Int?

    /// Throws: ``StudiesError/badPayload(kind:)``.
    public init(decoding text: String, kind: String) throws {
        guard let payload = try? JSONDecoder().decode(Self.self, from: Data(text.utf8)) else {
            throw StudiesError.badPayload(kind: kind)
        }
        self = payload
    }
}
