import Analysis
import Foundation
import Reports
import Testing

@Suite("HTML report")
struct HTMLReportTests {
    static func document() throws -> ReportDocument {
        let table = ComparisonTable.make(from: Examples.troubled)
        let figures = [
            FigureExamples.bars, FigureExamples.curves, FigureExamples.points,
            FigureExamples.histograms, FigureExamples.confusion,
        ]
        let finding = FailureSignature.findings(
            .init(
                probeError: .init(
                    value: 89, reference: 46, interval: .init(lower: 40, upper: 46), pairs: 5)))
        return ReportDocument(
            title: "quickstart", question: "Which augmentation helps? \(Examples.awkward)",
            summary: ComparisonSummary.sentences(for: Examples.troubled),
            findings: finding.map { .init(row: Examples.awkward, signature: $0) },
            tables: [table, ComparisonTable.make(from: Examples.paired)],
            drawings: try figures.map { .init(figure: $0, svg: try FigureWriter.inlineSVG($0)) },
            trials: [
                .init(
                    label: "none", seed: 0, status: .finished,
                    digest: "0123456789abcdef0123456789abcdef",
                    metrics: [.init("probe accuracy", "52.0 %"), .init("seconds", "31.2")],
                    settings: [.init("augmentations", "[]"), .init("temperature", "0.1")]),
                .init(
                    label: Examples.awkward, seed: 1, status: .failed,
                    digest: "fedcba9876543210fedcba9876543210",
                    reason: "loss not finite <at> step 12"),
            ],
            provenance: [
                .init("command", "ablate run sweeps/quickstart.yaml"), .init("build", "1a2b3c"),
            ])
    }

    @Test("the page nests its elements, links only to itself, and asks nothing of any network")
    func selfContained() throws {
        let page = HTMLReport().text(of: try Self.document())
        let counter = XMLCounter(void: ["meta"])
        #expect(counter.elements(in: page.replacing("<!DOCTYPE html>", with: "")) > 200)
        for match in page.matches(of: #/(?:href|src)\s*=\s*["']([^"']*)["']/#) {
            #expect(match.1.hasPrefix("#"), "\(match.0)")
        }
        #expect(!page.contains("<script") && !page.contains("@import") && !page.contains("url("))
        #expect(page.contains("default-src 'none'"))
        for anchor in ["summary", "tables", "figures", "trials", "provenance"] {
            #expect(page.contains("id=\"\(anchor)\"") && page.contains("href=\"#\(anchor)\""))
        }
    }

    @Test("no text from outside becomes markup")
    func escaped() throws {
        let page = HTMLReport().text(of: try Self.document())
        #expect(!page.contains("<b>") && !page.contains("<at>"))
        #expect(page.contains("Which augmentation helps? 50% &lt;b&gt;&amp;_$"))
        #expect(page.contains("loss not finite &lt;at&gt; step 12"))
    }

    @Test("failed trials are open, the finding stands in the summary, light and dark are there")
    func content() throws {
        let page = HTMLReport().text(of: try Self.document())
        #expect(page.contains("<details class=\"trial\" open>"))
        #expect(
            page.contains(
                "Spatial features not learned: the probe&#39;s error is above the random "
                    + "encoder&#39;s (89.0° against 46.0°, +43.0 [+40.0, +46.0], 5 pairs)."))
        #expect(page.contains("prefers-color-scheme: dark") && page.contains("@media print"))
        #expect(page.contains("<li>Nothing is decided: of 12 differences from “none” none has"))
        let folder = ProcessInfo.processInfo.environment["ABLATE_REPORT_FOLDER"]
        if let folder {
            try AtomicFile.write(page, to: URL(filePath: folder).appending(path: "report.html"))
        }
    }

    @Test("an empty report is a page without sections")
    func empty() {
        let page = HTMLReport().text(of: ReportDocument(title: "nothing"))
        #expect(page.contains("<h1>nothing</h1>"))
        #expect(!page.contains("<section") && !page.contains("<nav"))
    }

    @Test("each failure has words of its own")
    func words() {
        let sentences = FailureSignature.Kind.allCases.map(\.meaning)
        #expect(Set(sentences).count == 4)
        let collapse = FailureSignature(
            kind: .collapse, deviations: [2: 0.0123], seedCount: 1)
        #expect(
            collapse.sentence
                == "Collapse, all inputs have nearly the same embedding in 1 of 1 seed (seed 2): "
                + "deviation at most 0.012, where 1 is spread over the sphere.")
    }
}
