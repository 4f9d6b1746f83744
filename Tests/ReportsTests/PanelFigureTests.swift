import Foundation
import Reports
import TestSupport
import Testing

@Suite("Panels")
struct PanelFigureTests {
    private let folder = FileManager.default.temporaryDirectory
        .appending(path: "ablate-panel-tests-\(UUID().uuidString)")

    /// One of each layer.
    private let figure = PanelFigure(
        width: 300, height: 200,
        panels: [
            Panel(
                "Room 'a', 50 % `x`", frame: .init(x: 50, y: 30, width: 100, height: 100),
                xAxis: .init("x (m)", 0...4, step: 1), yAxis: .init("y (m)", 0...4, ticks: []),
                hasGrid: true,
                layers: [
                    .line(
                        [SIMD2(0, 0), SIMD2(4, 4)], Panel.Stroke(.orange, width: 2, dash: .dotted)),
                    .area([SIMD2(0, 1), SIMD2(4, 2)], level: 0, colour: .pale),
                    .points([SIMD2(1, 3)], diameter: 8, colour: .blue),
                    .arrow(from: SIMD2(1, 1), to: SIMD2(2, 1), Panel.Stroke(.ink)),
                    .text("it's here", at: SIMD2(2, 2), .left, colour: .green),
                ]),
            Panel(
                "Map", frame: .init(x: 170, y: 30, width: 80, height: 100),
                xAxis: .init("", 0...1, isNumbered: false),
                yAxis: .init("Frequency (kHz)", -0.5...1.5, ticks: [.init("50 %", at: 0)]),
                layers: [
                    .map(
                        .init(
                            values: [0, 1, 2, .nan, 4, 5], columns: 3, x: 0...1, y: 0...1,
                            range: 0...5, palette: .viridis,
                            bar: .init(
                                "dB", frame: .init(x: 260, y: 30, width: 8, height: 100))))
                ]),
        ])

    @Test("the script holds every layer, with its data, at its place on the page")
    func script() throws {
        try expectSnapshot(
            GnuplotPanels(figure).script(.svg, output: "panels.svg"), "panels.gp")
    }

    @Test("each format is drawn by the ending of the file's name, the same bytes each time")
    func formats() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let signatures = ["svg": "<?xml", "pdf": "%PDF", "png": "\u{89}PNG", "SVG": "<?xml"]
        for (ending, signature) in signatures {
            let file = folder.appending(path: "drawing.\(ending)")
            try FigureWriter.write(figure, to: file)
            let content = try Data(contentsOf: file)
            #expect(
                content.starts(with: signature.unicodeScalars.map { UInt8($0.value) }), "\(ending)")
            try FigureWriter.write(figure, to: file)
            #expect(try Data(contentsOf: file) == content)
        }
    }

    @Test("an unknown ending is refused with those that are known")
    func unknownFormat() throws {
        #expect(throws: ReportsError.figureFormat("/tmp/drawing.tiff")) {
            try FigureWriter.write(figure, to: URL(filePath: "/tmp/drawing.tiff"))
        }
        #expect(
            ReportsError.figureFormat("/tmp/a.tiff").description
                == "'/tmp/a.tiff' has no ending that names a format of drawings; give one of .svg, "
                + ".pdf, .png")
    }
}
