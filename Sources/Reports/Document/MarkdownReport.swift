/// A report's text and tables as one Markdown page, to be read on a forge or kept beside a paper.
///
/// Figures and single trials are left to ``HTMLReport``.
public struct MarkdownReport: Sendable {
    public init() {}

    /// The page; the same document gives the same bytes.
    public func text(of document: ReportDocument) -> String {
        var blocks = ["# \(MarkdownTable.escape(document.title))"]
        if !document.question.isEmpty { blocks.append(MarkdownTable.escape(document.question)) }
        if !document.provenance.isEmpty {
            blocks.append(document.provenance.map(line).joined(separator: "\n"))
        }
        if !document.summary.isEmpty {
            blocks.append(
                document.summary.map { "- " + MarkdownTable.escape($0) }.joined(separator: "\n"))
        }
        blocks += document.findings.map { finding in
            "**\(MarkdownTable.escape(finding.row))**: "
                + MarkdownTable.escape(finding.signature.sentence)
        }
        for table in document.tables {
            // The heading says it; the table need not say it again.
            var body = table
            body.title = ""
            let text = MarkdownTable().text(of: body).trimmingSuffix { $0.isNewline }
            blocks.append("## \(MarkdownTable.escape(table.title))\n\n\(text)")
        }
        return blocks.joined(separator: "\n\n") + "\n"
    }

    /// Commands are set as code: a reader copies them.
    private func line(_ fact: ReportDocument.Fact) -> String {
        let value = PlainText.oneLine(fact.value)
        let isCode = fact.name == "command" && !value.contains("`")
        return "- \(MarkdownTable.escape(fact.name)): "
            + (isCode ? "`\(value)`" : MarkdownTable.escape(value))
    }
}

extension String {
    fileprivate func trimmingSuffix(while predicate: (Character) -> Bool) -> String {
        var text = self[...]
        while let last = text.last, predicate(last) { text.removeLast() }
        return String(text)
    }
}
