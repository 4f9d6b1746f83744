import Foundation
import MCSimCLR
import NeuralNetwork
import Randomness
import Testing

import struct Randomness.Stream

@Suite("Tracks of overlapping sources")
struct TrackTests {
    private static let (rows, tracks, classes) = (4, 3, 5)

    private func example(
        _ seed: UInt64
    ) -> (logits: [Float], directions: [Float], sources: [[SourceFacts]]) {
        var stream = Stream(seed, "tracks")
        let (rows, tracks, classes) = (Self.rows, Self.tracks, Self.classes)
        return (
            (0..<rows * tracks * classes).map { _ in Float(stream.normal()) },
            (0..<rows * tracks * 2).map { _ in Float(stream.normal()) },
            (0..<rows).map { _ in
                stream.permutation(classes).prefix(tracks).map {
                    SourceFacts(label: $0, azimuth: stream.uniform(in: -Double.pi...Double.pi))
                }
            }
        )
    }

    private func loss(
        _ loss: TrackLoss, _ logits: [Float], _ directions: [Float], _ sources: [[SourceFacts]]
    ) -> Double {
        loss(
            logits: Tensor([Self.rows, Self.tracks * Self.classes], logits),
            directions: Tensor([Self.rows, Self.tracks * 2], directions), sources: sources)
    }

    /// The loss of an example for one order of its sources, from the definition.
    private func loss(
        row: Int, _ logits: [Float], _ directions: [Float], _ sources: [SourceFacts],
        weight: Double
    ) -> Double {
        var sum = 0.0
        for (track, source) in sources.enumerated() {
            let first = (row * Self.tracks + track) * Self.classes
            let scores = logits[first..<first + Self.classes].map { exp(Double($0)) }
            sum -= log(scores[source.label] / scores.reduce(0, +))
            let place = (row * Self.tracks + track) * 2
            sum +=
                weight
                * (pow(Double(directions[place]) - cos(source.azimuth), 2)
                    + pow(Double(directions[place + 1]) - sin(source.azimuth), 2)) / 2
        }
        return sum / Double(Self.tracks)
    }

    @Test("the loss is that of the best order of the sources, whatever order they come in")
    func bestOrder() {
        let (logits, directions, sources) = example(1)
        let found = loss(TrackLoss(trackCount: 3, azimuthWeight: 0.7), logits, directions, sources)
        let expected = (0..<Self.rows).map { row in
            SourceMatching.permutations(of: 3).map { order in
                loss(
                    row: row, logits, directions, order.map { sources[row][$0] }, weight: 0.7)
            }.min() ?? 0
        }
        #expect(abs(found - expected.reduce(0, +) / Double(Self.rows)) < 1e-5)
        let turned = sources.map { [$0[2], $0[0], $0[1]] }
        let again = loss(
            TrackLoss(trackCount: 3, azimuthWeight: 0.7), logits, directions, turned)
        #expect(again == found)
    }

