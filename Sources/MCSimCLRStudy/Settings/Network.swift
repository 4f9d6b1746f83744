import MCSimCLR
import Sweeps

// MARK: Settings of the network

extension TrialSchema {
    static let network = TrialSetting.list("Network") {
        TrialSetting(
            "encoder",
            .either([.choice(EncoderPreset.allCases.map(\.rawValue)), .map(encoderSizes)]),
            default: .text(EncoderPreset.paper.rawValue), readBy: [.pretrain, .random, .scratch],
            "size of the CRNN: small, paper, or its channels and units"
        ) { value, draft in draft.encoder = encoderSize(value) }
        TrialSetting.integers(
            "projection", 1...4096, default: [256, 128], \.pretraining.projection,
            readBy: [.pretrain], "units of the projection head: hidden, output"
        ).with(.free)
    }

    private static let encoderSizes = [
        SettingDescriptor(
            key: "channels", kind: .list(.integer(1...1024), count: 3...3),
            defaultValue: .list([.integer(64), .integer(64), .integer(64)]),
            summary: "channels of the convolutions"),
        SettingDescriptor(
            key: "kernel_size", kind: .integer(1...7), defaultValue: .integer(3),
            summary: "kernel size of the convolutions (odd)"),
        SettingDescriptor(
            key: "recurrent_units", kind: .integer(1...1024), defaultValue: .integer(128),
            summary: "units of the GRU, each direction"),
    ]

    private static func encoderSize(_ value: SettingValue) -> EncoderSize {
        if let preset = value.text.flatMap(EncoderPreset.init) { return EncoderSize(preset) }
        guard let map = value.map, let channels = map["channels"]?.list?.compactMap(\.integer),
            let kernelSize = map["kernel_size"]?.integer,
            let recurrentUnits = map["recurrent_units"]?.integer
        else { preconditionFailure("setting encoder is \(value)") }
        return EncoderSize(
            channels: channels, kernelSize: kernelSize, recurrentUnits: recurrentUnits)
    }
}
