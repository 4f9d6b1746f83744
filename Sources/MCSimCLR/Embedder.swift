public import NeuralNetwork

/// Reads the representation of whole recordings from an encoder in evaluation mode.
///
/// Patches are spread evenly over the recording; the recording's vector is the mean over them.
public final class Embedder {
    private let maps: FeatureMaps
    private let renderer: ViewRenderer
    private let patchFrames: Int
    private let patchesPerRecording: Int
    private static let chunk = 32

    public init(_ maps: FeatureMaps, patchFrames: Int, patchesPerRecording: Int) throws {
        self.maps = maps
        self.patchFrames = patchFrames
        self.patchesPerRecording = patchesPerRecording
        renderer = try ViewRenderer(maps, patchFrames: patchFrames)
    }

    /// The mean over each recording's patches of what `model` says of a patch.
    ///
    /// Shape: model [patches, channels, frames, bins] -> [patches, size]; result [recordings, size].
    public func means(
        of recordings: [Int], size: Int, isCancelled: () -> Bool = { false },
        model: (Tensor) -> Tensor
    ) throws -> Matrix {
        let patches = recordings.enumerated().flatMap { row, recording in
            firstFrames(recording).map {
                (row: row, plan: ViewPlan(recording: recording, firstFrame: $0))
            }
        }
        var counts = [Double](repeating: 0, count: recordings.count)
        var result = Matrix(zeros: recordings.count, size)
        let input = Tensor([Self.chunk, maps.channels, patchFrames, maps.bins])
        for start in stride(from: 0, to: patches.count, by: Self.chunk) {
            if isCancelled() { throw CancellationError() }
            let chunk = patches[start..<min(start + Self.chunk, patches.count)]
            input.resize([chunk.count, maps.channels, patchFrames, maps.bins])
            input.withUnsafeMutableBuffer { buffer in
                for (place, patch) in chunk.enumerated() {
                    renderer.render(
                        patch.plan,
                        into: UnsafeMutableBufferPointer(
                            rebasing: buffer[
                                place * renderer.size..<(place + 1) * renderer.size]))
                }
            }
            let output = model(input).values
            for (place, patch) in chunk.enumerated() {
                counts[patch.row] += 1
                for index in 0..<size {
                    result[patch.row, index] += Double(output[place * size + index])
                }
            }
        }
        for row in recordings.indices {
            for index in 0..<size { result[row, index] /= counts[row] }
            guard result.row(row).allSatisfy(\.isFinite) else {
                throw MCSimCLRError.embeddingNotFinite(recording: recordings[row])
            }
        }
        return result
    }

    /// The embedding of each recording. Shape: [recordings, embedding].
    public func embeddings(
        of recordings: [Int], encoder: CRNN, isCancelled: () -> Bool = { false }
    ) throws -> Matrix {
        try means(
            of: recordings, size: encoder.configuration.embeddingSize, isCancelled: isCancelled
        ) { encoder($0, mode: .evaluation) }
    }

    private func firstFrames(_ recording: Int) -> [Int] {
        let room = maps.frames[recording] - patchFrames
        guard room > 0 else { return [0] }
        let count = min(patchesPerRecording, 1 + room / max(1, patchFrames / 2))
        guard count > 1 else { return [room / 2] }
        return (0..<count).map { $0 * room / (count - 1) }
    }
}
