public import Foundation

extension FigureWriter {
    /// Draws panels into a file, whole or not at all; the ending of its name says the format.
    ///
    /// The same figure gives the same bytes.
    /// - Throws: ``ReportsError``.
    public static func write(_ figure: PanelFigure, to file: URL) throws {
        guard let format = GnuplotFigure.Format(rawValue: file.pathExtension.lowercased()) else {
            throw ReportsError.figureFormat(file.path)
        }
        let workplace = FileManager.default.temporaryDirectory
            .appending(path: "ablate-figure-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: workplace) }
        let drawing = "figure.\(format.rawValue)"
        let script = GnuplotPanels(figure).script(format, output: drawing)
        try AtomicFile.write(script, to: workplace.appending(path: "figure.gp"))
        try run("figure.gp", in: workplace, figure: file.lastPathComponent)
        guard var content = try? Data(contentsOf: workplace.appending(path: drawing)) else {
            throw ReportsError.gnuplotFailed(
                figure: file.lastPathComponent, message: "it wrote no \(drawing)")
        }
        if format == .pdf { content = withFixedDate(content) }
        try AtomicFile.write(content, to: file)
    }
}
