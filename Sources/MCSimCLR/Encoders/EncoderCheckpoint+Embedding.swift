import AudioFeatures
import NeuralNetwork

extension EncoderCheckpoint {
    /// What the encoder makes of a recording, by the recipe of the linear probe: its patches
    /// (``EvaluationGrid``), its level brought to that of the training.
    ///
    /// Shape: samples planar [microphones, samples]; result [1 or patches, embedding].
    /// Throws: ``MCSimCLRError`` for a recording that is too short, silent or not finite.
    public func embeddings(of samples: [Float], unit: EvaluationUnit) throws -> Matrix {
        try Embedder(recording(samples), grid: grid(unit), level: level)
            .embeddings(of: [0], encoder: encoder)
    }

    /// The mean over a recording's patches.
    ///
    /// Shape: samples planar [microphones, sampleCount]; result [embedding].
    public func embedding(of samples: [Float], sampleCount: Int) throws -> [Float] {
        try embeddings(of: samples, unit: .recording).values.map(Float.init)
    }

    /// What the heads of a probe say of a recording: each track's class and direction, once for the
    /// whole or for each patch, as the probe judged.
    public func predictions(of samples: [Float], _ heads: ProbeHeads) throws -> [HeardSources] {
        guard heads.heads.features == encoder.configuration.embeddingSize else {
            throw MCSimCLRError.foreignHeads(
                features: heads.heads.features, embedding: encoder.configuration.embeddingSize)
        }
        let recording = try recording(samples)
        let grid = grid(heads.unit)
        let embeddings = try Embedder(recording, grid: grid, level: level)
            .embeddings(of: [0], encoder: encoder)
        let starts = grid.firstFrames(ofRecordingWith: recording.frames(of: 0))
        return heads.heads(embeddings).enumerated().map { row, sources in
            HeardSources(
                seconds: heads.unit == .patch
                    ? features.centre(ofPatchAt: starts[row], frames: grid.patchFrames) : nil,
                sources: sources)
        }
    }

    /// What the encoder sees of a recording: its pooled maps, at the level of the training, normalised.
    ///
    /// Shape: samples planar [microphones, samples]; result [channels, frames, bins].
    /// Throws: as ``embeddings(of:unit:)``.
    public func maps(of samples: [Float]) throws -> [Float] {
        let recording = try recording(samples)
        return recording.normalised(gain: Float(level - (recording.level(of: 0) ?? level)))
    }

    private func grid(_ unit: EvaluationUnit) -> EvaluationGrid {
        EvaluationGrid(patchFrames: encoder.configuration.frames, unit: unit)
    }

    private func recording(_ samples: [Float]) throws -> LooseRecording {
        try LooseRecording(
            samples, microphones: microphones, features: features, normalisation: normalisation,
            patchFrames: encoder.configuration.frames, level: level)
    }
}

/// The sources that a model hears, one a track.
public struct HeardSources: Sendable, Hashable {
    /// The middle of the patch; nil for a whole recording. Units: seconds.
    public var seconds: Double?
    public var sources: [SourceFacts]
}
