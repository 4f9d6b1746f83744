import Analysis
import Platform
import Reports
import ResultsStore
import Studies
import Sweeps

/// What a report of MC-SimCLR draws beside the bars of its table.
extension SweepFigures {
    private static let axes = [
        ParameterAxis(key: "rt60", label: "reverberation time of the training rooms (s)"),
        ParameterAxis(key: "evaluation_rt60", label: "reverberation time of the test rooms (s)"),
        ParameterAxis(key: "microphones", label: "microphones"),
        ParameterAxis(key: "snr_db", label: "signal to noise (dB)"),
        ParameterAxis(key: "label_fraction", label: "share of the labels", isLogarithmic: true),
        ParameterAxis(
            key: "labels_per_class", label: "labelled clips of each class", isLogarithmic: true,
            beyond: "all"),
        ParameterAxis(
            key: "pretraining_steps", label: "steps of pretraining", isLogarithmic: true),
        ParameterAxis(key: "temperature", label: "temperature", isLogarithmic: true),
        ParameterAxis(key: "batch_size", label: "batch size", isLogarithmic: true),
        ParameterAxis(key: "channel_drop_probability", label: "probability of ChannelDrop"),
        ParameterAxis(key: "gcc_weight", label: "weight of the GCC maps"),
    ]

    /// In the order of a report.
    var drawingsOfEvents: [Figure] {
        Self.axes.flatMap { axis in
            figures(by: axis, of: ["error", "accuracy"])
                + (varies(axis) && StageKind.pretrain.settings.contains(axis.key)
                    ? [similarity(axis)] : [])
        } + azimuthFigures + confusionFigures + similarityFigures + lossFigures
    }

    private var lossFigures: [Figure] {
        [
            curves(
                "pretrain_loss", ofStage: "pretrain", title: "Contrastive loss", yLabel: "loss"),
            curves(
                "finetune_loss", ofStage: "finetune", title: "Loss of fine-tuning", yLabel: "loss"),
        ]
    }

    /// The mean similarity of pairs against a parameter.
    private func similarity(_ axis: ParameterAxis) -> Figure {
        let pairs = ["positive", "negative"].flatMap { name in
            series(axis, metric: "\(name)_similarity") {
                varied($0, ofStage: StageKind.pretrain.rawValue)
            }.map { one in
                Figure.Series(
                    label: "\(name) pairs" + (one.label.isEmpty ? "" : ", \(one.label)"),
                    points: one.points)
            }
        }
        var figure = Figure(
            identifier: identifier(axis.key, "similarity"),
            title: "Similarity of pairs by \(axis.label)",
            caption: caption(axis), xLabel: axis.label,
            yLabel: "cosine similarity of projected views", hasLogarithmicX: axis.isLogarithmic,
            bounds: -1...1, content: .points(pairs))
        figure.noteCutIntervals()
        return figure
    }

    /// More configurations than this have no figure each.
    private static let maximumSimilarityFigures = 16

    /// How similar the two views of a recording are, and those of different recordings; one figure a
    /// configuration.
    private var similarityFigures: [Figure] {
        let rows = Set(trials.map(\.row)).sorted()
        let isWhole = rows.count <= Self.maximumSimilarityFigures
        let figures = (isWhole ? rows : featured).map { row in
            let found = stages(ofRow: row, StageKind.pretrain.rawValue)
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
                    "Positive pairs: two views of one recording; negative pairs: views of two.",
                    isOfOneTrial
                        ? nil : "Mean over \(Count.text(found.count, "seed"))."
                ),
                xLabel: "cosine similarity of projected views", yLabel: "density",
                content: .histograms(histograms))
        }
        return Self.onOneScale(figures)
    }

    /// Histograms that stand beside each other have one scale, or the eye compares what is not alike.
    private static func onOneScale(_ figures: [Figure]) -> [Figure] {
        let highest =
            figures.flatMap { figure -> [Double] in
                guard case .histograms(let histograms) = figure.content else { return [] }
                return histograms.flatMap(\.densities)
            }.max() ?? 0
        guard highest > 0 else { return figures }
        return figures.map { figure in
            var figure = figure
            figure.bounds = 0...highest * 1.05
            return figure
        }
    }
}
