public import NeuralNetwork

/// Reads what a model makes of whole recordings, or of their patches (``EvaluationGrid``), in
/// evaluation mode.
public final class Embedder {
    private let recordings: any EvaluatedRecordings
    private let grid: EvaluationGrid
    private let level: Double?
    private static let chunk = 32

    /// - Parameter level: every recording is brought to it; nil leaves them as loud as they are.
    ///   Units: dB, see ``FeatureMaps/level``.
    public convenience init(
        _ maps: FeatureMaps, grid: EvaluationGrid, level: Double? = nil
    ) throws {
        self.init(
            try BankRecordings(maps, patchFrames: grid.patchFrames), grid: grid, level: level)
    }

    init(_ recordings: any EvaluatedRecordings, grid: EvaluationGrid, level: Double?) {
        self.recordings = recordings
        self.grid = grid
        self.level = level
    }

    /// The mean over each recording's patches of what `model` says of a patch; a row for each patch
    /// where patches are judged by themselves.
    ///
    /// Shape: model [patches, channels, frames, bins] -> [patches, size]; result [rows, size].
    ///
    /// - Parameter aligning: brings what is said of a patch into the order of the sum over the
    ///   recording's earlier patches; nil where there is nothing to order.
    public func means(
        of chosen: [Int], size: Int, isCancelled: () -> Bool = { false },
        aligning: (([Double], ArraySlice<Double>) -> [Double])? = nil, model: (Tensor) -> Tensor
    ) throws -> Matrix {
        let rows = chosen.flatMap { recording in
            grid.units(ofRecordingWith: recordings.frames(of: recording)).map {
                (recording: recording, firstFrames: $0)
            }
        }
        let patches = rows.enumerated().flatMap { row, unit in
            let gain = gain(of: unit.recording)
            return unit.firstFrames.map { firstFrame in
                var plan = ViewPlan(recording: unit.recording, firstFrame: firstFrame)
                plan.gain = gain
                return (row: row, plan: plan)
            }
        }
        let (channels, bins) = (recordings.channels, recordings.bins)
        var counts = [Double](repeating: 0, count: rows.count)
        var result = Matrix(zeros: rows.count, size)
        let input = Tensor([
            min(Self.chunk, patches.count), channels, grid.patchFrames, bins,
        ])
        for start in stride(from: 0, to: patches.count, by: Self.chunk) {
            if isCancelled() { throw CancellationError() }
            let chunk = patches[start..<min(start + Self.chunk, patches.count)]
            input.resize([chunk.count, channels, grid.patchFrames, bins])
            recordings.render(chunk.map(\.plan), into: input)
            let output = model(input).values
            for (place, patch) in chunk.enumerated() {
                var answer = output[place * size..<(place + 1) * size].map(Double.init)
                if let aligning, counts[patch.row] > 0 {
                    answer = aligning(answer, result.row(patch.row))
                }
                counts[patch.row] += 1
                for index in 0..<size { result[patch.row, index] += answer[index] }
            }
        }
        for (row, unit) in rows.enumerated() {
            for index in 0..<size { result[row, index] /= counts[row] }
            guard result.row(row).allSatisfy(\.isFinite) else {
                throw MCSimCLRError.embeddingNotFinite(recording: unit.recording)
            }
        }
        return result
    }

    /// What brings a recording to the level; silence stays silence. Units: dB.
    private func gain(of recording: Int) -> Float {
        guard let level, let own = recordings.level(of: recording) else { return 0 }
        return Float(level - own)
    }

    /// The embedding of each recording, or patch. Shape: [rows, embedding].
    public func embeddings(
        of recordings: [Int], encoder: CRNN, isCancelled: () -> Bool = { false }
    ) throws -> Matrix {
        try means(
            of: recordings, size: encoder.configuration.embeddingSize, isCancelled: isCancelled
        ) { encoder($0, mode: .evaluation) }
    }
}
