import Foundation
import Sweeps

/// What a stage needs to know to run, as it is kept in the store: the settings that it depends on,
/// the data and the seed.
struct StagePayload: Codable, Sendable {
    var kind: StageKind
    var settings: [String: SettingValue]
    var data: [String: SettingValue]
    var seed: Int?

    init(decoding text: String, kind: String) throws {
        guard let payload = try? JSONDecoder().decode(Self.self, from: Data(text.utf8)) else {
            throw TrialsError.badPayload(kind: kind)
        }
        self = payload
    }

    /// The trial's settings; those that this stage does not depend on have their defaults.
    var trialSettings: TrialSettings {
        TrialSettings(TrialSchema.schema.completeTrial(settings))
    }
}
