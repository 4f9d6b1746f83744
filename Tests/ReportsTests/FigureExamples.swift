import Reports

enum FigureExamples {
    static let bars = Figure(
        identifier: "bars", title: "Linear probe: accuracy", xLabel: "accuracy (%)",
        content: .bars([
            .init(label: "none", value: 52.2, lower: 50.3, upper: 54.1),
            .init(label: "all 'four'", value: 60.1, lower: 57, upper: 63.2),
            .init(label: Examples.awkward, value: 55),
            .init(label: "random encoder", value: 50, lower: 49.9, upper: 50.1, isReference: true),
        ]))

    static let curves = Figure(
        identifier: "curves", title: "Contrastive loss", xLabel: "step", yLabel: "loss",
        content: .curves(
            [("none", 0.0), ("none", 0.1), ("all", 0.6), ("all", 0.7)].map { label, offset in
                .init(
                    label: label,
                    points: (1...40).map { step in
                        .init(x: Double(step) * 5, y: 4 / Double(step).squareRoot() + offset)
                    })
            }))

    static let points = Figure(
        identifier: "points", title: "Error against reverberation", xLabel: "RT60 (s)",
        yLabel: "error (°)", hasLogarithmicX: true,
        content: .points([
            .init(
                label: "all",
                points: [(0.1, 8.0), (0.3, 11), (0.6, 15), (1, 22)].map {
                    .init(x: $0.0, y: $0.1, lower: $0.1 - 1.5, upper: $0.1 + 2)
                }),
            .init(
                label: "none",
                points: [(0.1, 12.0), (0.3, 17), (0.6, 25), (1, .nan)].map {
                    .init(x: $0.0, y: $0.1)
                }),
        ]))

    static let circle = Figure(
        identifier: "circle", title: "Linear probe: error (°) by azimuth", xLabel: "azimuth (°)",
        yLabel: "error (°)",
        content: .circle([
            .init(
                label: "none",
                points: (1...12).map { .init(x: Double(30 * $0 - 180), y: 40 + 3 * Double($0)) })
        ]))

    private static let edges: [Double] = (0...20).map { -1 + Double($0) / 10 }
    private static let positive: [Double] = (0..<20).map { Double(max(0, $0 - 10) * 3) }
    private static let negative: [Double] = (0..<20).map { index in
        let distance = Double(index) - 9
        return max(0, 300 - 6 * distance * distance)
    }

    static let histograms = Figure(
        identifier: "histograms", title: "Cosine similarity", xLabel: "similarity",
        yLabel: "density",
        content: .histograms([
            .init(label: "positive pairs", edges: edges, counts: positive),
            .init(label: "negative pairs", edges: edges, counts: negative),
        ]))

    static let confusion = Figure(
        identifier: "confusion", title: "Confusion", xLabel: "predicted", yLabel: "true",
        content: .confusion(
            labels: ["Acoustic_guitar", "Bass_guitar", "50% <b>&_$", "Rain"],
            counts: [[12, 4, 0, 0], [3, 14, 1, 0], [0, 0, 0, 0], [0, 1, 2, 20]]))

    static let forest = Figure(
        identifier: "forest", title: "Linear probe: accuracy against “none”",
        xLabel: "difference of accuracy (%)",
        content: .forest(
            [
                .init(
                    label: "all 'four'", value: 3.1, lower: 1.9, upper: 4.3, tone: .better,
                    points: [2.8, 3.0, 3.6, 2.9, 3.2]),
                .init(
                    label: "ChannelSwap + RandomResizedCrop + ChannelDrop", value: -4, lower: -6,
                    upper: -2, tone: .worse, points: [-3, -5.5, -4, -3.5, -4]),
                .init(
                    label: "none + Mixup", value: 0.1, lower: -0.6, upper: 0.8, tone: .negligible,
                    points: [0.4, -0.2, 0.1, 0.3, -0.1]),
                .init(label: Examples.awkward, value: 1.5, points: [0, 3]),
            ], band: 1))

    static let grid = Figure(
        identifier: "grid", title: "Linear probe: error (°)", xLabel: "temperature",
        yLabel: "batch size",
        content: .grid(
            .init(
                down: ["32", "64", "128"], across: ["0.05", "0.1", "0.3"],
                values: [[21.5, 18.2, 30.1], [19, 15.8, nil], [18.7, 14.6, 27.3]],
                isMarked: [
                    [false, false, false], [false, true, false], [false, true, false],
                ], isDarkHigh: false)))

    static let dots = Figure(
        identifier: "dots", title: "Linear probe: accuracy", xLabel: "accuracy (%)",
        content: .bars([
            .init(label: "none", value: 52.2, lower: 50.3, upper: 54.1, points: [51, 52.4, 53.2]),
            .init(label: "random encoder", value: 50, isReference: true),
        ]))

    static let all = [bars, curves, points, circle, histograms, confusion, forest, grid, dots]
}