    @Test("gradients agree with finite differences of the loss, best order included")
    func gradients() throws {
        // A minimum has a kink where two orders are equally good: none is near these examples.
        let (logits, directions, sources) = try #require(
            (2..<200).lazy.map { example(UInt64($0)) }.first { example in
                (0..<Self.rows).allSatisfy { row in
                    let losses = SourceMatching.permutations(of: 3).map { order in
                        loss(
                            row: row, example.logits, example.directions,
                            order.map { example.sources[row][$0] }, weight: 0.7)
                    }.sorted()
                    return losses[1] - losses[0] > 0.05
                }
            })
        let tracks = TrackLoss(trackCount: 3, azimuthWeight: 0.7)
        _ = loss(tracks, logits, directions, sources)
        let (byClass, byDirection) = (tracks.classGradient.values, tracks.directionGradient.values)
        #expect(tracks.classGradient.shape == [4, 15])
        #expect(tracks.directionGradient.shape == [4, 6])
        // Central differences of a loss in single precision: an error of about 1e-7 / 2e-2.
        let step: Float = 1e-2
        for index in logits.indices {
            var (up, down) = (logits, logits)
            up[index] += step
            down[index] -= step
            let slope =
                (loss(tracks, up, directions, sources) - loss(tracks, down, directions, sources))
                / Double(2 * step)
            #expect(abs(slope - Double(byClass[index])) < 2e-4)
        }
        for index in directions.indices {
            var (up, down) = (directions, directions)
            up[index] += step
            down[index] -= step
            let slope =
                (loss(tracks, logits, up, sources) - loss(tracks, logits, down, sources))
                / Double(2 * step)
            #expect(abs(slope - Double(byDirection[index])) < 2e-4)
        }
    }

    @Test("with one source the loss is the plain sum of both losses, bit by bit")
    func oneTrack() {
        let (logits, directions, sources) = example(3)
        let scores = Tensor([4, 15], logits)
        let angles = Tensor([4, 2], Array(directions.prefix(8)))
        let first = sources.map { [$0[0]] }
        let loss = TrackLoss(trackCount: 1, azimuthWeight: 0.3)
        let value = loss(logits: scores, directions: angles, sources: first)
        let (entropy, squares) = (SoftmaxCrossEntropy(), MeanSquaredError())
        let targets = Tensor(
            [4, 2], first.flatMap { [Float(cos($0[0].azimuth)), Float(sin($0[0].azimuth))] })
        let expected =
            entropy(scores, labels: first.map { $0[0].label })
            + 0.3 * squares(angles, targets: targets)
        #expect(value == expected)
        #expect(loss.classGradient.values == entropy.gradient.values)
        squares.gradient.scale(by: 0.3)
        #expect(loss.directionGradient.values == squares.gradient.values)
    }

    /// Two sources that show in features of their own, in an order that has nothing to do with
    /// their level: half of the examples are given with their sources the other way round.
    private func examples(_ count: Int, _ stream: inout Stream) -> TrackHeads.Examples {
        var values: [Double] = []
        var sources: [[SourceFacts]] = []
        var distances: [[Double]] = []
        for _ in 0..<count {
            let labels = stream.permutation(3).prefix(2)
            let facts = labels.map {
                SourceFacts(label: $0, azimuth: stream.uniform(in: -Double.pi...Double.pi))
            }
            for fact in facts {
                let clean = [
                    cos(fact.azimuth), sin(fact.azimuth), fact.label == 0 ? 1.0 : 0,
                    fact.label == 1 ? 1 : 0,
                ]
                values += clean.map { $0 + 0.02 * stream.normal() }
            }
            // Three in four have the source of the first features nearest.
            let isFirstNearest = stream.bernoulli(0.75)
            distances.append(isFirstNearest ? [1, 2] : [2, 1])
            sources.append(facts)
        }
        return .init(
            features: Matrix(rows: count, columns: 8, values: values), sources: sources,
            distances: distances)
    }

    @Test("matching and fitting in turn find the tracks that a start by level gets wrong")
    func alternation() {
        var stream = Stream(4, "tracks")
        let training = examples(200, &stream)
        let validation = examples(50, &stream)
        let test = examples(60, &stream)
        let heads = TrackHeads(training: training, validation: validation, classCount: 3)
        #expect(heads.tracks.count == 2)
        #expect((2...TrackHeads.maximumRounds).contains(heads.rounds))
        var right = 0
        // The first track is the one that began with the nearest sources.
        let first = zip(heads(test.features), test.sources).filter { answers, truth in
            abs(remainder(answers[0].azimuth - truth[0].azimuth, 2 * .pi)) < 0.3
        }
        #expect(first.count >= 55)
        for (answers, truth) in zip(heads(test.features), test.sources) {
            // A quarter of the starts was wrong; in the end each track has a source of its own.
            for (source, track) in SourceMatching.tracks(of: truth, among: answers).enumerated() {
                right += answers[track].label == truth[source].label ? 1 : 0
                let error = remainder(answers[track].azimuth - truth[source].azimuth, 2 * .pi)
                #expect(abs(error) < 0.3)
            }
        }
        #expect(right >= 118)
    }

    @Test("a track's class and direction stand where the loss takes them from")
    func layout() {
        let layout = TrackLayout(trackCount: 2, classCount: 3)
        let row: [Double] = [0, 0, 30, 30, 0, 0, 0, 1, -1, 0]
        let answers = layout.answers(row[...])
        #expect(answers.map(\.label) == [2, 0])
        #expect(abs(answers[0].azimuth - .pi / 2) < 1e-12 && abs(answers[1].azimuth - .pi) < 1e-12)
        let numbers = row.map(Float.init)
        func loss(_ sources: [SourceFacts]) -> Double {
            TrackLoss(trackCount: 2, azimuthWeight: 1)(
                logits: Tensor([1, 6], Array(numbers[..<6])),
                directions: Tensor([1, 4], Array(numbers[6...])), sources: [sources])
        }
        #expect(loss(answers) < 1e-6)
        let mixed = [
            SourceFacts(label: 2, azimuth: .pi), SourceFacts(label: 0, azimuth: .pi / 2),
        ]
        #expect(loss(mixed) > 0.5)
        // The other way round, it is brought into the order of what came before.
        let turned: [Double] = [30, 0, 0, 0, 0, 30, -1, 0, 0, 1]
        #expect(layout.align(turned, to: row[...]) == row)
        #expect(layout.align(row, to: row[...]) == row)
    }

    @Test("with one source the one track is what the linear heads are, and nothing is matched")
    func oneSource() {
        var stream = Stream(5, "tracks")
        func single(_ count: Int) -> TrackHeads.Examples {
            var examples = examples(count, &stream)
            examples.sources = examples.sources.map { [$0[0]] }
            examples.distances = examples.distances.map { [$0[0]] }
            return examples
        }
        let (training, validation) = (single(80), single(20))
        let heads = TrackHeads(training: training, validation: validation, classCount: 3)
        func plain(_ examples: TrackHeads.Examples) -> LinearHeads.Examples {
            LinearHeads.Examples(
                features: examples.features, labels: examples.sources.map { $0[0].label },
                azimuths: examples.sources.map { $0[0].azimuth })
        }
        let expected = LinearHeads(
            training: plain(training), validation: plain(validation), classCount: 3)
        #expect(heads.rounds == 0)
        for (answer, plain) in zip(heads(validation.features), expected(validation.features)) {
            #expect(answer == [SourceFacts(label: plain.label, azimuth: plain.azimuth)])
        }
    }
}
