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
        for needed in [scenes, stage] where needed.status != .finished {
            throw StudiesError.notYetMade(title: needed.title)
        }
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
