public import NeuralNetwork
public import Platform

/// Reads what a model makes of whole recordings, or of their patches (``EvaluationGrid``), in
/// evaluation mode.
public final class Embedder {
    private let recordings: any EvaluatedRecordings
    private let grid: EvaluationGrid
    private let level: Double?
    private let team: ThreadTeam
    /// Patches that a model is given at once. What OpenBLAS makes of a row may depend on how many there are.
    private static let chunk = 32
    /// Chunks between two looks at whether to go on, and at how many threads there are.
    private static let chunksAtOnce = 32

    /// - Parameter level: every recording is brought to it; nil leaves them as loud as they are.
    ///   Units: dB, see ``FeatureMaps/level``.
    public convenience init(
        _ maps: FeatureMaps, grid: EvaluationGrid, level: Double? = nil,
        team: ThreadTeam = ThreadTeam()
    ) throws {
        self.init(
            try BankRecordings(maps, patchFrames: grid.patchFrames), grid: grid, level: level,
            team: team)
    }

    init(
        _ recordings: any EvaluatedRecordings, grid: EvaluationGrid, level: Double?,
        team: ThreadTeam = ThreadTeam()
    ) {
        self.team = team
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
    /// - Parameter makeModel: a model for each thread, all of which say the same.
    public func means(
        of chosen: [Int], size: Int, isCancelled: () -> Bool = { false },
        aligning: (([Double], ArraySlice<Double>) -> [Double])? = nil,
        makeModel: @escaping () -> (Tensor) -> Tensor
    ) throws -> Matrix {
        let gains = gains(of: chosen)
        let rows = zip(chosen, gains).flatMap { recording, gain in
            grid.units(ofRecordingWith: recordings.frames(of: recording)).map {
                (recording: recording, gain: gain, firstFrames: $0)
            }
        }
        let patches = rows.enumerated().flatMap { row, unit in
            unit.firstFrames.map { firstFrame in
                var plan = ViewPlan(recording: unit.recording, firstFrame: firstFrame)
                plan.gain = unit.gain
                return (row: row, plan: plan)
            }
        }
        var counts = [Double](repeating: 0, count: rows.count)
        var result = Matrix(zeros: rows.count, size)
        let lanes = ThreadLanes { [recordings, grid] in
            EmbeddingLane(recordings.twin(), frames: grid.patchFrames, model: makeModel())
        }
        let atOnce = Self.chunk * Self.chunksAtOnce
        for start in stride(from: 0, to: patches.count, by: atOnce) {
            if isCancelled() { throw CancellationError() }
            let group = patches[start..<min(start + atOnce, patches.count)]
            let output = outputs(of: group.map(\.plan), size: size, lanes)
            for (place, patch) in group.enumerated() {
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

    /// What the model says of each patch. Shape: [plans, size].
    private func outputs(
        of plans: [ViewPlan], size: Int, _ lanes: ThreadLanes<EmbeddingLane>
    ) -> [Float] {
        let output = Tensor([plans.count, size])
        output.withUnsafeMutableBuffer { buffer in
            team.perform((plans.count + Self.chunk - 1) / Self.chunk, lanes) { chunk, lane in
                let first = chunk * Self.chunk
                let some = plans[first..<min(first + Self.chunk, plans.count)]
                let answers = lane.answers(Array(some))
                for index in 0..<some.count * size {
                    buffer[first * size + index] = answers[index]
                }
            }
        }
        return output.values
    }

    /// What brings each recording to the level; silence stays silence. Units: dB.
    private func gains(of chosen: [Int]) -> [Float] {
        guard let level else { return [Float](repeating: 0, count: chosen.count) }
        var gains = [Float](repeating: 0, count: chosen.count)
        gains.withUnsafeMutableBufferPointer { gains in
            let gains = gains
            team.perform(chosen.count) { [recordings] place, _ in
                guard let own = recordings.level(of: chosen[place]) else { return }
                gains[place] = Float(level - own)
            }
        }
        return gains
    }

    /// The embedding of each recording, or patch. Shape: [rows, embedding].
    public func embeddings(
        of recordings: [Int], encoder: CRNN, isCancelled: () -> Bool = { false }
    ) throws -> Matrix {
        try means(
            of: recordings, size: encoder.configuration.embeddingSize, isCancelled: isCancelled
        ) {
            let encoder = encoder.evaluationTwin()
            return { encoder($0, mode: .evaluation) }
        }
    }
}

/// What one thread embeds with.
private final class EmbeddingLane {
    private let recordings: any EvaluatedRecordings
    private let model: (Tensor) -> Tensor
    private let frames: Int
    private let input = Tensor([0])

    init(
        _ recordings: any EvaluatedRecordings, frames: Int, model: @escaping (Tensor) -> Tensor
    ) {
        self.recordings = recordings
        self.frames = frames
        self.model = model
    }

    /// Shape: [plans, size].
    func answers(_ plans: [ViewPlan]) -> [Float] {
        input.resize([plans.count, recordings.channels, frames, recordings.bins])
        recordings.render(plans, into: input)
        return model(input).values
    }
}
