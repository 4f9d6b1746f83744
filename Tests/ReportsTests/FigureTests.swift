import Foundation
import Reports
import TestSupport
import Testing

@Suite("Figures")
struct FigureTests {
    private let folder = FileManager.default.temporaryDirectory
        .appending(path: "ablate-figure-tests-\(UUID().uuidString)")

    @Test("script and data of each kind", arguments: FigureExamples.all)
    func scripts(figure: Figure) throws {
        let gnuplot = GnuplotFigure()
        let script = gnuplot.script(
            for: figure, dataFile: "\(figure.identifier).dat",
            outputs: [
                (.svg, "\(figure.identifier).svg"), (.pdf, "\(figure.identifier).pdf"),
                (.columnPDF, "\(figure.identifier).column.pdf"),
            ])
        try expectSnapshot(script, "\(figure.identifier).gp")
        try expectSnapshot(gnuplot.data(for: figure), "\(figure.identifier).dat")
    }

    @Test(
        "gnuplot draws each kind as SVG and PDF, the same bytes each time",
        arguments: FigureExamples.all)
    func drawings(figure: Figure) throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = try FigureWriter.write(figure, to: folder)
        let name = figure.identifier
        #expect(
            files.map(\.lastPathComponent) == [
                "\(name).dat", "\(name).gp", "\(name).caption.tex", "\(name).svg", "\(name).pdf",
                "\(name).column.pdf",
            ])
        let first = try files.map { try Data(contentsOf: $0) }
        #expect(first[3].count > 2_000)
        #expect(first[4].starts(with: Data("%PDF".utf8)))
        try FigureWriter.write(figure, to: folder)
        #expect(try files.map { try Data(contentsOf: $0) } == first)
        // Nothing half-made stays behind.
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(left.sorted() == files.map(\.lastPathComponent).sorted())
    }

    @Test("in a column rows have room for the lines of their labels, and cells for their numbers")
    func column() throws {
        func script(_ content: Figure.Content) -> String {
            let figure = Figure(identifier: "x", title: "x", content: content)
            return GnuplotFigure().script(
                for: figure, dataFile: "x.dat", outputs: [(.columnPDF, "x.pdf")])
        }
        func centimetres(_ label: String) throws -> Double {
            let rows = (0..<15).map { _ in Figure.Difference(label: label, value: 1) }
            let text = script(.forest(rows, band: nil))
            let size = try #require(text.firstMatch(of: /size 8\.5cm,([0-9.]+)cm/))
            return try #require(Double(size.1))
        }
        // Type of 7 points: a line takes 2.9 mm.
        let long = try centimetres("RandomResizedCrop + ChannelDrop + ChannelSwap")
        #expect(long > 15 * 3 * 0.27 && long < 24)
        #expect(try centimetres("all") < long)
        func matrix(_ count: Int) -> String {
            script(
                .confusion(
                    labels: (0..<count).map(String.init),
                    counts: (0..<count).map { _ in Array(repeating: 100, count: count) }))
        }
        #expect(matrix(12).contains("with labels") && !matrix(21).contains("with labels"))
    }

    @Test(
        "no text of a drawing lies upon another, or beyond the page", arguments: FigureExamples.all)
    func texts(figure: Figure) throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = try FigureWriter.write(figure, to: folder, formats: [.svg])
        let svg = try String(contentsOf: #require(files.last), encoding: .utf8)
        #expect(DrawnText.all(in: svg).count > 4)
        #expect(DrawnText.faults(in: svg) == [])
    }

    @Test("long labels of rows and long titles have their lines, wherever they stand")
    func longTexts() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let label = "ChannelSwap + ChannelDrop + Mixup, temperature 0.05"
        let title =
            "Linear probe: accuracy against “none, temperature 0.2”, which is the baseline of all rows"
        let contents: [Figure.Content] = [
            .forest((0..<5).map { .init(label: "\(label), \($0)", value: Double($0)) }, band: nil),
            .bars((0..<5).map { .init(label: "\(label), \($0)", value: Double($0)) }),
            .grid(
                .init(
                    down: (0..<3).map { "\(label), \($0)" }, across: ["0.05", label],
                    values: Array(repeating: [1, 2], count: 3),
                    isMarked: Array(repeating: [true, false], count: 3))),
        ]
        for content in contents {
            let figure = Figure(
                identifier: "long", title: title, xLabel: "accuracy (%)", content: content)
            let files = try FigureWriter.write(figure, to: folder, formats: [.svg])
            let svg = try String(contentsOf: #require(files.last), encoding: .utf8)
            #expect(DrawnText.faults(in: svg) == [])
        }
    }

    @Test("a circle's rim is beyond its lines, and papers have captions in the place of titles")
    func rim() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        var figure = FigureExamples.circle
        figure.caption = "Mean over 50 % of the seeds."
        let files = try FigureWriter.write(figure, to: folder)
        let script = try String(contentsOf: files[1], encoding: .utf8)
        // The largest is 76: rings at 20, 40, 60 and 80, and nothing of the plot ends before.
        #expect(script.contains("circle at 0,0 size 80 "))
        #expect(script.contains("set xrange [-1.2*80:1.2*80]") && !script.contains("set polar"))
        #expect(!script.contains("set title"))
        #expect(
            script.hasPrefix("# Linear probe: error (°) by azimuth. Mean over 50 % of the seeds.\n")
        )
        let caption = try String(contentsOf: files[2], encoding: .utf8)
        #expect(
            caption
                == "Linear probe: error ($^\\circ$) by azimuth. Mean over 50 \\% of the seeds.\n")
        let png = GnuplotFigure().script(for: figure, dataFile: "x.dat", outputs: [(.png, "x.png")])
        #expect(png.contains("set title 'Linear probe: error"))
    }

    @Test("a matrix of classes has the scale of its shades beside it")
    func scale() {
        let script = GnuplotFigure().script(
            for: FigureExamples.confusion, dataFile: "x.dat", outputs: [(.columnPDF, "x.pdf")])
        #expect(script.contains("'100 %' at graph 1.075, graph 1 left"))
        // Beside the axes gnuplot draws what is not clipped alone.
        #expect(script.contains("to graph 1.06, graph 1 noclip fc rgb"))
    }

    @Test("a circle is closed: each line ends where it begins")
    func closedCircle() throws {
        let lines = GnuplotFigure().data(for: FigureExamples.circle).split(separator: "\n")
            .filter { !$0.hasPrefix("#") }
        #expect(lines.count == 13 && lines.first == lines.last)
    }

    @Test("histograms have the vertical scale that they are given")
    func sharedScale() {
        var figure = FigureExamples.histograms
        func script() -> String {
            GnuplotFigure().script(for: figure, dataFile: "x.dat", outputs: [(.svg, "x.svg")])
        }
        #expect(script().contains("set yrange [0:*]"))
        figure.bounds = 0...4.5
        #expect(script().contains("set yrange [0:4.5]"))
    }

    @Test("an awkward label reaches the SVG as text, not as markup or as a command")
    func awkwardLabel() throws {
        let svg = try FigureWriter.inlineSVG(FigureExamples.bars)
        #expect(svg.contains("50% &lt;b>&amp;_$"))
        #expect(!svg.contains("<b>"))
        #expect(svg.contains("all 'four'") || svg.contains("all &apos;four&apos;"))
        let document = XMLCounter()
        #expect(document.elements(in: svg) > 10)
    }

    @Test("an inline drawing takes the ink of the page")
    func ink() throws {
        for figure in FigureExamples.all {
            let svg = try FigureWriter.inlineSVG(figure)
            #expect(svg.hasPrefix("<svg role=\"img\" aria-label=\"\(figure.title)\""))
            for black in ["'black'", "\"black\""] {
                #expect(!svg.contains(black), "\(figure.identifier)")
            }
            #expect(!svg.contains("GNUPLOT") && !svg.contains(" color='white'"))
        }
    }

    @Test("a comparison table becomes one figure of bars a metric, with intervals")
    func fromTable() throws {
        let figures = Figure.bars(from: ComparisonTable.make(from: Examples.troubled))
        #expect(
            figures.map(\.identifier) == [
                "quickstart-probe_accuracy", "quickstart-probe_error",
                "quickstart-tuned_accuracy", "quickstart-tuned_error",
            ])
        guard case .bars(let bars) = figures[0].content else {
            Issue.record("no bars")
            return
        }
        #expect(bars.map(\.label) == ["none", "ChannelSwap + Mixup", "- Mixup", "raw features"])
        #expect(bars.map(\.isReference) == [false, false, false, true])
        #expect((bars[0].lower ?? 0) < bars[0].value && bars[0].value < (bars[0].upper ?? 0))
        #expect(bars[3].lower == nil)
        #expect(
            figures[1].caption
                == "Mean over seeds with Student's 95 % interval. Lower is better. A dot a seed. "
                + "References in grey. Intervals that reach beyond what is possible are cut.")
    }

    @Test("a figure without a number is refused with the remedy")
    func empty() {
        let figure = Figure(
            identifier: "nothing", title: "", content: .bars([.init(label: "a", value: .nan)]))
        #expect(throws: ReportsError.figureEmpty("nothing")) {
            try FigureWriter.write(figure, to: folder)
        }
    }

    @Test("file names hold nothing but letters, digits, hyphens and underscores")
    func fileNames() {
        #expect(FigureWriter.fileName("../a b/ü_1") == "---a-b--_1")
        #expect(FigureWriter.fileName("") == "figure")
    }

    @Test("a folder that cannot be written is named")
    func unwritable() {
        let target = URL(filePath: "/proc/ablate/figure")
        #expect {
            try FigureWriter.write(FigureExamples.bars, to: target)
        } throws: { error in
            guard case .unwritable(let path, reason: _) = error as? ReportsError else {
                return false
            }
            return path.hasPrefix("/proc/ablate/figure")
        }
    }
}

@Suite("Errors of reports")
struct ReportsErrorTests {
    @Test("each message says what, which value, and what to do")
    func messages() {
        #expect(
            ReportsError.gnuplotMissing.description
                == "gnuplot is not on the PATH, so no figure can be drawn; install it "
                + "(Debian: apt-get install gnuplot-nox)")
        #expect(
            ReportsError.gnuplotFailed(figure: "bars", message: "line 3: oops").description
                == "gnuplot could not draw the figure 'bars': line 3: oops; run its script by hand "
                + "to see where")
        #expect(
            ReportsError.figureEmpty("bars").description
                == "the figure 'bars' has no finite value to draw; run the trials that it needs "
                + "first")
        #expect(
            ReportsError.unwritable(path: "/x", reason: "No space left on device").description
                == "'/x' could not be written: No space left on device; choose another folder or "
                + "free some room")
    }
}
