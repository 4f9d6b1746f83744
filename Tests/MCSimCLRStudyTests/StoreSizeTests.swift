import Digests
import Foundation
import MCSimCLR
import MCSimCLRStudy
import Orchestration
import ResultsStore
import Studies
import Sweeps
import TestSupport
import Testing

@Suite("The size of a store")
struct StoreSizeTests {
    /// As many test clips as FSDnoisy18k has.
    private static let testClips = 947
    /// Text of a probe's heads, of 20 classes and the paper's encoder: that of the small one, with half as many features,
    /// leaves 18,200 bytes.
    private static let heads = 36_400
    private static let most = 200_000_000.0

    /// `ABLATE_STORE_TRIALS=1000` measures the store that is meant; a smaller one grows in proportion.
    private static let rows = max(
        8, (ProcessInfo.processInfo.environment["ABLATE_STORE_TRIALS"].flatMap(Int.init) ?? 40) / 5)

    @Test("with all predictions of probe and fine-tuning, a thousand trials take less than 200 MB")
    func size() throws {
        let folder = try TemporaryFolder()
        let temperatures = (0..<Self.rows).map { "\(0.05 + Double($0) / 1000)" }
        try folder.write(
            """
            name: large
            data: {source: builtin, clips: 40, classes: 4}
            base: {encoder: {channels: [8, 8, 8], recurrent_units: 8}, batch_size: 8}
            parameters:
              temperature: [\(temperatures.joined(separator: ", "))]
            seeds: [0, 1, 2, 3, 4]
            evaluation: [probe, finetune]
            """, to: "large.yaml")
        let session = try SweepSession(
            path: folder.url.appending(path: "large.yaml").path, overrides: [],
            catalogue: .builtin)
        let path = folder.url.appending(path: "large.sqlite").path
        do {
            let store = try ResultsStore(path: path)
            try store.register(session.registration)
            let executor = Scribe { stage in
                Self.result(of: stage.kind, chance: Double(stage.id.low % 1_000_003))
            }
            _ = try SweepRun(
                stages: session.registration.stages, trials: session.registration.trials,
                store: store, executor: executor, settings: RunSettings(workers: 1),
                observer: Deaf()
            ).run()
        }
        let size = try #require(
            try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
        let trials = session.registration.trials.count
        let ofThousand = Double(size) / Double(trials) * 1000
        print("\(trials) trials: \(size / 1_000_000) MB, \(Int(ofThousand / 1e6)) MB a thousand")
        #expect(trials == 5 * Self.rows && ofThousand < Self.most, "\(ofThousand)")
    }

    /// What stages of a paper-sized trial leave: curves of a hundred points, predictions that compress no better than real
    /// ones.
    private static func result(of kind: String, chance: Double) -> StageResult {
        func curve(_ points: Int) -> [CurvePoint] {
            (1...points).map { CurvePoint(step: 100 * $0, value: chance / Double($0 + 7)) }
        }
        guard ["pretrain", "probe", "finetune"].contains(kind) else { return StageResult() }
        var result = StageResult(metrics: ["\(kind)_accuracy": 50, "\(kind)_error": 20])
        if kind != "probe" { result.curves = ["\(kind)_loss": curve(100)] }
        if kind == "pretrain" {
            result.curves["positive_similarity"] = curve(40)
            result.curves["negative_similarity"] = curve(40)
            return result
        }
        let predictions = (0..<testClips).map { clip in
            Prediction(
                recording: clip, clip: 17_000 + clip, label: clip % 20,
                predictedLabel: Int(chance) * (clip + 3) % 20,
                azimuth: sin(Double(clip) * 1.7) * .pi,
                predictedAzimuth: sin(Double(clip) * 1.7 + chance) * .pi)
        }
        result.details["\(kind)_predictions"] = PackedPredictions.text(of: predictions)
        if kind == "probe" {
            result.details["probe_heads"] = String(repeating: "h", count: heads)
        }
        return result
    }
}
