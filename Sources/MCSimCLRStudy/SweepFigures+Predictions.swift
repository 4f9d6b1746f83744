import Analysis
package import MCSimCLR
import Platform
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
                title: "\(title(kind.rawValue)): error (°) by azimuth",
                caption: caption(
                    "Mean error of the test recordings in sectors of \(AzimuthSectors().width)°, from "
                        + "the centre outwards, as seen from above with straight ahead at the top; mean "
                        + "over seeds.", selection),
                xLabel: "azimuth (°)", yLabel: "error (°)", content: .circle(series))
        }
    }

    /// Of predictions: matrices that differ in less are drawn once.
    private static let smallestDifference = 0.05

    /// True and predicted classes, all seeds together, of the first row and of those that differ from all that
    /// are drawn.
    var confusionFigures: [Figure] {
        [StageKind.probe, .finetune].flatMap { kind -> [Figure] in
            var drawn: [(row: Int, counts: [[Int]], alike: [Int])] = []
            for row in featured {
                let found = predictions(ofRow: row, kind).flatMap { $0 }
                guard let counts = Self.confusion(found) else { continue }
                let same = drawn.firstIndex {
                    Self.difference($0.counts, counts) < Self.smallestDifference
                }
                if let same {
                    drawn[same].alike.append(row)
                } else {
                    drawn.append((row, counts, []))
                }
            }
            return drawn.map { figure(of: $0.counts, row: $0.row, alike: $0.alike, kind) }
        }
    }

    private func figure(
        of counts: [[Int]], row: Int, alike: [Int], _ kind: StageKind
    ) -> Figure {
        let names = EventFacts(sweep.facts).classNames
        let total = counts.reduce(0) { $0 + $1.reduce(0, +) }
        let others = alike.map { "“\(label(ofRow: $0))”" }.joined(separator: ", ")
        return Figure(
            identifier: identifier("confusion", kind.rawValue, String(row)),
            title: "\(title(kind.rawValue)), classes: \(label(ofRow: row))",
            caption: caption(
                "Rows: true classes, columns: predicted ones; \(Count.text(total, "prediction")) of all seeds. "
                    + "Shade: share of the row.",
                others.isEmpty
                    ? nil
                    : "The same but for less than 5 % of the predictions, not drawn: \(others).",
                selection),
            xLabel: "predicted", yLabel: "true",
            content: .confusion(
                labels: counts.indices.map { $0 < names.count ? names[$0] : "\($0)" },
                counts: counts))
    }

    /// The share of predictions that would have to be others to make one matrix the other.
    package static func difference(_ first: [[Int]], _ second: [[Int]]) -> Double {
        func share(_ counts: [[Int]], _ row: Int, _ column: Int, _ total: Int) -> Double {
            guard row < counts.count, column < counts.count else { return 0 }
            return Double(counts[row][column]) / Double(max(1, total))
        }
        let totals = [first, second].map { $0.reduce(0) { $0 + $1.reduce(0, +) } }
        let size = max(first.count, second.count)
        return (0..<size).reduce(0) { sum, row in
            (0..<size).reduce(sum) { sum, column in
                sum
                    + abs(
                        share(first, row, column, totals[0])
                            - share(second, row, column, totals[1])) / 2
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
