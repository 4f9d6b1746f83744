public import Foundation
import Platform

/// Writes figures as files: data, script and drawings side by side.
public enum FigureWriter {
    /// Writes `NAME.dat`, `NAME.gp`, `NAME.caption.tex` and a drawing a format into `folder`, named after the figure.
    ///
    /// The same figure gives the same bytes, PDF included (its date is set to a fixed one).
    /// - Returns: the files written: data, script, caption, drawings.
    /// - Throws: ``ReportsError``.
    @discardableResult
    public static func write(
        _ figure: Figure, to folder: URL, using gnuplot: GnuplotFigure = GnuplotFigure(),
        formats: [GnuplotFigure.Format] = [.svg, .pdf, .columnPDF]
    ) throws -> [URL] {
        let name = fileName(figure.identifier)
        guard !figure.isEmpty else { throw ReportsError.figureEmpty(figure.identifier) }
        // Everything is made in a folder of its own and moved when whole.
        let workplace = folder.appending(path: ".\(name).tmp")
        let manager = FileManager.default
        try? manager.removeItem(at: workplace)
        do {
            try manager.createDirectory(at: workplace, withIntermediateDirectories: true)
        } catch {
            throw ReportsError.unwritable(path: workplace.path, reason: "\(error)")
        }
        defer { try? manager.removeItem(at: workplace) }
        let drawings = formats.map { (format: $0, file: "\(name).\($0.rawValue)") }
        let script = gnuplot.script(for: figure, dataFile: "\(name).dat", outputs: drawings)
        try AtomicFile.write(
            gnuplot.data(for: figure), to: workplace.appending(path: "\(name).dat"))
        try AtomicFile.write(script, to: workplace.appending(path: "\(name).gp"))
        try AtomicFile.write(
            LaTeXText.escape(figure.heading) + "\n",
            to: workplace.appending(path: "\(name).caption.tex"))
        try run("\(name).gp", in: workplace, figure: figure.identifier)
        var files: [URL] = []
        for file in ["\(name).dat", "\(name).gp", "\(name).caption.tex"] + drawings.map(\.file) {
            let made = workplace.appending(path: file)
            let target = folder.appending(path: file)
            do {
                var content = try Data(contentsOf: made)
                if file.hasSuffix(".pdf") { content = withFixedDate(content) }
                try AtomicFile.write(content, to: target)
            } catch let error as ReportsError {
                throw error
            } catch {
                throw ReportsError.gnuplotFailed(
                    figure: figure.identifier, message: "it wrote no \(file)")
            }
            files.append(target)
        }
        return files
    }

    /// The drawing as SVG text, for a page: its ink takes the colour of the text around it.
    public static func inlineSVG(
        _ figure: Figure, using gnuplot: GnuplotFigure = GnuplotFigure()
    ) throws -> String {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "ablate-figure-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = try write(figure, to: folder, using: gnuplot, formats: [.svg])
        return try inlineSVG(figure, from: files.last)
    }

    /// The same from the file that ``write(_:to:using:formats:)`` has drawn, without drawing again.
    public static func inlineSVG(_ figure: Figure, from file: URL?) throws(ReportsError) -> String {
        guard let file, let text = try? String(contentsOf: file, encoding: .utf8) else {
            throw ReportsError.gnuplotFailed(figure: figure.identifier, message: "it wrote no SVG")
        }
        return InlineSVG.adapted(text, label: figure.title)
    }

    /// Letters, digits, hyphens and underscores; nothing else belongs into a file name.
    public static func fileName(_ identifier: String) -> String {
        let name = String(
            identifier.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") ? $0 : "-" })
        return name.isEmpty ? "figure" : name
    }

    static func run(_ script: String, in folder: URL, figure: String) throws {
        guard let program = ExecutablePath.find("gnuplot") else {
            throw ReportsError.gnuplotMissing
        }
        // Numbers and letters must not depend on the user's language.
        var environment = ProcessInfo.processInfo.environment
        environment["LC_ALL"] = "C.UTF-8"
        let outcome: ChildProcess.Outcome
        do {
            outcome = try ChildProcess.run(
                program, [script], in: folder, environment: environment)
        } catch {
            throw ReportsError.gnuplotFailed(figure: figure, message: "\(error)")
        }
        guard outcome.code == 0 else {
            let message = PlainText.oneLine(outcome.message).trimmingCharacters(in: .whitespaces)
            throw ReportsError.gnuplotFailed(figure: figure, message: message)
        }
    }

    /// The drawing's date in a PDF replaced by one of the same length.
    static func withFixedDate(_ pdf: Data) -> Data {
        var pdf = pdf
        let key = Data("/CreationDate (D:".utf8)
        if let found = pdf.range(of: key), found.upperBound + 14 <= pdf.endIndex {
            pdf.replaceSubrange(
                found.upperBound..<found.upperBound + 14, with: Data("20000101000000".utf8))
        }
        return pdf
    }
}
