public import SoundData
public import Sweeps

/// A setting of the data.
typealias DataSetting = Setting<DataSettings>

// MARK: Settings of the data

extension TrialSchema {
    static let data = DataSetting.list("Data") {
        DataSetting(
            "source", .choice(DataSource.allCases.map(\.rawValue)),
            default: .text(DataSource.builtin.rawValue), readBy: [], "where the sounds come from"
        ) { $1.source = $0.text ?? $1.source }
        DataSetting(
            "path", .text, default: .null, readBy: [], "folder or manifest of the data set"
        ) { $1.path = $0.text }
        .when { $0["source"]?.text != DataSource.builtin.rawValue }
        DataSetting(
            "clips", .integer(20...1_000_000), default: .integer(600), readBy: [],
            "number of clips of the built-in events"
        ) { $1.clips = $0.integer }
        .formerly("recordings").when(isFrom(.builtin))
        DataSetting(
            "classes", .integer(2...20), default: .integer(20), readBy: [],
            "number of classes of the built-in events"
        ) { $1.classes = $0.integer }
        .when(isFrom(.builtin))
        DataSetting(
            "seed", .integer(0...Int(Int32.max)), default: .integer(0), readBy: [],
            "seed of the built-in events, and of splits where the data set has none"
        ) { $1.seed = UInt64($0.integer ?? 0) }
        .when(isFrom(.builtin, .folder, .manifest, .fsdnoisy18k, .starss23))
        DataSetting.number(
            "validation_fraction", 0...0.9, default: 0.2, \.validationFraction, readBy: [],
            "share of each class for validation, where the data set has no splits"
        ).when(isFrom(.builtin, .folder, .manifest, .fsdnoisy18k, .starss23))
        DataSetting.number(
            "test_fraction", 0.01...0.9, default: 0.2, \.testFraction, readBy: [],
            "share of each class for testing, where the data set has no splits"
        ).when(isFrom(.builtin, .folder, .manifest))
        DataSetting.integer(
            "fold", 1...5, default: 1, \.fold, readBy: [],
            "fold for testing, where the data set has folds"
        ).when(isFrom(.esc50, .tau2019))
    }

    private static func isFrom(
        _ sources: DataSource...
    ) -> (@Sendable ([String: SettingValue]) -> Bool) {
        { values in sources.contains { values["source"]?.text == $0.rawValue } }
    }
}

extension DataSettings {
    /// - Parameter values: complete and checked against ``TrialSchema``.
    public init(_ values: [String: SettingValue]) {
        self.init()
        TrialSchema.data.apply(values, to: &self)
    }
}
