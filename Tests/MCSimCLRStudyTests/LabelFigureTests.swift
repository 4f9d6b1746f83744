import Foundation
import MCSimCLRStudy
import Reports
import Studies
import TestSupport
import Testing

@Suite("Figures by the number of labels")
struct LabelFigureTests {
    @Test("all labels stand behind the largest number, with their word in the place of a number")
    func allLabels() throws {
        let folder = try TemporaryFolder()
        let sweep = try StoredSweep(
            in: folder.url,
            text: """
                name: written
                data: {source: builtin, clips: 400, classes: 4}
                base: {encoder: {channels: [8, 8, 8], recurrent_units: 8}, batch_size: 8}
                parameters: {labels_per_class: [1, 4, all]}
                seeds: [0, 1, 2]
                evaluation: [probe]
                metrics: [error]
                """)
        let figures = try SweepFigures("written", from: sweep.store.read).ofStages
        let figure = try #require(
            figures.first { $0.identifier.hasSuffix("labels_per_class-probe_error") })
        #expect(figure.xWord == Figure.Word(x: 16, text: "all"))
        guard case .points(let series) = figure.content else { throw CancellationError() }
        // Errors fall by two degrees from row to row.
        #expect(series[0].points.map(\.x) == [1, 4, 16])
        #expect(series[0].points.map(\.y) == [21, 19, 17])
        #expect(figure.caption.contains("“all” stands behind the largest number."))
        let script = GnuplotFigure().script(
            for: figure, dataFile: "x.dat", outputs: [(.svg, "x.svg")])
        #expect(script.contains("set xtics ('1' 1, '4' 4, 'all' 16)"), "\(script)")
    }
}
