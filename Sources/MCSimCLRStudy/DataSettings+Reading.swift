public import SoundData
public import Sweeps

extension DataSettings {
    /// - Parameter values: complete and checked against ``TrialSchema``.
    public init(_ values: [String: SettingValue]) {
        let reader = SettingsReader(values)
        self.init(
            source: reader.text("source"), path: reader.textIfAny("path"),
            recordings: reader.integer("recordings"), classes: reader.integer("classes"),
            seed: UInt64(reader.integer("seed")),
            validationFraction: reader.number("validation_fraction"),
            testFraction: reader.number("test_fraction"), fold: reader.integer("fold"))
    }
}
