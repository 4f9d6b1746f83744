import AudioFeatures
import NeuralNetwork

extension EncoderCheckpoint {
    /// Checks what a file says against its own tensors and against what the program can hold.
    ///
    /// Throws: ``MCSimCLRError/foreignCheckpoint(path:reason:)``, `NeuralNetworkError` or
    /// `AudioFeaturesError`, for the first thing at fault.
    static func validate(
        _ configuration: CRNNConfiguration, _ features: FeatureSettings,
        _ normalisation: ChannelNormalisation, level: Double, _ contents: Checkpoint.Contents,
        path: String
    ) throws {
        func require(_ isRight: Bool, _ reason: @autoclosure () -> String) throws {
            guard isRight else {
                throw MCSimCLRError.foreignCheckpoint(
                    path: path, reason: reason() + "; give a file as ablate wrote it")
            }
        }
        try configuration.validate()
        try features.validate()
        let channels = configuration.inputChannels
        try require(
            microphones(channels: channels) != nil,
            "its encoder has \(channels) channels, which no number of microphones up to 64 makes")
        try require(
            configuration.bins == features.bins,
            "its encoder has \(configuration.bins) bins, its features have \(features.bins)")
        for (name, values) in [("mean", normalisation.mean), ("scale", normalisation.scale)] {
            try require(
                values.count == channels,
                "its normalisation has \(values.count) values of \(name), not \(channels)")
            try require(
                values.allSatisfy(\.isFinite), "its normalisation's \(name) is not finite")
        }
        try require(level.isFinite && abs(level) <= 400, "its level is \(level) dB")
        // The file must hold the weights before memory is taken for them.
        let held = contents.tensors.values.reduce(0.0) { $0 + Double($1.count) }
        let needed = configuration.weightCount
        try require(
            held >= needed,
            "its encoder needs \(Int(needed)) weights, but it holds \(Int(held)) numbers")
    }
}

extension CRNNConfiguration {
    /// Weights of convolutions and recurrent layer, without biases and statistics. The sizes must be
    /// valid.
    fileprivate var weightCount: Double {
        var inputs = Double(inputChannels)
        var total = 0.0
        for count in channels {
            total += inputs * Double(count) * Double(kernelSize * kernelSize)
            inputs = Double(count)
        }
        let units = Double(recurrentUnits)
        return total + 6 * units * (inputs * Double(pooledSize.bins) + units)
    }
}
