import Files
import Foundation
package import MCSimCLR

/// Predictions of events as the store keeps them: packed, a sixth of the JSON that earlier versions wrote and that is
/// read as well.
package enum PackedPredictions {
    package static func text(of predictions: [Prediction]) -> String {
        func whole(_ value: (Prediction) -> Int) -> PackedColumns.Column {
            .whole(predictions.map(value))
        }
        var columns: [String: PackedColumns.Column] = [
            "recording": whole(\.recording), "clip": whole(\.clip), "label": whole(\.label),
            "predictedLabel": whole(\.predictedLabel),
            "azimuth": .real(predictions.map(\.azimuth)),
            "predictedAzimuth": .real(predictions.map(\.predictedAzimuth)),
        ]
        // All predictions of a stage have a source, or none has; likewise a patch.
        if predictions.contains(where: { $0.source != nil }) {
            columns["source"] = whole { $0.source ?? 0 }
        }
        if predictions.contains(where: { $0.patch != nil }) {
            columns["patch"] = whole { $0.patch ?? 0 }
        }
        // Likewise each quantity: what a probe is asked for is asked of all.
        for (place, estimate) in (predictions.first?.quantities ?? []).enumerated() {
            let (truth, predicted) = names(of: estimate.target)
            columns[truth] = .real(predictions.map { $0.quantities?[place].truth ?? .nan })
            columns[predicted] = .real(predictions.map { $0.quantities?[place].predicted ?? .nan })
        }
        return PackedColumns(columns).text
    }

    private static func names(of target: ProbeTarget) -> (truth: String, predicted: String) {
        (
            target.rawValue,
            "predicted\(target.rawValue.prefix(1).uppercased())\(target.rawValue.dropFirst())"
        )
    }

    /// Nil for what no version has written.
    package static func predictions(in text: String) -> [Prediction]? {
        guard PackedColumns.isPacked(text) else {
            return try? JSONDecoder().decode([Prediction].self, from: Data(text.utf8))
        }
        guard let packed = PackedColumns(text), let recordings = packed.whole("recording"),
            let clips = packed.whole("clip"), let labels = packed.whole("label"),
            let predictedLabels = packed.whole("predictedLabel"),
            let azimuths = packed.real("azimuth"),
            let predictedAzimuths = packed.real("predictedAzimuth")
        else { return nil }
        let (sources, patches) = (packed.whole("source"), packed.whole("patch"))
        let quantities = ProbeTarget.quantities.compactMap { target in
            let (truth, predicted) = names(of: target)
            return packed.real(truth).flatMap { truth in
                packed.real(predicted).map { (target: target, truth: truth, predicted: $0) }
            }
        }
        return recordings.indices.map { index in
            Prediction(
                recording: recordings[index], clip: clips[index], label: labels[index],
                predictedLabel: predictedLabels[index], azimuth: azimuths[index],
                predictedAzimuth: predictedAzimuths[index], source: sources?[index],
                patch: patches?[index],
                quantities: quantities.isEmpty
                    ? nil
                    : quantities.map {
                        .init($0.target, truth: $0.truth[index], predicted: $0.predicted[index])
                    })
        }
    }
}
