/// A report as one self-contained page: no network, no scripts, light and dark as the reader's
/// system is, readable on a phone and on paper.
public struct HTMLReport: Sendable {
    public init() {}

    /// The page; the same document gives the same bytes.
    public func text(of document: ReportDocument) -> String {
        var page = ""
        render(document, to: &page)
        return page
    }

    /// Writes the page.
    public func render(_ document: ReportDocument, to stream: inout some TextOutputStream) {
        stream.write(
            """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" \
            content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="color-scheme" content="light dark">
            <title>\(HTMLText.escape(document.title))</title>
            <style>
            \(HTMLStyle.sheet)</style>
            </head>
            <body>
            <header>
            <h1>\(HTMLText.escape(document.title))</h1>

            """)
        if !document.question.isEmpty {
            stream.write("<p class=\"question\">\(HTMLText.escape(document.question))</p>\n")
        }
        writeContents(of: document, to: &stream)
        stream.write("</header>\n<main>\n")
        writeSummary(of: document, to: &stream)
        writeTables(of: document, to: &stream)
        writeFigures(of: document, to: &stream)
        writeTrials(of: document, to: &stream)
        writeProvenance(of: document, to: &stream)
        stream.write("</main>\n</body>\n</html>\n")
    }

    private func writeContents(of document: ReportDocument, to stream: inout some TextOutputStream)
    {
        let sections: [(String, String, Bool)] = [
            ("summary", "Summary", !document.summary.isEmpty || !document.findings.isEmpty),
            ("tables", "Tables", !document.tables.isEmpty),
            ("figures", "Figures", !(document.drawings.isEmpty && document.undrawn.isEmpty)),
            ("trials", "Trials", !document.trials.isEmpty),
            ("provenance", "Provenance", !document.provenance.isEmpty),
        ]
        let links = sections.filter(\.2).map { "<a href=\"#\($0.0)\">\($0.1)</a>" }
        guard links.count > 1 else { return }
        stream.write("<nav>\(links.joined(separator: " "))</nav>\n")
    }

    private func writeSummary(of document: ReportDocument, to stream: inout some TextOutputStream) {
        guard !document.summary.isEmpty || !document.findings.isEmpty else { return }
        stream.write("<section id=\"summary\">\n<h2>Summary</h2>\n")
        if !document.summary.isEmpty {
            stream.write("<ul>\n")
            for sentence in document.summary {
                stream.write("<li>\(HTMLText.escape(sentence))</li>\n")
            }
            stream.write("</ul>\n")
        }
        for finding in document.findings {
            stream.write(
                "<p class=\"finding\"><strong>\(HTMLText.escape(finding.row))</strong>: "
                    + "\(HTMLText.escape(finding.signature.sentence))</p>\n")
        }
        stream.write("</section>\n")
    }

    private func writeTables(of document: ReportDocument, to stream: inout some TextOutputStream) {
        guard !document.tables.isEmpty else { return }
        stream.write("<section id=\"tables\">\n<h2>Tables</h2>\n")
        for table in document.tables { HTMLTable().render(table, to: &stream) }
        stream.write("</section>\n")
    }

    private func writeFigures(of document: ReportDocument, to stream: inout some TextOutputStream) {
        guard !(document.drawings.isEmpty && document.undrawn.isEmpty) else { return }
        stream.write("<section id=\"figures\">\n<h2>Figures</h2>\n<div class=\"figures\">\n")
        for drawing in document.drawings {
            stream.write(
                "<figure class=\"drawing\">\n<div class=\"scroll\">\n\(drawing.svg)</div>\n")
            let caption = [drawing.figure.title + ".", drawing.figure.caption]
                .filter { $0.count > 1 }.joined(separator: " ")
            stream.write("<figcaption>\(HTMLText.escape(caption))</figcaption>\n</figure>\n")
        }
        stream.write("</div>\n")
        for figure in document.undrawn {
            let text = "\(figure.name): not drawn (\(figure.value))"
            stream.write("<p class=\"note\">\(HTMLText.escape(text))</p>\n")
        }
        stream.write("</section>\n")
    }

    private func writeTrials(of document: ReportDocument, to stream: inout some TextOutputStream) {
        guard !document.trials.isEmpty else { return }
        stream.write("<section id=\"trials\">\n<h2>Trials</h2>\n")
        for note in document.trialNotes {
            stream.write("<p class=\"note\">\(HTMLText.escape(note))</p>\n")
        }
        for trial in document.trials { write(trial, to: &stream) }
        stream.write("</section>\n")
    }

    private func write(_ trial: ReportDocument.Trial, to stream: inout some TextOutputStream) {
        let isFine = trial.status == .finished
        stream.write(
            "<details class=\"trial\"\(isFine ? "" : " open")><summary>"
                + "<span class=\"status \(trial.status.rawValue)\">\(trial.status.rawValue)</span> "
                + "\(HTMLText.escape(trial.label)), seed \(trial.seed) "
                + "<code>\(HTMLText.escape(String(trial.digest.prefix(12))))</code></summary>\n")
        if let reason = trial.reason {
            stream.write("<p class=\"reason\">\(HTMLText.escape(reason))</p>\n")
        }
        write([.init("digest", trial.digest)] + trial.metrics, to: &stream)
        if !trial.settings.isEmpty {
            stream.write("<h3>Settings</h3>\n")
            write(trial.settings, to: &stream)
        }
        stream.write("</details>\n")
    }

    private func writeProvenance(
        of document: ReportDocument, to stream: inout some TextOutputStream
    ) {
        guard !document.provenance.isEmpty else { return }
        stream.write("<section id=\"provenance\">\n<h2>Provenance</h2>\n")
        write(document.provenance, to: &stream)
        stream.write("</section>\n")
    }

    private func write(_ facts: [ReportDocument.Fact], to stream: inout some TextOutputStream) {
        stream.write("<dl>\n")
        for fact in facts {
            stream.write(
                "<div><dt>\(HTMLText.escape(fact.name))</dt>"
                    + "<dd>\(HTMLText.escape(fact.value))</dd></div>\n")
        }
        stream.write("</dl>\n")
    }
}
