import Analysis
package import MCSimCLR
package import Reports
import ResultsStore
import Studies

extension SweepFigures {
    /// The predictions of a row's seeds; none where the evaluation left none.
    private func predictions(ofRow row: Int, _ kind: StageKind) -> [[Prediction]] {
        stages(ofRow: row, kind.rawValue).compactMap {
            ($0.stage.predictions as? EventPredictions)?.predictions
        }
    }

    /// Mean error by true direction, in sectors.
    var azimuthFigures: [Figure] {
        [StageKind.probe, .finetune].map { kind in
            let series = featured.compactMap { row -> Figure.Series? in
                let found = predictions(ofRow: row, kind)
                guard !found.isEmpty else { return nil }
                return Figure.Series(
                    label: label(ofRow: row), points: AzimuthSectors().points(of: found))
            }
            return Figure(
                identifier: identifier("azimuth", kind.rawValue),
                title: "\(title(kind.rawValue)): error by azimuth",
                caption: caption(
                    "Mean error of the test recordings in sectors of \(AzimuthSectors().width)°; "
                        + "mean over seeds.", selection),
                xLabel: "azimuth (°)", yLabel: "error (°)",
                xTicks: Array(stride(from: -180, through: 180, by: 60)), content: .points(series))
        }
    }

    /// True and predicted classes, all seeds together.
    var confusionFigures: [Figure] {
        [StageKind.probe, .finetune].flatMap { kind in
            featured.compactMap { row -> Figure? in
                let found = predictions(ofRow: row, kind).flatMap { $0 }
                guard let counts = Self.confusion(found) else { return nil }
                let names = EventFacts(sweep.facts).classNames
                return Figure(
                    identifier: identifier("confusion", kind.rawValue, String(row)),
                    title: "\(title(kind.rawValue)), classes: \(label(ofRow: row))",
                    caption: caption(
                        "Rows: true classes, columns: predicted ones; \(found.count) predictions "
                            + "of all seeds. Shade: share of the row.", selection),
                    xLabel: "predicted", yLabel: "true",
                    content: .confusion(
                        labels: counts.indices.map { $0 < names.count ? names[$0] : "\($0)" },
                        counts: counts))
            }
        }
    }

    /// Shape: [true][predicted]; nil for no predictions.
    static func confusion(_ predictions: [Prediction]) -> [[Int]]? {
        guard let last = predictions.map({ max($0.label, $0.predictedLabel) }).max(),
            predictions.allSatisfy({ min($0.label, $0.predictedLabel) >= 0 })
        else { return nil }
        var counts = Array(repeating: Array(repeating: 0, count: last + 1), count: last + 1)
        for prediction in predictions { counts[prediction.label][prediction.predictedLabel] += 1 }
        return counts
    }
}

/// The circle in equal sectors, the first centred on straight ahead.
package struct AzimuthSectors: Sendable {
    /// Units: degrees.
    package let width = 30

    package init() {}

    /// The mean error in each sector that has recordings, by the sector's middle from -150 to 180
    /// degrees, and over seeds.
    package func points(of seeds: [[Prediction]]) -> [Figure.Point] {
        let count = 360 / width
        return (1...count).compactMap { position in
            let middle = Double(width * position - 180)
            let means = seeds.compactMap { predictions -> Double? in
                let errors = predictions.filter { contains($0.azimuth * 180 / .pi, middle) }
                    .map(\.azimuthError)
                return errors.isEmpty ? nil : errors.reduce(0, +) / Double(errors.count)
            }
            return Summary(means).map { Figure.Point(x: middle, y: $0.mean) }
        }
    }

    private func contains(_ azimuth: Double, _ middle: Double) -> Bool {
        let turns = ((azimuth - middle) / 360).rounded()
        let distance = azimuth - middle - 360 * turns
        return distance >= -Double(width) / 2 && distance < Double(width) / 2
    }
}
