public import Reports
import ResultsStore

extension SweepFigures {
    /// Every curve that stages have left, a drawing a curve.
    public var curveFigures: [Figure] {
        study.stages.flatMap { stage -> [Figure] in
            let names = Set(
                featured.flatMap { row in
                    stages(ofRow: row, stage.name).flatMap { $0.stage.curves.keys }
                })
            return names.sorted().map { name in
                let words = name.replacing("_", with: " ")
                return curves(name, ofStage: stage.name, title: words, yLabel: words)
            }
        }
    }

    /// One curve of a stage by step, a line a seed.
    public func curves(
        _ name: String, ofStage stage: String, title: String, yLabel: String
    ) -> Figure {
        let series = featured.flatMap { row in
            stages(ofRow: row, stage).compactMap { _, stage -> Figure.Series? in
                guard let points = stage.curves[name] else { return nil }
                return Figure.Series(
                    label: label(ofRow: row),
                    points: points.map { Figure.Point(x: Double($0.step), y: $0.value) })
            }
        }
        return Figure(
            identifier: identifier(name), title: title,
            caption: caption(
                isOfOneTrial ? nil : "One curve a seed, seeds of a configuration in one colour.",
                selection),
            xLabel: "step", yLabel: yLabel, content: .curves(series))
    }
}
