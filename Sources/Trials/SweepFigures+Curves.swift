import Reports
import ResultsStore

extension SweepFigures {
    /// Losses by step, a curve a seed.
    var lossFigures: [Figure] {
        [
            (StageKind.pretrain, "pretrain_loss", "Contrastive loss"),
            (.finetune, "finetune_loss", "Loss of fine-tuning"),
        ].map { kind, curve, title in
            let series = featured.flatMap { row in
                stages(ofRow: row, kind).compactMap { _, stage -> Figure.Series? in
                    guard let points = stage.curves[curve] else { return nil }
                    return Figure.Series(
                        label: label(ofRow: row),
                        points: points.map { Figure.Point(x: Double($0.step), y: $0.value) })
                }
            }
            return Figure(
                identifier: identifier(curve), title: title,
                caption: caption(
                    "One curve a seed, seeds of a configuration in one colour.", selection),
                xLabel: "step", yLabel: "loss", content: .curves(series))
        }
    }

    /// More configurations than this have no figure each.
    private static let maximumSimilarityFigures = 16

    /// How similar the two views of a recording are, and those of different recordings; one figure a
    /// configuration.
    var similarityFigures: [Figure] {
        let rows = Set(trials.map(\.row)).sorted()
        let isWhole = rows.count <= Self.maximumSimilarityFigures
        return (isWhole ? rows : featured).map { row in
            let found = stages(ofRow: row, .pretrain)
            let histograms = ["positive", "negative"].compactMap { name -> Figure.Histogram? in
                let curves = found.compactMap { $0.stage.curves["\(name)_similarity"] }
                guard let bins = curves.first?.count, bins > 0,
                    curves.allSatisfy({ $0.count == bins })
                else { return nil }
                let edges = (0...bins).map { 2 * Double($0) / Double(bins) - 1 }
                let shares = (0..<bins).map { bin in curves.reduce(0) { $0 + $1[bin].value } }
                return Figure.Histogram(
                    label: "\(name) pairs", edges: edges,
                    counts: shares.map { $0 / Double(curves.count) })
            }
            let label = label(ofRow: row)
            return Figure(
                identifier: identifier("similarity", String(row)),
                title: "Similarity of pairs: \(label)",
                caption: caption(
                    isWhole ? nil : selection,
                    "Positive pairs: two views of one recording; negative pairs: views of two. "
                        + "Mean over \(found.count == 1 ? "1 seed" : "\(found.count) seeds")."),
                xLabel: "cosine similarity of projected views", yLabel: "density",
                content: .histograms(histograms))
        }
    }
}
