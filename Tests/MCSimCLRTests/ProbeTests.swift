import Digests
import Foundation
import MCSimCLR
import NeuralNetwork
import Randomness
import SoundData
import Testing

@Suite("Linear probe")
struct ProbeTests {
    private let grid = EvaluationGrid(patchFrames: 32)

    private func encoder() throws -> CRNN {
        var configuration = CRNNConfiguration(inputChannels: 10, frames: 32, bins: 32)
        configuration.channels = [4, 4, 4]
        configuration.recurrentUnits = 4
        return try makeEncoder(configuration, seed: 1)
    }

    @Test("the deviation of the embeddings is that of the test recordings")
    func deviation() throws {
        let maps = try SmallBank.maps(isKept: true)
        let encoder = try encoder()
        let found = try linearProbe(
            encoder, maps: EvaluationMaps(training: maps, test: maps), grid: grid)
        let embeddings = try Embedder(maps, grid: grid, level: maps.level)
            .embeddings(of: SmallBank.bank.indices(for: .test), encoder: encoder)
        let unit = (0..<embeddings.rows).map { row in
            let values = Array(embeddings.row(row))
            let norm = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return values.map { $0 / norm }
        }
        let deviations = (0..<embeddings.columns).map { column in
            let values = unit.map { $0[column] }
            let mean = values.reduce(0, +) / Double(values.count)
            return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count))
                .squareRoot()
        }
        let expected = deviations.reduce(0, +) / Double(deviations.count)
        let deviation = try #require(found.extras["embedding_deviation"])
        #expect(abs(deviation - expected) < 1e-12)
        #expect(expected > 0)
    }

    @Test("the level is the mean over the training recordings, in decibels")
    func level() throws {
        let maps = try SmallBank.maps(isKept: true)
        let levels = SmallBank.bank.indices(for: .pretraining).map { recording in
            let samples = SmallBank.bank.read(recording)
            return 10
                * log10(
                    samples.reduce(0) { $0 + Double($1) * Double($1) } / Double(samples.count))
        }
        #expect(abs(maps.level - levels.reduce(0, +) / Double(levels.count)) < 1e-4)
    }

    @Test("a kept head answers as the fitted one did, bit for bit; a damaged one is none")
    func keptHeads() throws {
        let maps = try SmallBank.maps(isKept: true)
        let evaluation = try linearProbe(
            encoder(), maps: EvaluationMaps(training: maps, test: maps), grid: grid)
        let heads = try #require(evaluation.heads)
        let text = try ProbeHeads(
            heads, encoder: Digest(of: "encoder"), unit: .recording, classes: ["a", "b", "c", "d"]
        ).encoded()
        let read = try #require(ProbeHeads(decoding: text))
        #expect(read.encoder == Digest(of: "encoder"))
        #expect(read.classes == ["a", "b", "c", "d"])
        var stream = Stream(1, "features")
        let features = Matrix(rows: 20, columns: 8, values: (0..<160).map { _ in stream.normal() })
        #expect(read.heads(features) == heads(features))
        #expect(ProbeHeads(decoding: text.replacing("\"d\"", with: "\"d\",\"e\"")) == nil)
        #expect(ProbeHeads(decoding: String(text.dropLast(3))) == nil)
    }
}
