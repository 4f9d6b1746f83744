import Foundation
import Reports
import Testing

private let compiler = [
    "/usr/bin/pdflatex", "/usr/local/bin/pdflatex", "/Library/TeX/texbin/pdflatex",
].first { FileManager.default.isExecutableFile(atPath: $0) }

@Suite("LaTeX compiles", .enabled(if: compiler != nil, "needs pdflatex"))
struct LaTeXCompilationTests {
    @Test(
        "the document of a table compiles by itself: awkward labels, wide tables, marks and verdicts"
    )
    func compiles() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "ablate-latex-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        // Differences of four metrics: too wide for a line.
        var wide = Examples.paired
        wide.metrics = Examples.metrics
        var long = Examples.troubled
        long.configurations += (0..<60).map { number in
            .init(
                label: "− Mixup ≤ \(number) → τ, ChannelSwap + RandomResizedCrop",
                trials: [Examples.trial(0, 0.5, 20)])
        }
        let inputs = [Examples.troubled, Examples.paired, wide, long]
        let verdicts = [Examples.paired, wide].map { VerdictTable.make(from: $0) }
        for var table in inputs.map({ ComparisonTable.make(from: $0) }) + verdicts {
            table.notes.append("'ablate table x --tuned'")
            table.rows[0].cells[0].isBest = true
            table.rows[0].label = "[3] *x \\input{y} é τ 猫 \u{202E}" + Examples.awkward
            try AtomicFile.write(
                LaTeXTable(isDocument: true).text(of: table), to: folder.appending(path: "t.tex"))
            let process = Process()
            process.executableURL = URL(filePath: compiler ?? "")
            process.arguments = ["-interaction=nonstopmode", "-halt-on-error", "t.tex"]
            process.currentDirectoryURL = folder
            process.standardOutput = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            let log = try String(contentsOf: folder.appending(path: "t.log"), encoding: .isoLatin1)
            #expect(process.terminationStatus == 0, "\(log.suffix(2_000))")
            #expect(!log.contains("Overfull \\hbox"), "\(log.suffix(2_000))")
        }
    }
}
