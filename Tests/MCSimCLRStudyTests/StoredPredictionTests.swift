import Digests
import Foundation
import MCSimCLR
import MCSimCLRStudy
import ResultsStore
import Studies
import Testing

@Suite("Predictions in the store, and the bounds of metrics")
struct StoredPredictionTests {
    private func read(_ text: String?, classes: Int = 3) throws -> [Prediction] {
        let stage = StageRecord(
            digest: Digest(of: "probe"), kind: "probe", title: "probe all", payload: "{}",
            status: .finished, reason: nil, seconds: 1, peakMemoryBytes: 1, build: "b",
            metrics: [:], details: text.map { ["probe_predictions": $0] } ?? [:])
        let names = (0..<classes).map { "\"\($0)\"" }.joined(separator: ",")
        let facts = classes > 0 ? ["class_names": "[\(names)]"] : [:]
        return try EventPredictions(of: stage, facts: facts)?.predictions ?? []
    }

    private func text(_ label: Int, _ predicted: Int) -> String {
        """
        [{"recording":0,"clip":4,"label":\(label),"predictedLabel":\(predicted),"azimuth":0.5,\
        "predictedAzimuth":-0.5}]
        """
    }

    @Test("what an evaluation has written is read; what left none has none")
    func whole() throws {
        #expect(try read(nil) == [])
        #expect(
            try read(text(2, 0)) == [
                Prediction(
                    recording: 0, clip: 4, label: 2, predictedLabel: 0, azimuth: 0.5,
                    predictedAzimuth: -0.5)
            ])
        // A store that does not say how many classes there are.
        #expect(try read(text(99, 0), classes: 0).count == 1)
    }

    @Test("packed they are as they were, to the last bit, in a fifth of the room")
    func packed() throws {
        let predictions = (0..<250).map { index in
            Prediction(
                recording: index, clip: 3 * index, label: index % 3, predictedLabel: index % 2,
                azimuth: sin(Double(index) * 0.7), predictedAzimuth: cos(Double(index) * 1.3))
        }
        let text = PackedPredictions.text(of: predictions)
        #expect(try read(text) == predictions)
        let json = try #require(
            String(data: JSONEncoder().encode(predictions), encoding: .utf8))
        #expect(try read(json) == predictions)
        #expect(5 * text.utf8.count < json.utf8.count + json.utf8.count / 10)
        // With sources and patches, and without.
        let several = predictions.prefix(4).enumerated().map { index, prediction in
            var prediction = prediction
            (prediction.source, prediction.patch) = (index % 2, index)
            return prediction
        }
        #expect(try read(PackedPredictions.text(of: several)) == several)
        // With quantities.
        let asked = predictions.prefix(4).map { prediction in
            var prediction = prediction
            prediction.quantities = [
                .init(.elevation, truth: 4, predicted: -0.1),
                .init(.volume, truth: 6.5, predicted: 1.0 / 3),
            ]
            return prediction
        }
        #expect(try read(PackedPredictions.text(of: asked)) == asked)
        let damaged = asked.map { prediction in
            var prediction = prediction
            prediction.quantities?[1].predicted = .nan
            return prediction
        }
        #expect(throws: DamagedPredictions("have a direction or a number that is none")) {
            try read(PackedPredictions.text(of: damaged))
        }
    }

    @Test("packed ones that are damaged are told as damage")
    func packedDamage() throws {
        let text = PackedPredictions.text(of: [
            Prediction(
                recording: 0, clip: 4, label: 7, predictedLabel: 0, azimuth: 0.5,
                predictedAzimuth: -0.5)
        ])
        #expect(throws: DamagedPredictions("name class 7 of 3")) { try read(text) }
        #expect(throws: DamagedPredictions("cannot be read")) {
            try read(String(text.dropLast(8)))
        }
        let other = text.replacing("packed1", with: "packed2")
        #expect(throws: DamagedPredictions("cannot be read")) { try read(other) }
    }

    @Test(
        "labels that no class has, and what is no prediction, are damage",
        arguments: [(3, 0), (0, 3), (-1, 0), (0, 2_000_000_000)])
    func labels(label: Int, predicted: Int) {
        let other = (0..<3).contains(label) ? predicted : label
        #expect(throws: DamagedPredictions("name class \(other) of 3")) {
            try read(text(label, predicted))
        }
        #expect(throws: DamagedPredictions.self) { try read(text(0, 20_000), classes: 0) }
        #expect(throws: DamagedPredictions.self) { try read("[{\"label\":0}]") }
        #expect(throws: DamagedPredictions.self) {
            try read(text(0, 0).replacing("0.5", with: "1e999"))
        }
    }

    @Test("an accuracy is from 0 to 100, an error from 0 to 180; of others nothing is known")
    func bounds() {
        #expect(MetricRange.fault("probe_accuracy", 100) == nil)
        #expect(MetricRange.fault("probe_within_10", 0) == nil)
        #expect(MetricRange.fault("probe_median_error", 180) == nil)
        #expect(MetricRange.fault("probe_accuracy", .nan) == nil)
        #expect(MetricRange.fault("loss", 1e9) == nil)
        #expect(
            MetricRange.fault("probe_accuracy", 100.5) == "but a share must be from 0 to 100 %")
        #expect(MetricRange.fault("probe_within_20", -1) == "but a share must be from 0 to 100 %")
        #expect(
            MetricRange.fault("raw_error", 181) == "but an error must be from 0 to 180 degrees")
        // Metres and doublings have no upper end.
        #expect(MetricRange.fault("raw_distance_error", 181) == nil)
        #expect(
            MetricRange.fault("probe_rt60_error", -0.1) == "but an error must not be below 0")
    }
}
