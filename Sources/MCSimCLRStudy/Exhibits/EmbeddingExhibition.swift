import Acoustics
import Digests
import Foundation
import MCSimCLR
import ResultsStore
import SoundData
import Studies

/// What an encoder makes of the test recordings, on the plane in which they differ most.
struct EmbeddingExhibition {
    static let name = "embedding"
    private let sweep: ExhibitedSweep

    init(_ sweep: ExhibitedSweep) { self.sweep = sweep }

    /// Recordings that are drawn: more take longer than a person waits.
    private static let mostRecordings = 300

    /// Nil where the sweep has no encoders.
    func exhibition() throws -> Exhibition? {
        let trials = try sweep.firstTrials()
        guard let first = trials.first, try sweep.stage(.pretrain, of: first.digest) != nil,
            try sweep.stage(.testScenes, of: first.digest) != nil
        else { return nil }
        let seeds = try sweep.store.trialPage(of: sweep.record.name, row: first.row, count: 50)
            .trials.map { Exhibition.Choice.Option("\($0.seed)", "\($0.seed)") }
        return Exhibition(
            Self.name, title: "Map of the test recordings",
            choices: [
                .init("row", "encoder of", trials.map { .init("\($0.row)", $0.label) }),
                .init("seed", "seed", seeds),
                .init("colour", "by", [.init("class", "class"), .init("azimuth", "azimuth")]),
            ])
    }

    func exhibits(_ request: ExhibitRequest) throws -> [Exhibit] {
        let choices = request.choices
        guard let trial = try sweep.trial(row: choices["row"], seed: choices["seed"]),
            let stage = try sweep.stage(.pretrain, of: trial),
            let scenes = try sweep.stage(.testScenes, of: trial)
        else { throw StudiesError.nothingToShow(sweep: sweep.record.name) }
        let encoder = try EncoderCheckpoint(
            readingFrom: sweep.layout.checkpoint(stage.digest), stage: stage.digest)
        let bank = try RecordingBank.open(
            sweep.layout.bank(scenes.digest), expecting: nil, verifyingSamples: false)
        let count = bank.recordings.count
        let stride = max(1, (count + Self.mostRecordings - 1) / Self.mostRecordings)
        let chosen = Array(Swift.stride(from: 0, to: count, by: stride))
        let embeddings = try chosen.map { number in
            try encoder.embedding(
                of: bank.read(number), sampleCount: bank.recordings[number].sampleCount
            ).map(Double.init)
        }
        guard let plane = PrincipalPlane(embeddings) else {
            throw StudiesError.nothingToShow(sweep: sweep.record.name)
        }
        let isByAngle = choices["colour"] == "azimuth"
        let points = zip(chosen, plane.places).map { number, place in
            let recording = bank.recordings[number]
            let name =
                bank.classes.indices.contains(recording.label)
                ? bank.classes[recording.label] : "\(recording.label)"
            let angle = Angle.degrees(radians: recording.azimuth)
            return ScatterPoint(
                x: place.x, y: place.y, group: name, angle: isByAngle ? angle : nil,
                label: String(format: "%@ at %.0f°", name, angle))
        }
        return [
            Exhibit(
                stage.title,
                caption: String(
                    format: "%d of %d test recordings as the probe sees them, on the two principal "
                        + "components, which hold %.0f %% of the variance.",
                    chosen.count, count, 100 * plane.share), .scatter(points))
        ]
    }
}

/// Points on the plane of their two largest principal components.
///
/// Source: K. Pearson, "On lines and planes of closest fit to systems of points in space", 1901,
/// doi:10.1080/14786440109462720; by power iteration with deflation.
struct PrincipalPlane {
    private(set) var places: [SIMD2<Double>]
    /// Of the variance that the plane holds, from 0 to 1.
    private(set) var share: Double

    /// Shape: [points][dimensions]. Nil for fewer than three points, or where they are all the same.
    init?(_ points: [[Double]]) {
        guard points.count > 2, let size = points.first?.count, size > 1 else { return nil }
        let mean = (0..<size).map { index in
            points.reduce(0) { $0 + $1[index] } / Double(points.count)
        }
        let centred = points.map { point in zip(point, mean).map { $0 - $1 } }
        let total = centred.reduce(0) { $0 + $1.reduce(0) { $0 + $1 * $1 } }
        guard total > 1e-300, total.isFinite else { return nil }
        var axes: [[Double]] = []
        var held = 0.0
        for _ in 0..<2 {
            var (axis, variance) = Self.axis(of: centred, apartFrom: axes)
            // Of the two directions of an axis the one whose largest part is positive.
            if let largest = axis.max(by: { abs($0) < abs($1) }), largest < 0 {
                axis = axis.map { -$0 }
            }
            axes.append(axis)
            held += variance
        }
        share = min(1, held / total)
        places = centred.map { SIMD2(Self.product($0, axes[0]), Self.product($0, axes[1])) }
    }

    private static func product(_ first: [Double], _ second: [Double]) -> Double {
        zip(first, second).reduce(0) { $0 + $1.0 * $1.1 }
    }

    private static func axis(
        of points: [[Double]], apartFrom others: [[Double]]
    ) -> (axis: [Double], variance: Double) {
        let size = points[0].count
        func apart(_ vector: [Double]) -> [Double] {
            others.reduce(vector) { rest, other in
                let length = product(rest, other)
                return zip(rest, other).map { $0 - length * $1 }
            }
        }
        func unit(_ vector: [Double]) -> [Double] {
            let length = product(vector, vector).squareRoot()
            return length > 0 ? vector.map { $0 / length } : vector
        }
        // No axis is at right angles to it but by chance.
        var axis = unit(apart((0..<size).map { 1 + 0.37 * sin(Double($0 * $0 + 1)) }))
        var variance = 0.0
        for _ in 0..<300 {
            var next = [Double](repeating: 0, count: size)
            var sum = 0.0
            for point in points {
                let length = product(point, axis)
                sum += length * length
                for index in 0..<size { next[index] += length * point[index] }
            }
            let better = unit(apart(next))
            let change = 1 - abs(product(better, axis))
            (axis, variance) = (better, sum)
            if change < 1e-12 { break }
        }
        return (axis, variance)
    }
}
