public import NeuralNetwork

/// Reads what a model makes of whole recordings, or of their patches (``EvaluationGrid``), in
/// evaluation mode.
public final class Embedder {
    private let maps: FeatureMaps
    private let renderer: ViewRenderer
    private let grid: EvaluationGrid
    private let level: Double?
    private static let chunk = 32

    /// - Parameter level: every recording is brought to it; nil leaves them as loud as they are.
    ///   Units: dB, see ``FeatureMaps/level``.
    public init(_ maps: FeatureMaps, grid: EvaluationGrid, level: Double? = nil) throws {
        self.maps = maps
        self.grid = grid
        self.level = level
        renderer = try ViewRenderer(maps, patchFrames: grid.patchFrames)
    }

    /// The mean over each recording's patches of what `model` says of a patch; a row for each patch
    /// where patches are judged by themselves.
    ///
    /// Shape: model [patches, channels, frames, bins] -> [patches, size]; result [rows, size].
    ///
    /// - Parameter aligning: brings what is said of a patch into the order of the sum over the
    ///   recording's earlier patches; nil where there is nothing to order.
    public func means(
        of recordings: [Int], size: Int, isCancelled: () -> Bool = { false },
        aligning: (([Double], ArraySlice<Double>) -> [Double])? = nil, model: (Tensor) -> Tensor
    ) throws -> Matrix {
        let observations = grid.observations(of: recordings, maps: maps)
        let patches = observations.enumerated().flatMap { row, observation in
            let gain = gain(of: observation.recording)
            return observation.firstFrames.map { firstFrame in
                var plan = ViewPlan(recording: observation.recording, firstFrame: firstFrame)
                plan.gain = gain
                return (row: row, plan: plan)
            }
        }
        var counts = [Double](repeating: 0, count: observations.count)
        var result = Matrix(zeros: observations.count, size)
        let input = Tensor([Self.chunk, maps.channels, grid.patchFrames, maps.bins])
        for start in stride(from: 0, to: patches.count, by: Self.chunk) {
            if isCancelled() { throw CancellationError() }
            let chunk = patches[start..<min(start + Self.chunk, patches.count)]
            input.resize([chunk.count, maps.channels, grid.patchFrames, maps.bins])
            renderer.render(chunk.map(\.plan), into: input)
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
        for (row, observation) in observations.enumerated() {
            for index in 0..<size { result[row, index] /= counts[row] }
            guard result.row(row).allSatisfy(\.isFinite) else {
                throw MCSimCLRError.embeddingNotFinite(recording: observation.recording)
            }
        }
        return result
    }

    /// What brings a recording to the level; silence stays silence. Units: dB.
    private func gain(of recording: Int) -> Float {
        guard let level, let own = maps.level(of: recording) else { return 0 }
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
